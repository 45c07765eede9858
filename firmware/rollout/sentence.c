/*
 * Verdicts in words, for the caption on the wall, `amberbar status` and the journal: one plain
 * sentence that says what, how far, and why.
 */
#include "base/text.h"
#include "rollout/rollout.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define SENTENCE_SIZE 768
#define NAME_SHOWN 96 /* bytes of a name in a sentence: longer ones are cut */

struct line {
    char *out;
    size_t size, length; /* length < size */
};

static void say(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(line->out + line->length, line->size - line->length, format, arguments);
    va_end(arguments);
    size_t room = line->size - 1 - line->length;
    if (wanted > 0)
        line->length += (size_t)wanted < room ? (size_t)wanted : room;
}

/* Names come from the cluster: nothing in them may steer a terminal. */
static void say_name(struct line *line, const char *name)
{
    char shown[NAME_SHOWN];
    text_printable(shown, sizeof shown, name);
    say(line, "%s", shown);
}

static const char *noun(const struct rollout *rollout, size_t count)
{
    static const char *const nouns[KIND_COUNT][2] = {
        [KIND_DEPLOYMENT] = {"deployment", "deployments"},
        [KIND_STATEFULSET] = {"StatefulSet", "StatefulSets"},
        [KIND_DAEMONSET] = {"DaemonSet", "DaemonSets"},
        [KIND_ROLLOUT] = {"Argo Rollout", "Argo Rollouts"},
    };
    if (rollout->is_query)
        return "series"; /* one series, two series */
    bool one_kind = (rollout->kinds & (rollout->kinds - 1)) == 0;
    if (!one_kind)
        return count == 1 ? "workload" : "workloads";
    return nouns[kinds_first(rollout->kinds)][count != 1];
}

static void say_percent(struct line *line, const struct verdict *verdict)
{
    say(line, "%d %%", isnan(verdict->p) ? 0 : (int)(verdict->p * 100.0));
}

/* How far new pods have come; a ratio has no pods. */
static void say_pods(struct line *line, const struct verdict *verdict)
{
    if (verdict->target < 0)
        say_percent(line, verdict);
    else if (verdict->new_available == verdict->target && verdict->target > 0)
        say(line, "all %" PRId64 " new pods available, old ones still going", verdict->target);
    else
        say(line, "%" PRId64 " of %" PRId64 " new pods available", verdict->new_available,
            verdict->target);
}

/* More pods than wanted, terminating ones among them where they are counted. */
static bool goes_down(const struct verdict *verdict)
{
    return verdict->replicas > verdict->spec;
}

static void say_scaling(struct line *line, const struct verdict *verdict)
{
    if (goes_down(verdict))
        say(line, "going down from %" PRId64 " to %" PRId64 " pods", verdict->replicas,
            verdict->spec);
    else
        say(line, "%" PRId64 " of %" PRId64 " pods available", verdict->new_available,
            verdict->target);
}

static void say_draining(struct line *line, const struct verdict *verdict)
{
    if (goes_down(verdict))
        say_scaling(line, verdict);
    else
        say(line,
            "%" PRId64 " of %" PRId64 " pods available and up to date, waiting for old ones to end",
            verdict->new_available, verdict->target);
}

/* What is lost: available pods; or pods that are still available, but will not be for long. */
static void say_degraded(struct line *line, const struct verdict *verdict)
{
    if (verdict->available < verdict->spec)
        say(line, "%" PRId64 " of %" PRId64 " pods available", verdict->available, verdict->spec);
    else if (verdict->updated < verdict->target)
        say(line, "%" PRId64 " of %" PRId64 " pods terminating or not up to date",
            verdict->target - verdict->updated, verdict->target);
    else if (goes_down(verdict))
        say_scaling(line, verdict);
    else
        say(line, "%" PRId64 " pods available, not all of them ready", verdict->available);
}

static void say_progress(struct line *line, const struct verdict *verdict)
{
    if (verdict->why == WHY_UNOBSERVED || verdict->why == WHY_RATIO_RANGE) {
        say(line, "%s", why_sentence(verdict->why));
        return;
    }
    if (verdict->why == WHY_SCALING)
        say_scaling(line, verdict);
    else if (verdict->why == WHY_DRAINING)
        say_draining(line, verdict);
    else
        say_pods(line, verdict);
    if (verdict->why != WHY_RATIO)
        say(line, " (%s)", why_name(verdict->why));
}

/* How long it had stood still when its patience ended: with ReplicaFailure that is sooner. */
static void say_stalled(struct line *line, const struct workload *member)
{
    int64_t seconds = (member->since_ms - member->memory.progress_ms) / 1000;
    bool minutes = seconds >= 60;
    say(line, "no progress for %" PRId64 " %s or more: ", minutes ? seconds / 60 : seconds,
        minutes ? "min" : "s");
    say_progress(line, &member->verdict);
}

static void say_stable(struct line *line, const struct verdict *verdict)
{
    if (verdict->target < 0)
        say(line, "the query yields 1");
    else
        say(line, "%" PRId64 " pod%s available", verdict->available,
            verdict->available == 1 ? "" : "s");
    if (verdict->terminating > 0)
        say(line, ", %" PRId64 " old still draining", verdict->terminating);
}

static void say_failed(struct line *line, const struct verdict *verdict)
{
    int64_t created = verdict->updated < verdict->target ? verdict->updated : verdict->target;
    say(line, "%s; %" PRId64 " of %" PRId64 " new pods created, %" PRId64 " available",
        why_sentence(verdict->why), created, verdict->target, verdict->new_available);
}

static void say_paused(struct line *line, const struct verdict *verdict)
{
    if (verdict->why == WHY_HELD)
        say(line, "%s; %" PRId64 " of %" PRId64 " pods updated", why_sentence(WHY_HELD),
            verdict->updated, verdict->spec);
    else if (verdict->p >= 1.0)
        say_stable(line, verdict);
    else
        say_pods(line, verdict);
}

/* Without a member it is about all that the rollout asks for. */
static void say_source_gone(struct line *line, const struct rollout *rollout, bool member)
{
    if (rollout->detail[0] == '\0')
        say(line, "%s", why_sentence(WHY_SOURCE_GONE));
    else
        say(line, "%s exporter %s is gone from Prometheus", member ? "its" : "the",
            rollout->detail);
    say(line, ", and nothing says what became of %s", member ? "it" : "what it exported");
}

/* What the answer lacks, or the series of a workload. */
static void say_partial(struct line *line, const struct rollout *rollout)
{
    const char *words = why_sentence(WHY_PARTIAL);
    if (rollout->partial || rollout->detail[0] != '\0')
        words = "a part of the answer is missing";
    else if (rollout->is_query)
        words = "the query yields no number from 0 to 1";
    say(line, "%s%s%s", words, rollout->detail[0] != '\0' ? ": " : "", rollout->detail);
}

/* What nothing is known of, by the evidence that it lacks: of a member, or of all. */
static void say_unknown(struct line *line, const struct rollout *rollout, enum why why, bool member)
{
    const char *detail = why == rollout->verdict.why ? rollout->detail : "";
    if (why == WHY_PARTIAL)
        say_partial(line, rollout);
    else if (why == WHY_SOURCE_GONE)
        say_source_gone(line, rollout, member);
    else if (rollout->is_query && (why == WHY_ABSENT || why == WHY_GONE))
        say(line, "the query yields this series no more");
    else if (why == WHY_STALE && member && detail[0] != '\0')
        say(line, "the newest sample of %s is too old: is it still scraped?", detail);
    else if (why == WHY_CLOCK && detail[0] != '\0')
        say(line,
            "the answer is %s older than it looks: Prometheus's clock went back, or a cache "
            "repeats it",
            detail);
    else
        say(line, "%s%s%s", why_sentence(why), detail[0] != '\0' ? ": " : "", detail);
}

static void say_state(struct line *line, const struct rollout *rollout,
                      const struct workload *member)
{
    const struct verdict *verdict = &member->verdict;
    switch (verdict->state) {
    case STATE_UNKNOWN:
        say_unknown(line, rollout, verdict->why, true);
        break;
    case STATE_STABLE:
        say_stable(line, verdict);
        break;
    case STATE_PROGRESSING:
        say_progress(line, verdict);
        break;
    case STATE_STALLED:
        say_stalled(line, member);
        break;
    case STATE_FAILED:
        say_failed(line, verdict);
        break;
    case STATE_PAUSED:
        say_paused(line, verdict);
        break;
    case STATE_DEGRADED:
        say_degraded(line, verdict);
        break;
    case STATE_SCALED_TO_ZERO:
        say(line, "no pods wanted");
        break;
    }
}

/* The condition ReplicaFailure has no more to say: its message is not exported. */
#define CANNOT_CREATE "cannot be created (ReplicaFailure: a quota, or admission?)"

static void say_detail(struct line *line, const struct rollout *rollout,
                       const struct workload *member)
{
    say_state(line, rollout, member);
    if (member->verdict.cannot_create)
        say(line, "; pods " CANNOT_CREATE);
    if (member->verdict.partition_moved)
        say(line, "; the cluster updates pods below the partition in the config, which is out of "
                  "date");
}

/* The only member. Progress speaks for itself; any other state is named first. */
static void say_only(struct line *line, const struct rollout *rollout)
{
    static const char *const words[STATE_COUNT] = {
        [STATE_UNKNOWN] = "unknown, ",   [STATE_STABLE] = "stable, ",
        [STATE_PROGRESSING] = "",        [STATE_STALLED] = "stalled, ",
        [STATE_FAILED] = "failed, ",     [STATE_PAUSED] = "paused, ",
        [STATE_DEGRADED] = "degraded, ", [STATE_SCALED_TO_ZERO] = "scaled to zero, ",
    };
    say(line, "%s", words[rollout->workloads[0].verdict.state]);
    say_detail(line, rollout, &rollout->workloads[0]);
}

/* No member at all. */
static void say_nothing(struct line *line, const struct rollout *rollout)
{
    enum why why = rollout->verdict.why;
    if (rollout->is_query && why == WHY_ABSENT)
        say(line, "the query yields nothing");
    else if (why == WHY_ABSENT)
        say(line, "no %s matches", noun(rollout, 1));
    else if (why == WHY_NO_DATA)
        say(line, "no %s is visible in Prometheus: is its exporter (%s) down?", noun(rollout, 1),
            rollout->kinds == KIND_BIT(KIND_ROLLOUT) ? "the Argo Rollouts controller"
                                                     : "kube-state-metrics");
    else
        say_unknown(line, rollout, why, false);
}

static size_t count_state(const struct rollout *rollout, enum state state)
{
    size_t count = 0;
    for (size_t i = 0; i < rollout->count; i++)
        if (rollout->workloads[i].verdict.state == state)
            count++;
    return count;
}

/* "checkout", or "checkout in eu-1" */
static void say_member(struct line *line, const struct workload *member)
{
    say_name(line, member->name);
    if (member->cluster[0] == '\0')
        return;
    say(line, " in ");
    say_name(line, member->cluster);
}

static void say_all(struct line *line, const struct rollout *rollout)
{
    const char *words = rollout->is_query ? "done" : "stable";
    if (rollout->verdict.state == STATE_SCALED_TO_ZERO)
        words = "scaled to zero";
    const size_t total = rollout_total(rollout);
    if (total == 1)
        say(line, "the only %s is %s", noun(rollout, 1), words);
    else if (total == 2)
        say(line, "both %s are %s", noun(rollout, total), words);
    else
        say(line, "all %zu %s are %s", total, noun(rollout, total), words);
    if (rollout->verdict.state == STATE_STABLE && rollout->verdict.available >= 0)
        say(line, ", %" PRId64 " pods available", rollout->verdict.available);
}

/* True when all that progresses does so because of `why`. */
static bool all_progress(const struct rollout *rollout, enum why why)
{
    for (size_t i = 0; i < rollout->count; i++) {
        const struct verdict *verdict = &rollout->workloads[i].verdict;
        if (verdict->state == STATE_PROGRESSING && verdict->why != why)
            return false;
    }
    return true;
}

/* Whose pods cannot be created; paused ones, which the bar does not show beside what moves. */
static void say_beside_moving(struct line *line, const struct rollout *rollout)
{
    const size_t paused = count_state(rollout, STATE_PAUSED);
    for (size_t i = 0; i < rollout->count; i++) {
        const struct workload *member = &rollout->workloads[i];
        if (member->verdict.state != STATE_PROGRESSING || !member->verdict.cannot_create)
            continue;
        say(line, "; pods of ");
        say_member(line, member);
        say(line, " " CANNOT_CREATE);
        break;
    }
    if (paused > 0)
        say(line, "; %zu %s paused", paused, paused == 1 ? "is" : "are");
}

static void say_moving(struct line *line, const struct rollout *rollout, bool one)
{
    bool scales = all_progress(rollout, WHY_SCALING);
    bool drains = !scales && all_progress(rollout, WHY_DRAINING);
    say(line, "%s %s, ", one ? "is" : "are", scales ? "scaling" : drains ? "draining" : "rolling");
    if (scales)
        say_scaling(line, &rollout->verdict);
    else if (drains)
        say_draining(line, &rollout->verdict);
    else
        say_pods(line, &rollout->verdict);
    say_beside_moving(line, rollout);
}

/* Several members: how many are in the worst state, and what is the matter with the worst. */
static void say_several(struct line *line, const struct rollout *rollout)
{
    static const char *const words[STATE_COUNT][2] = {
        [STATE_UNKNOWN] = {"are unknown", "is unknown"},
        [STATE_STALLED] = {"are stalled", "is stalled"},
        [STATE_FAILED] = {"failed", "failed"},
        [STATE_PAUSED] = {"are paused", "is paused"},
        [STATE_DEGRADED] = {"are degraded", "is degraded"},
    };
    const enum state state = rollout->verdict.state;
    if (state == STATE_STABLE || state == STATE_SCALED_TO_ZERO) {
        say_all(line, rollout);
        return;
    }
    const size_t count = count_state(rollout, state);
    const size_t total = rollout_total(rollout) - rollout->dropped;
    if (rollout->survey.more)
        say(line, "too many are not settled to show all; of those shown, ");
    say(line, "%zu of %zu %s ", count, total, noun(rollout, total));
    if (state == STATE_PROGRESSING) {
        say_moving(line, rollout, count == 1);
        return;
    }
    const struct workload *worst = &rollout->workloads[rollout->worst];
    say(line, "%s; ", words[state][count == 1]);
    say_member(line, worst);
    say(line, ": ");
    say_detail(line, rollout, worst);
}

void rollout_sentence(const struct rollout *rollout, char *out, size_t size)
{
    char whole[SENTENCE_SIZE] = "";
    struct line line = {whole, sizeof whole, 0};
    if (rollout->dropped > 0)
        say(&line,
            "%zu more %s than fit (max_workloads: %zu); narrow the namespace or name, or raise "
            "max_workloads%s",
            rollout->dropped, noun(rollout, rollout->dropped), rollout->capacity,
            rollout->worst < rollout->count ? "; " : "");
    const size_t total = rollout_total(rollout);
    if (total == 0)
        say_nothing(&line, rollout);
    else if (total == 1 && rollout->worst < rollout->count)
        say_only(&line, rollout);
    else if (rollout->worst < rollout->count || rollout->verdict.state == STATE_STABLE)
        say_several(&line, rollout);
    else if (rollout->dropped == 0) /* of all, however well the members are that are there */
        say_unknown(&line, rollout, rollout->verdict.why, false);
    text_copy(out, size, whole);
}
