#include "rollout/rollout.h"

#include "base/text.h"
#include "rollout/batch.h"
#include "rollout/members.h"
#include "rollout/ratio.h"

struct slice {
    const struct row *rows;
    size_t count;
};

/* The first row of `selection` or a later one. */
static size_t lower_bound(const struct answer *answer, size_t selection)
{
    size_t low = 0;
    size_t high = answer->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (answer->rows[middle].selection < selection)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct slice slice_of(const struct answer *answer, size_t selection)
{
    size_t first = lower_bound(answer, selection);
    size_t end = first;
    while (end < answer->count && answer->rows[end].selection == selection)
        end++;
    return (struct slice){answer->count > 0 ? &answer->rows[first] : NULL, end - first};
}

/*
 * The rollout's verdict: of its only member, or the worst state of all over the progress of those
 * that move. Without any member: unknown, because of `empty`.
 */
static struct verdict verdict_of(struct rollout *rollout, enum why empty)
{
    bool open = batch_gather(rollout, BATCH_OWN);
    if (!open)
        batch_close(rollout, BATCH_OWN);
    rollout->worst = 0;
    for (size_t i = 1; i < rollout->count; i++)
        if (batch_is_worse(&rollout->workloads[i].verdict,
                           &rollout->workloads[rollout->worst].verdict))
            rollout->worst = i;

    struct verdict worst = verdict_unknown(rollout->dropped > 0 ? WHY_PARTIAL : empty);
    if (rollout->count == 1 && rollout->dropped == 0)
        return rollout->workloads[0].verdict;
    if (rollout->count > 0) {
        const struct verdict *member = &rollout->workloads[rollout->worst].verdict;
        bool hidden =
            rollout->dropped > 0 && state_severity(member->state) < state_severity(STATE_UNKNOWN);
        if (hidden)
            rollout->worst = rollout->count;
        else
            worst = *member;
    }
    struct tally tally = batch_tally();
    batch_add(&tally, rollout, BATCH_OWN, open);
    return batch_verdict(&tally, open, worst.state, worst.why);
}

static void conclude(struct rollout *rollout, enum why empty, int64_t now_ms)
{
    struct verdict verdict = verdict_of(rollout, empty);
    if (verdict.state != rollout->verdict.state)
        rollout->since_ms = now_ms;
    rollout->verdict = verdict;
}

void rollout_start(struct rollout *rollout, int64_t now_ms)
{
    rollout->count = 0;
    rollout->dropped = 0;
    rollout->verdict = verdict_unknown(WHY_NOT_ASKED);
    rollout->worst = 0;
    rollout->since_ms = now_ms;
    rollout->seen_ms = INT64_MIN;
}

bool rollout_expect(struct rollout *rollout, enum workload_kind kind, const char *namespace_,
                    const char *name)
{
    struct identity identity = {
        .key = {.kind = kind, .cluster = "", .namespace_ = namespace_, .name = name}};
    struct workload *member = members_find(rollout, rollout->count, &identity);
    if (member == NULL)
        member = members_add(rollout, &identity, rollout->since_ms);
    if (member == NULL)
        return false;
    member->named = true;
    members_sort(rollout);
    return true;
}

static void judge(struct rollout *rollout, struct workload *member, const struct sight *sight)
{
    struct verdict verdict = workload_judge(&member->memory, &rollout->limits, sight);
    members_take(rollout, member, &verdict, sight->now_ms);
}

static void begin(struct rollout *rollout)
{
    rollout->dropped = 0;
    for (size_t i = 0; i < rollout->count; i++)
        rollout->workloads[i].seen = false;
}

/* Of those that were not seen nothing is known now; `missing` says why. New ones find their place.
 */
static void end(struct rollout *rollout, enum sight_kind missing, size_t sorted, int64_t now_ms)
{
    const struct sight sight = {.kind = missing, .now_ms = now_ms};
    for (size_t i = 0; i < rollout->count; i++)
        if (!rollout->workloads[i].seen)
            judge(rollout, &rollout->workloads[i], &sight);
    if (rollout->count > sorted)
        members_sort(rollout);
    members_sweep(rollout);
    const enum why empty[] = {
        [SIGHT_ROWS] = WHY_PARTIAL,    [SIGHT_FETCH_FAILED] = WHY_FETCH,
        [SIGHT_NO_DATA] = WHY_NO_DATA, [SIGHT_ABSENT] = WHY_ABSENT,
        [SIGHT_PARTIAL] = WHY_PARTIAL,
    };
    conclude(rollout, empty[missing], now_ms);
}

void rollout_observe(struct rollout *rollout, const struct answer *answer, size_t selection,
                     int64_t now_ms)
{
    const struct slice slice = slice_of(answer, selection);
    begin(rollout);
    members_adopt(rollout, slice.rows, slice.count);
    const size_t sorted = rollout->count;
    int64_t oldest_ms = answer->eval_ms;
    for (size_t i = 0, length; i < slice.count; i += length) {
        length = members_group(&slice.rows[i], slice.count - i);
        const struct identity identity = {.key = slice.rows[i].key};
        struct workload *member = members_find(rollout, sorted, &identity);
        if (member == NULL)
            member = members_add(rollout, &identity, now_ms);
        if (member == NULL)
            continue;
        const struct sight sight = {.kind = SIGHT_ROWS,
                                    .rows = &slice.rows[i],
                                    .count = length,
                                    .eval_ms = answer->eval_ms,
                                    .now_ms = now_ms};
        judge(rollout, member, &sight);
        member->seen = true;
        if (member->memory.accepted && member->memory.sample_ms < oldest_ms)
            oldest_ms = member->memory.sample_ms;
    }
    if (slice.count > 0)
        rollout->seen_ms = now_ms - (answer->eval_ms - oldest_ms);
    bool alive = slice.count > 0 || answer->kind_alive[rollout->kind];
    enum sight_kind missing = alive ? SIGHT_ABSENT : SIGHT_NO_DATA;
    end(rollout, answer->partial ? SIGHT_PARTIAL : missing, sorted, now_ms);
}

void rollout_observe_ratio(struct rollout *rollout, const struct ratio_sample samples[],
                           size_t count, bool partial, int64_t now_ms)
{
    const size_t sorted = rollout->count;
    begin(rollout);
    for (size_t i = 0; i < count; i++) {
        char labels[WORKLOAD_NAME_SIZE];
        text_copy(labels, sizeof labels, samples[i].labels);
        const struct identity identity = {
            .key = {.kind = rollout->kind, .cluster = "", .namespace_ = "", .name = labels},
            .ratio_id = label_hash(samples[i].labels)};
        struct workload *member = members_find(rollout, sorted, &identity);
        if (member == NULL)
            member = members_add(rollout, &identity, now_ms);
        if (member == NULL)
            continue;
        struct verdict verdict = ratio_judge(member, &rollout->limits, samples[i].value, now_ms);
        members_take(rollout, member, &verdict, now_ms);
        member->units = RATIO_UNITS;
        member->seen = true;
    }
    if (count > 0)
        rollout->seen_ms = now_ms;
    end(rollout, partial ? SIGHT_PARTIAL : SIGHT_ABSENT, sorted, now_ms);
}

void rollout_observe_failure(struct rollout *rollout, int64_t now_ms)
{
    const struct sight sight = {.kind = SIGHT_FETCH_FAILED, .now_ms = now_ms};
    for (size_t i = 0; i < rollout->count; i++)
        judge(rollout, &rollout->workloads[i], &sight);
    conclude(rollout, WHY_FETCH, now_ms);
}

bool rollout_moves(const struct rollout *rollout)
{
    for (size_t i = 0; i < rollout->count; i++) {
        const struct verdict *verdict = &rollout->workloads[i].verdict;
        if (verdict->state == STATE_PROGRESSING || verdict->why == WHY_CONFIRMING ||
            verdict->why == WHY_LAGGING)
            return true;
    }
    return false;
}

bool rollout_misses(const struct rollout *rollout, const struct answer *answer, size_t selection)
{
    return !answer->partial && !answer->kind_alive[rollout->kind] &&
           slice_of(answer, selection).count == 0;
}
