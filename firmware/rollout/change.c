#include "rollout/change.h"

/* A generation tells no spec from another when the size is all that changed in it. */
static bool new_generation(const struct row_before *before, const struct row *row)
{
    return row->generation != before->generation && row->spec == before->spec;
}

static bool new_reason(const struct row_before *before, const struct row *row)
{
    bool begins = row->reason == REASON_NEW_REPLICA_SET_CREATED ||
                  row->reason == REASON_FOUND_NEW_REPLICA_SET;
    return begins && row->reason != before->reason;
}

/* A StatefulSet's template has a name; other kinds' must be told from what is around it. */
static bool is_renewed(const struct row_before *before, const struct row *row)
{
    if (row->update_revision != 0 && before->revision != 0)
        return row->update_revision != before->revision;
    return new_generation(before, row) || new_reason(before, row);
}

static int64_t between(int64_t low, int64_t value, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/*
 * What a change of size creates or removes comes with it or later; until then the size is owed to
 * `updated`.
 */
static int64_t follow_size(struct row_before *before, const struct row *row)
{
    int64_t rise = row->updated - before->updated;
    before->owed += row->spec - before->spec;
    int64_t created =
        before->owed > 0 ? between(0, rise, before->owed) : between(before->owed, rise, 0);
    before->owed -= created;
    return created;
}

struct change change_take(struct workload_memory *memory, const struct row *row)
{
    struct row_before *before = &memory->before;
    struct change change = {.fresh = true};
    if (before->taken) {
        change.created = follow_size(before, row);
        change.renewed = is_renewed(before, row);
        change.fresh = change.renewed || new_generation(before, row) ||
                       row->phase != before->phase ||
                       row->updated - before->updated < change.created;
    }
    *before = (struct row_before){.taken = true,
                                  .owed = change.fresh ? 0 : before->owed,
                                  .generation = row->generation,
                                  .spec = row->spec,
                                  .updated = row->updated,
                                  .reason = row->reason,
                                  .phase = row->phase,
                                  .revision = row->update_revision};
    return change;
}
