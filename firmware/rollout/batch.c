#include "rollout/batch.h"

#include "rollout/members.h"

bool batch_gather(struct rollout *rollout, enum batch batch)
{
    enum why why;
    bool open = rollout_total(rollout) == 0 || rollout->survey.more || members_lack(rollout, &why);
    for (size_t i = 0; i < rollout->count; i++) {
        struct workload *member = &rollout->workloads[i];
        if (member_is_settled(member))
            continue;
        open = true;
        if (member->verdict.state != STATE_UNKNOWN)
            member->batches |= (unsigned)batch;
    }
    return open;
}

void batch_close(struct rollout *rollout, enum batch batch)
{
    for (size_t i = 0; i < rollout->count; i++)
        rollout->workloads[i].batches &= ~(unsigned)batch;
}

struct tally batch_tally(void)
{
    return (struct tally){.counts = verdict_unknown(WHY_NOT_ASKED)};
}

static void add_count(int64_t *sum, int64_t count)
{
    if (count >= 0)
        *sum = (*sum < 0 ? 0 : *sum) + count;
}

static void add_member(struct tally *tally, const struct workload *member)
{
    const struct verdict *verdict = &member->verdict;
    const double weight = (double)member->weight;
    const bool done = member_is_settled(member);
    tally->weight += weight;
    tally->units += (double)member->units;
    tally->p += weight * (done ? 1.0 : verdict->p);
    tally->q += weight * (done ? 1.0 : verdict->q);
    add_count(&tally->counts.replicas, verdict->replicas);
    add_count(&tally->counts.updated, verdict->updated);
    add_count(&tally->counts.available, verdict->available);
    add_count(&tally->counts.spec, verdict->spec);
    add_count(&tally->counts.terminating, verdict->terminating);
    add_count(&tally->counts.new_available, verdict->new_available);
    add_count(&tally->counts.target, verdict->target);
}

void batch_add(struct tally *tally, const struct rollout *rollout, enum batch batch, bool open)
{
    tally->uncounted |= !open && rollout->survey.taken;
    tally->alarms |= rollout->survey.more; /* of those that are not shown nothing is known */
    for (size_t i = 0; i < rollout->count; i++) {
        const struct workload *member = &rollout->workloads[i];
        tally->alarms |= state_is(member->verdict.state, STATE_LOSES) && !member->verdict.calm;
        bool counts = !open || (member->batches & (unsigned)batch) != 0;
        if (counts && member->verdict.state != STATE_UNKNOWN)
            add_member(tally, member);
    }
}

/* An open bar lacks at least half of its smallest step, whatever the weights: full means done. */
static double below_full(double mean, double units)
{
    double cap = 1.0 - 1.0 / (2.0 * units);
    return mean < cap ? mean : cap;
}

struct verdict batch_verdict(const struct tally *tally, bool open, enum state state, enum why why)
{
    struct verdict verdict = tally->uncounted ? verdict_unknown(why) : tally->counts;
    verdict.state = state;
    verdict.why = why;
    verdict.calm = state_is(state, STATE_LOSES) && !tally->alarms;
    if (!open && state_is(state, STATE_SERVES)) {
        verdict.p = verdict.q = 1.0;
    } else if (open && tally->weight > 0) {
        verdict.p = below_full(tally->p / tally->weight, tally->units);
        verdict.q = tally->q / tally->weight; /* no member's is below its p */
    } else if (open && state_is(state, STATE_MOVES)) {
        /* of what moves nothing is shown */
        verdict.p = verdict.q = 0.0;
    }
    return verdict;
}

bool batch_is_worse(const struct verdict *a, const struct verdict *b)
{
    int severity_a = state_severity(a->state);
    int severity_b = state_severity(b->state);
    if (severity_a != severity_b)
        return severity_a > severity_b;
    const bool serves = state_is(a->state, STATE_SERVES);
    if (serves != state_is(b->state, STATE_SERVES))
        return serves; /* one stable workload makes a bar of zeros a green one */
    if (a->state != b->state)
        return a->state < b->state;
    if (a->calm != b->calm)
        return b->calm;
    return a->p < b->p;
}

const struct workload *rollout_slowest(const struct rollout *rollout)
{
    const struct workload *slowest = NULL;
    if (!state_is(rollout->verdict.state, STATE_MOVES) || rollout->survey.more)
        return NULL;
    for (size_t i = 0; i < rollout->count; i++) {
        const struct workload *member = &rollout->workloads[i];
        if (member_is_settled(member))
            continue;
        if (member->time_left.left_ms == 0)
            return NULL;
        if (slowest == NULL || member->time_left.left_ms > slowest->time_left.left_ms)
            slowest = member;
    }
    return slowest;
}
