#include "rollout/members.h"

#include "base/text.h"

#include <string.h>

static struct identity identity_of(const struct workload *member)
{
    return (struct identity){
        .key = {member->kind, member->cluster, member->namespace_, member->name, member->exported},
        .ratio_id = member->ratio_id};
}

static const char *exported_of(const struct workload_key *key)
{
    return key->exported == NULL ? "" : key->exported;
}

static int compare(const struct identity *a, const struct identity *b)
{
    if (a->key.kind != b->key.kind)
        return a->key.kind < b->key.kind ? -1 : 1;
    int order = strcmp(a->key.cluster, b->key.cluster);
    if (order == 0)
        order = strcmp(a->key.namespace_, b->key.namespace_);
    if (order == 0)
        order = strcmp(a->key.name, b->key.name);
    if (order == 0)
        order = strcmp(exported_of(&a->key), exported_of(&b->key));
    if (order == 0 && a->ratio_id != b->ratio_id)
        order = a->ratio_id < b->ratio_id ? -1 : 1;
    return order;
}

static int compare_members(const struct workload *a, const struct workload *b)
{
    struct identity left = identity_of(a), right = identity_of(b);
    return compare(&left, &right);
}

int members_compare(const struct workload *member, const struct workload_key *key)
{
    struct identity left = identity_of(member), right = {.key = *key};
    return compare(&left, &right);
}

struct workload_key members_key(const struct workload *member)
{
    return (struct workload_key){member->kind, member->cluster, member->namespace_, member->name,
                                 member->exported};
}

static bool same_name(const struct workload *member, const struct workload_key *key)
{
    return member->kind == key->kind && strcmp(member->name, key->name) == 0 &&
           strcmp(member->namespace_, key->namespace_) == 0;
}

struct workload *members_find(struct rollout *rollout, size_t sorted,
                              const struct identity *identity)
{
    size_t low = 0;
    size_t high = sorted;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct workload *member = &rollout->workloads[middle];
        struct identity here = identity_of(member);
        int order = compare(identity, &here);
        if (order == 0)
            return member;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

struct workload *members_add(struct rollout *rollout, const struct identity *identity,
                             int64_t now_ms)
{
    struct workload member = {.kind = identity->key.kind,
                              .ratio_id = identity->ratio_id,
                              .verdict = verdict_unknown(WHY_NOT_ASKED),
                              .since_ms = now_ms}; /* a bar counts it from its first verdict on */
    bool fits = rollout->count < rollout->capacity &&
                text_copy(member.cluster, sizeof member.cluster, identity->key.cluster) &&
                text_copy(member.namespace_, sizeof member.namespace_, identity->key.namespace_) &&
                text_copy(member.name, sizeof member.name, identity->key.name) &&
                text_copy(member.exported, sizeof member.exported, exported_of(&identity->key));
    if (!fits) {
        rollout->dropped++;
        return NULL;
    }
    rollout->workloads[rollout->count] = member;
    return &rollout->workloads[rollout->count++];
}

/* Shell's sort: in place, without recursion, and quick on a table that is nearly sorted. */
void members_sort(struct rollout *rollout)
{
    static const size_t gaps[] = {1750, 701, 301, 132, 57, 23, 10, 4, 1}; /* Ciura 2001 */
    struct workload *table = rollout->workloads;
    for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++) {
        const size_t gap = gaps[g];
        for (size_t i = gap; i < rollout->count; i++) {
            if (compare_members(&table[i - gap], &table[i]) <= 0)
                continue;
            struct workload moving = table[i];
            size_t hole = i;
            for (; hole >= gap && compare_members(&table[hole - gap], &moving) > 0; hole -= gap)
                table[hole] = table[hole - gap];
            table[hole] = moving;
        }
    }
}

void members_take(const struct rollout *rollout, struct workload *member,
                  const struct verdict *verdict, int64_t now_ms)
{
    if (verdict->state != member->verdict.state)
        member->since_ms = now_ms;
    member->verdict = *verdict;
    time_left_generation(&member->time_left, member->memory.before.generation);
    time_left_observe(&member->time_left, verdict, now_ms);
    member->units = verdict->spec > 0 ? verdict->spec : 1;
    member->weight = rollout->weighting == WEIGHT_EQUAL ? 1 : member->units;
}

size_t members_group(const struct row rows[], size_t count)
{
    struct identity first = {.key = rows[0].key};
    size_t length = 1;
    for (; length < count; length++) {
        struct identity next = {.key = rows[length].key};
        if (compare(&first, &next) != 0)
            break;
    }
    return length;
}

/* The workload that `member` may stand for; NULL when there is none, or when it is there itself. */
static const struct workload_key *find_namesake(struct rollout *rollout,
                                                const struct workload *member,
                                                const struct row rows[], size_t count)
{
    const struct workload_key *namesake = NULL;
    for (size_t i = 0; i < count; i += members_group(&rows[i], count - i)) {
        struct identity identity = {.key = rows[i].key};
        if (!same_name(member, &identity.key))
            continue;
        if (strcmp(member->cluster, identity.key.cluster) == 0 &&
            strcmp(member->exported, exported_of(&identity.key)) == 0)
            return NULL;
        if (namesake == NULL && members_find(rollout, rollout->count, &identity) == NULL)
            namesake = &rows[i].key;
    }
    return namesake;
}

/* One place is taken, and the table is in another order. False: there is none to take. */
static bool adopt_one(struct rollout *rollout, const struct row rows[], size_t count)
{
    for (size_t i = 0; i < rollout->count; i++) {
        struct workload *member = &rollout->workloads[i];
        if (!member->named || member->memory.proof.accepted)
            continue;
        const struct workload_key *namesake = find_namesake(rollout, member, rows, count);
        if (namesake == NULL || strlen(namesake->cluster) >= sizeof member->cluster ||
            strlen(exported_of(namesake)) >= sizeof member->exported)
            continue;
        text_copy(member->cluster, sizeof member->cluster, namesake->cluster);
        text_copy(member->exported, sizeof member->exported, exported_of(namesake));
        members_sort(rollout);
        return true;
    }
    return false;
}

/* It ends: who has taken a place has a row of its own, and takes no other. */
void members_adopt(struct rollout *rollout, const struct row rows[], size_t count)
{
    while (adopt_one(rollout, rows, count))
        continue;
}

static bool hand_over(struct rollout *rollout, const struct workload *gone)
{
    struct identity identity = identity_of(gone);
    for (size_t i = 0; i < rollout->count; i++) {
        struct workload *other = &rollout->workloads[i];
        if (other->verdict.why == WHY_GONE || !same_name(other, &identity.key))
            continue;
        other->named = true;
        return true;
    }
    return false;
}

bool member_is_settled(const struct workload *member)
{
    return state_is(member->verdict.state, STATE_SETTLED);
}

bool members_lack(const struct rollout *rollout, enum why *why)
{
    bool partial = rollout->dropped > 0 || (rollout->partial && !rollout->exact); /* [W1] */
    bool doubted = rollout->counts.doubt != DOUBT_NONE;                           /* [W3] */
    if (partial || doubted)
        *why = partial ? WHY_PARTIAL : why_of_doubt(rollout->counts.doubt);
    return partial || doubted;
}

/* A survey counts those that are settled; the table keeps them for an open bar, while it has room.
 */
static bool is_spare(const struct rollout *rollout, const struct workload *member)
{
    return rollout->survey.taken && !member->named && member_is_settled(member) &&
           (member->batches == 0 || rollout->count > rollout->capacity / 2);
}

/* A second scrape of its source lacks it [W2]; what was asked for by name stays. */
static bool has_left(const struct workload *member)
{
    const struct proof *proof = &member->memory.proof;
    bool absent = member->verdict.why == WHY_ABSENT && proof->misses >= 2 && proof->source != 0;
    return (absent || member->verdict.why == WHY_GONE) && !member->named;
}

void members_sweep(struct rollout *rollout)
{
    for (size_t i = 0; i < rollout->count; i++) {
        struct workload *member = &rollout->workloads[i];
        if (member->named && member->verdict.why == WHY_GONE && hand_over(rollout, member))
            member->named = false;
    }
    size_t kept = 0;
    for (size_t i = 0; i < rollout->count; i++) {
        struct workload *member = &rollout->workloads[i];
        if (has_left(member) || is_spare(rollout, member))
            continue;
        if (kept != i)
            rollout->workloads[kept] = *member;
        kept++;
    }
    rollout->count = kept;
}
