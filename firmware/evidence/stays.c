#include "evidence/stays.h"

/* The rows of a source; 0: it is not counted. */
static int64_t rows_of(const struct counted *counted, uint64_t id)
{
    for (size_t i = 0; i < counted->count; i++)
        if (counted->list[i].id == id)
            return counted->list[i].rows;
    return 0;
}

static bool is_gone(const struct whole_source *known, const struct counted *counted)
{
    return rows_of(counted, known->id) <= 0;
}

/* What was counted, of one kind and cluster. */
struct part {
    enum workload_kind kind;
    uint64_t cluster;
    int64_t before, most;    /* rows of all of it, and of the source that had most */
    int64_t lost, heirs;     /* rows that are gone, and those that came in their place */
    bool fallen;             /* of those that are gone one is so for longer, and was missed */
    int64_t least;           /* of the sources that are gone: the fewest rows of one */
    size_t gone, successors; /* sources of these rows */
};

struct parts {
    struct part list[COUNTED_MAX];
    size_t count;
};

static uint64_t cluster_of(const struct source_ledger *ledger, uint64_t id)
{
    const struct source_record *record = source_find(ledger, id);
    return record == NULL ? 0 : record->cluster;
}

/* NULL: nothing of it was counted. */
static struct part *find_part(struct parts *parts, enum workload_kind kind, uint64_t cluster)
{
    for (size_t i = 0; i < parts->count; i++)
        if (parts->list[i].kind == kind && parts->list[i].cluster == cluster)
            return &parts->list[i];
    return NULL;
}

static void add_known(struct parts *parts, const struct whole_source *known,
                      const struct whole_sight *sight)
{
    const uint64_t cluster = cluster_of(sight->answer->ledger, known->id);
    struct part *part = find_part(parts, known->kind, cluster);
    if (part == NULL) {
        part = &parts->list[parts->count++];
        *part = (struct part){.kind = known->kind, .cluster = cluster};
    }
    part->before += known->rows;
    part->most = known->rows > part->most ? known->rows : part->most;
    if (!is_gone(known, sight->counted))
        return;
    part->least = part->gone == 0 || known->rows < part->least ? known->rows : part->least;
    part->lost += known->rows;
    part->fallen |= known->fallen;
    part->gone++;
}

static bool is_heir(const struct whole *whole, const struct whole_sight *sight,
                    const struct source_count *here)
{
    const struct source_ledger *ledger = sight->answer->ledger;
    bool heir = false;
    for (size_t i = 0; i < whole->count && !heir; i++)
        heir = whole->known[i].kind == here->kind &&
               source_succeeds(ledger, here->id, whole->known[i].id) &&
               is_gone(&whole->known[i], sight->counted);
    return heir;
}

/* What it took over: it had none of that before, or showed what others showed too. After the moment
   of the loss who was there before takes nothing over: what it has more was created. */
static int64_t taken_over(const struct whole *whole, const struct part *part,
                          const struct source_count *here)
{
    for (size_t i = 0; i < whole->count; i++)
        if (whole->known[i].id == here->id && here->rows > 0)
            return part->fallen ? 0 : here->rows - whole->known[i].rows + whole->known[i].doubled;
    return here->rows;
}

static void sum_up(const struct whole *whole, const struct whole_sight *sight, struct parts *parts)
{
    const struct counted *counted = sight->counted;
    parts->count = 0;
    for (size_t i = 0; i < whole->count; i++)
        add_known(parts, &whole->known[i], sight);
    for (size_t i = 0; i < counted->count; i++) {
        const struct source_count *here = &counted->list[i];
        const uint64_t cluster = cluster_of(sight->answer->ledger, here->id);
        struct part *part = find_part(parts, here->kind, cluster);
        if (part == NULL || part->lost == 0 || !is_heir(whole, sight, here))
            continue;
        const int64_t taken = taken_over(whole, part, here);
        part->heirs += taken;
        part->successors += taken > 0;
    }
}

/*
 * So many may have been deleted in the same moment, where one successor stands for each that is
 * gone: two in a hundred, or two of twenty, or one of ten. A shard that does not come takes along
 * more than that of them, or all that one of those had that are gone.
 */
static int64_t deletions(const struct part *part)
{
    const int64_t few = part->lost / 10 < 2 ? part->lost / 10 : 2;
    const int64_t deleted = part->lost / 50 > few ? part->lost / 50 : few;
    if (part->successors != part->gone)
        return 0;
    return deleted < part->least ? deleted : part->least - 1;
}

/* Rows alone do not tell a pair from two shards: there must be as many workloads as well. */
static bool is_succeeded(const struct whole *whole, const struct whole_sight *sight,
                         const struct part *part)
{
    const int64_t deleted = deletions(part);
    const int64_t fallen = (int64_t)whole->total[part->kind] - (int64_t)sight->total[part->kind];
    return part->lost > 0 && part->heirs >= part->lost - deleted && fallen <= deleted;
}

/* Alive, and in a second evaluation it has nothing here. */
static bool has_left(struct whole_source *known, const struct whole_sight *sight)
{
    const bool alive =
        !sight->answer->unwitnessed && source_witness(sight->answer, known->id) != NULL;
    if (alive && known->missed_ms != ROW_MISSING)
        return whole_seen_ms(sight, false) > known->missed_ms;
    known->missed_ms = alive ? whole_seen_ms(sight, true) : ROW_MISSING;
    return false;
}

/*
 * Did the others of its part show all that it showed? Its workloads are no more than what the most
 * telling sources of the other clusters leave of all.
 */
static bool was_doubled(const struct whole *whole, const struct parts *parts,
                        const struct part *part)
{
    int64_t workloads = (int64_t)whole->total[part->kind];
    for (size_t i = 0; i < parts->count; i++)
        if (parts->list[i].kind == part->kind && &parts->list[i] != part)
            workloads -= parts->list[i].most;
    return part->before - part->lost >= workloads;
}

/*
 * Was it one of a pair? By what was counted before it went: what is created afterwards does not
 * make up for it. And the total must not have fallen, which is said once, of an evaluation that is
 * new in all rules.
 */
static bool was_of_a_pair(const struct whole *whole, struct whole_source *known,
                          const struct whole_sight *sight, const struct parts *parts,
                          const struct part *part)
{
    if (known->fallen || whole_seen_ms(sight, false) <= whole->evaluated_ms)
        return false;
    const int64_t before = (int64_t)whole->total[known->kind];
    known->fallen = !was_doubled(whole, parts, part) ||
                    (int64_t)sight->total[known->kind] < before - part->lost / 50;
    return !known->fallen;
}

/* Are the workloads of one that is not counted any more accounted for? */
static bool is_explained(const struct whole *whole, struct whole_source *known,
                         const struct whole_sight *sight, struct parts *parts)
{
    const uint64_t cluster = cluster_of(sight->answer->ledger, known->id);
    const struct part *part = find_part(parts, known->kind, cluster);
    return is_succeeded(whole, sight, part) || has_left(known, sight) ||
           was_of_a_pair(whole, known, sight, parts, part);
}

static bool any_is_gone(const struct whole *whole, const struct counted *counted)
{
    size_t i = 0;
    while (i < whole->count && !is_gone(&whole->known[i], counted))
        i++;
    return i < whole->count;
}

const struct whole_source *stays_find_lost(struct whole *whole, const struct whole_sight *sight)
{
    struct parts parts;
    size_t kept = 0;
    const struct whole_source *first = NULL;
    if (!any_is_gone(whole, sight->counted))
        return NULL;
    sum_up(whole, sight, &parts);
    for (size_t i = 0; i < whole->count; i++) {
        struct whole_source known = whole->known[i];
        const bool gone = is_gone(&known, sight->counted);
        if (gone && is_explained(whole, &known, sight, &parts))
            continue;
        whole->known[kept] = known;
        if (gone && first == NULL)
            first = &whole->known[kept];
        kept++;
    }
    for (size_t i = 0; kept < whole->count && i < kept; i++)
        whole->known[i].doubled = 0; /* what was taken over is not taken over twice */
    whole->count = kept;
    return first;
}

/* Rows that are beyond one a workload, of each kind. */
static void sum_doubled(const struct counted *counted, const size_t total[static KIND_COUNT],
                        int64_t doubled[static KIND_COUNT])
{
    for (int kind = 0; kind < KIND_COUNT; kind++)
        doubled[kind] = whole_sum(counted, (enum workload_kind)kind).rows - (int64_t)total[kind];
}

/* `doubled`: so many more rows than before are beyond one a workload; a new source takes its share.
 */
static void note(struct whole *whole, const struct source_count *counts, int64_t *doubled)
{
    size_t at = 0;
    while (at < whole->count && whole->known[at].id != counts->id)
        at++;
    if (at == COUNTED_MAX || counts->rows <= 0)
        return;
    struct whole_source known = {
        .id = counts->id, .kind = counts->kind, .rows = counts->rows, .missed_ms = ROW_MISSING};
    if (at < whole->count)
        known.doubled = whole->known[at].doubled;
    else if (*doubled > 0)
        known.doubled = *doubled < counts->rows ? *doubled : counts->rows;
    *doubled -= at < whole->count ? 0 : known.doubled;
    if (known.doubled > known.rows)
        known.doubled = known.rows;
    whole->known[at] = known;
    whole->count = at == whole->count ? at + 1 : whole->count;
}

void stays_note(struct whole *whole, const struct whole_sight *sight)
{
    const struct counted *counted = sight->counted;
    int64_t doubled[KIND_COUNT];
    sum_doubled(counted, sight->total, doubled);
    for (size_t kind = 0; kind < KIND_COUNT; kind++) {
        const int64_t before = whole->doubled[kind];
        whole->doubled[kind] = doubled[kind];
        doubled[kind] = whole->total[kind] > 0 ? doubled[kind] - before : 0;
        whole->total[kind] = sight->total[kind];
    }
    for (size_t i = 0; i < counted->count; i++)
        note(whole, &counted->list[i], &doubled[counted->list[i].kind]);
    whole->evaluated_ms = whole_seen_ms(sight, true);
}

bool whole_miss(const struct whole *whole, const struct counted *counted,
                const struct answer *answer, struct missed_sources *missed)
{
    bool any = false;
    for (size_t i = 0; i < whole->count; i++)
        if (is_gone(&whole->known[i], counted))
            any |= source_miss(missed, answer, whole->known[i].id, NULL);
    return any;
}
