#include "rollout/ratio.h"

#define RATIO_DONE 1e-9 /* a quotient of equal counts is 1 to the last bit; of sums, nearly */
#define RATIO_CAP (1.0 - 1.0 / (2.0 * RATIO_UNITS))

static struct verdict verdict_of(enum state state, enum why why, double p)
{
    struct verdict verdict = verdict_unknown(why);
    verdict.state = state;
    verdict.p = verdict.q = p;
    return verdict;
}

/*
 * updated / spec exceeds 1 while a workload shrinks. What has never been a ratio is none: a count,
 * or per cent, of which nobody knows whether it means a rollout.
 */
static bool is_ratio(struct workload *member, double value)
{
    member->ratio = value;
    member->ratio_seen = member->ratio_seen || (value > 0.0 && value <= 1.0 + RATIO_DONE);
    return value >= 0.0 && (value <= 0.0 || member->ratio_seen);
}

/*
 * What shrinks is above 1, and then comes down to it: nearer is progress from either side. Only the
 * nearest of this run counts, so that flapping is none.
 */
static void note_progress(struct workload *member, double value, int64_t now_ms)
{
    double nearness = value < 1.0 ? value : 1.0 / value;
    if (member->memory.marked && nearness <= member->ratio_mark)
        return;
    member->memory.marked = true;
    member->memory.progress_ms = now_ms;
    member->ratio_mark = nearness;
}

struct verdict ratio_judge(struct workload *member, const struct limits *limits, double value,
                           int64_t now_ms)
{
    member->memory.proof.absent = false;
    member->memory.proof.misses = 0;
    if (!isfinite(value)) /* 0/0 of a workload scaled to zero, for one */
        return verdict_unknown(WHY_PARTIAL);
    if (!is_ratio(member, value))
        return verdict_unknown(WHY_RATIO_RANGE);
    if (fabs(value - 1.0) <= RATIO_DONE) {
        member->memory.marked = false;
        return verdict_of(STATE_STABLE, WHY_RATIO, 1.0);
    }
    note_progress(member, value, now_ms);
    bool stalled = now_ms - member->memory.progress_ms >= limits->stall_after_ms;
    return verdict_of(stalled ? STATE_STALLED : STATE_PROGRESSING,
                      value > 1.0 ? WHY_RATIO_RANGE : WHY_RATIO,
                      value < RATIO_CAP ? value : RATIO_CAP);
}
