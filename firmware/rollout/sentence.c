/*
 * Verdicts in words, for the caption on the wall, `amberbar status` and the journal: one plain
 * sentence that says what, how far, and why.
 */
#include "base/text.h"
#include "evidence/lacks.h"
#include "rollout/kind.h"
#include "rollout/rollout.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define SENTENCE_SIZE 768
#define LACKS_SHOWN 200
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
    if (rollout->is_query)
        return "series"; /* one series, two series */
    bool one_kind = (rollout->kinds & (rollout->kinds - 1)) == 0;
    if (!one_kind)
        return count == 1 ? "workload" : "workloads";
    const struct kind *kind = kind_of(kinds_first(rollout->kinds));
    return count == 1 ? kind->noun : kind->plural;
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
    else if (verdict->new_available == 1 && verdict->target == 1)
        say(line, "the new pod is available, old ones still going");
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
    if (verdict->calm)
        say(line, " (shown thinned at first)");
}

static void say_progress(struct line *line, const struct workload *member)
{
    const struct verdict *verdict = &member->verdict;
    if (verdict->why == WHY_UNOBSERVED) {
        say(line, "%s", why_sentence(verdict->why));
        return;
    }
    if (verdict->why == WHY_RATIO_RANGE) {
        say(line, "the query yields %.6g, and 1 is done: what it divides by has shrunk",
            member->ratio);
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
    say_progress(line, member);
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
    say(line, "%s; %" PRId64 " of %" PRId64 " new pods created, %" PRId64 " of them available",
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
static void say_source_gone(struct line *line, const struct rollout *rollout,
                            const struct workload *member)
{
    const bool rival = member != NULL && member->memory.proof.lost != 0;
    if (rollout->detail[0] == '\0')
        say(line, "%s", why_sentence(WHY_SOURCE_GONE));
    else
        say(line, "%s exporter %s is gone from Prometheus",
            member != NULL && !rival ? "its" : "the", rollout->detail);
    if (rival)
        say(line, "; it showed it otherwise than the others");
    say(line,
        ", and nothing says what became of %s; if the exporter is gone for good, restart amberbar",
        member != NULL ? "it" : "what it exported");
}

/* The series that a workload's rows lack, as what a list of kept metrics must have. */
static bool say_lacks(struct line *line, const struct workload *member)
{
    const unsigned lacks = member->memory.proof.lacks;
    char pattern[LACKS_SHOWN];
    kind_pattern(member->kind, lacks, false, pattern, sizeof pattern);
    if (lacks != 0)
        say(line,
            "Prometheus has no number of %s for it: add that to the keep list of the scrape, or "
            "let %s export "
            "it",
            pattern, kind_of(member->kind)->exporter);
    return lacks != 0;
}

/* What the answer lacks, or the series of a workload. */
static void say_partial(struct line *line, const struct rollout *rollout,
                        const struct workload *member)
{
    const bool whole = !rollout->partial && rollout->detail[0] == '\0' && !rollout->is_query;
    if (whole && member != NULL && say_lacks(line, member))
        return;
    const char *words = why_sentence(WHY_PARTIAL);
    if (rollout->partial || rollout->detail[0] != '\0')
        words = "a part of the answer is missing";
    else if (rollout->is_query)
        words = "the query yields no number from 0 to 1";
    say(line, "%s%s%s", words, rollout->detail[0] != '\0' ? ": " : "", rollout->detail);
}

/* What nothing is known of, by the evidence that it lacks: of a member, or of all (NULL). */
static void say_unknown(struct line *line, const struct rollout *rollout, enum why why,
                        const struct workload *member)
{
    const char *detail = why == rollout->verdict.why ? rollout->detail : "";
    if (why == WHY_PARTIAL)
        say_partial(line, rollout, member);
    else if (why == WHY_RATIO_RANGE && member != NULL)
        say(line,
            "the query yields %.6g, which is no ratio from 0 to 1: divide it by what 1 shall mean, "
            "or show it as an indicator",
            member->ratio);
    else if (why == WHY_SOURCE_GONE)
        say_source_gone(line, rollout, member);
    else if (rollout->is_query && (why == WHY_ABSENT || why == WHY_GONE))
        say(line, "the query yields this series no more");
    else if (rollout_is_missed(rollout) && rollout->hint[0] != '\0')
        say(line, "%s", rollout->hint);
    else if (why == WHY_STALE && member != NULL && detail[0] != '\0')
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
    const struct state_traits *traits = state_traits(verdict->state);
    switch (traits->sentence) {
    case SENTENCE_CLAUSE:
        say(line, "%s", traits->clause);
        return;
    case SENTENCE_EVIDENCE:
        say_unknown(line, rollout, verdict->why, member);
        return;
    case SENTENCE_AVAILABLE:
        say_stable(line, verdict);
        return;
    case SENTENCE_PROGRESS:
        say_progress(line, member);
        return;
    case SENTENCE_STANDSTILL:
        say_stalled(line, member);
        return;
    case SENTENCE_FAILURE:
        say_failed(line, verdict);
        return;
    case SENTENCE_PAUSE:
        say_paused(line, verdict);
        return;
    case SENTENCE_LOSS:
        say_degraded(line, verdict);
        return;
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
    say(line, "%s", state_traits(rollout->workloads[0].verdict.state)->words);
    say_detail(line, rollout, &rollout->workloads[0]);
}

/* No member at all. */
static void say_nothing(struct line *line, const struct rollout *rollout)
{
    enum why why = rollout->verdict.why;
    if (rollout->is_query && why == WHY_ABSENT)
        say(line, "the query finds no series");
    else if (rollout_is_missed(rollout) && rollout->hint[0] != '\0')
        say(line, "%s", rollout->hint);
    else if (why == WHY_ABSENT)
        say(line, "no %s matches", noun(rollout, 1));
    else if (why == WHY_NO_DATA)
        say(line, "no %s is visible in Prometheus: is its exporter (%s) down?", noun(rollout, 1),
            kind_of(kinds_first(rollout->kinds))->exporter);
    else
        say_unknown(line, rollout, why, NULL);
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
    const struct state_traits *traits = state_traits(rollout->verdict.state);
    const bool ratio = rollout->is_query;
    const char *many = ratio ? "are done" : traits->many;
    const size_t total = rollout_total(rollout);
    if (total == 1)
        say(line, "the only %s %s", noun(rollout, 1), ratio ? "is done" : traits->one);
    else if (total == 2)
        say(line, "both %s %s", noun(rollout, total), many);
    else
        say(line, "all %zu %s %s", total, noun(rollout, total), many);
    if (traits->sentence == SENTENCE_AVAILABLE && rollout->verdict.available != ROW_MISSING)
        say(line, ", %" PRId64 " pods available", rollout->verdict.available);
}

/* True when all that progresses does so because of `why`. */
static bool all_progress(const struct rollout *rollout, enum why why)
{
    for (size_t i = 0; i < rollout->count; i++) {
        const struct verdict *verdict = &rollout->workloads[i].verdict;
        if (state_is(verdict->state, STATE_MOVES) && verdict->why != why)
            return false;
    }
    return true;
}

/* Whose pods cannot be created; and what waits beside what moves, as paused ones do: the bar does
   not show it. */
static void say_beside_moving(struct line *line, const struct rollout *rollout)
{
    for (size_t i = 0; i < rollout->count; i++) {
        const struct workload *member = &rollout->workloads[i];
        if (!state_is(member->verdict.state, STATE_MOVES) || !member->verdict.cannot_create)
            continue;
        say(line, "; pods of ");
        say_member(line, member);
        say(line, " " CANNOT_CREATE);
        break;
    }
    for (enum state state = 0; state < STATE_COUNT; state++) {
        const struct state_traits *traits = state_traits(state);
        const size_t count = count_state(rollout, state);
        const bool waits = traits->severity < state_severity(rollout->verdict.state) &&
                           !state_is(state, STATE_SETTLED);
        if (waits && count > 0)
            say(line, "; %zu %s", count, count == 1 ? traits->one : traits->many);
    }
}

static void say_moving(struct line *line, const struct rollout *rollout, bool one)
{
    bool scales = all_progress(rollout, WHY_SCALING);
    bool drains = !scales && all_progress(rollout, WHY_DRAINING);
    const struct state_traits *traits = state_traits(rollout->verdict.state);
    if (scales || drains)
        say(line, "%s %s, ", one ? "is" : "are", scales ? "scaling" : "draining");
    else
        say(line, "%s, ", one ? traits->one : traits->many);
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
    const enum state state = rollout->verdict.state;
    if (state_is(state, STATE_SETTLED)) {
        say_all(line, rollout);
        return;
    }
    const size_t count = count_state(rollout, state);
    const size_t total = rollout_total(rollout) - rollout->dropped;
    if (rollout->survey.more)
        say(line, "too many are not settled to show all; of those shown, ");
    say(line, "%zu of %zu %s ", count, total, noun(rollout, total));
    if (state_is(state, STATE_MOVES)) {
        say_moving(line, rollout, count == 1);
        return;
    }
    const struct workload *worst = &rollout->workloads[rollout->worst];
    say(line, "%s; ", count == 1 ? state_traits(state)->one : state_traits(state)->many);
    say_member(line, worst);
    say(line, ": ");
    say_detail(line, rollout, worst);
}

/* "usually 6 min", of one run only "last time 6 min" */
static void say_usual(struct line *line, const struct usual_time *usual)
{
    char words[TIME_LEFT_WORDS_SIZE];
    time_left_words(time_left_rounded(1000 * (int64_t)usual->time.total_s), words);
    say(line, "%s %s", usual->runs == 1 ? "last time" : "usually", words);
}

/* The only member that is not settled; NULL: there are more of them, or none. */
static const struct workload *only_unsettled(const struct rollout *rollout)
{
    const struct workload *only = NULL;
    for (size_t i = 0; i < rollout->count; i++) {
        const struct workload *member = &rollout->workloads[i];
        if (state_is(member->verdict.state, STATE_SETTLED))
            continue;
        if (only != NULL)
            return NULL;
        only = member;
    }
    return only;
}

/* Of several that move it is that of the last, which is named. */
static void say_time_left(struct line *line, const struct rollout *rollout)
{
    const struct workload *slowest = rollout_slowest(rollout);
    const struct workload *only = only_unsettled(rollout), *whose = only != NULL ? only : slowest;
    char words[TIME_LEFT_WORDS_SIZE];
    if (slowest != NULL) {
        const int64_t shown_ms = slowest->time_left.shown_ms;
        time_left_words(shown_ms, words);
        say(line, "; %s%s left", shown_ms < 60000 ? "" : "about ", words);
    }
    if (slowest != NULL && only == NULL) {
        say(line, " for ");
        say_member(line, slowest);
    }
    if (whose == NULL || !time_left_compares(&whose->time_left))
        return;
    say(line, slowest != NULL ? " (" : "; ");
    say_usual(line, &whose->time_left.usual);
    say(line, slowest != NULL ? ")" : "");
}

/* For want of room, or of room for their names. */
static void say_dropped(struct line *line, const struct rollout *rollout)
{
    const char *nouns = noun(rollout, rollout->dropped);
    if (rollout->count < rollout->capacity)
        say(line,
            "%zu more %s with a cluster, a namespace or a name that is longer than any in "
            "Kubernetes; see what relabels them",
            rollout->dropped, nouns);
    else
        say(line,
            "%zu more %s than fit (max_workloads: %zu); narrow the namespace or name, or raise "
            "max_workloads",
            rollout->dropped, nouns, rollout->capacity);
    say(line, "%s", rollout->worst < rollout->count ? "; " : "");
}

void rollout_sentence(const struct rollout *rollout, char *out, size_t size)
{
    char whole[SENTENCE_SIZE] = "";
    struct line line = {whole, sizeof whole, 0};
    if (rollout->dropped > 0)
        say_dropped(&line, rollout);
    const size_t total = rollout_total(rollout);
    if (total == 0)
        say_nothing(&line, rollout);
    else if (total == 1 && rollout->worst < rollout->count)
        say_only(&line, rollout);
    else if (rollout->worst < rollout->count || state_is(rollout->verdict.state, STATE_SETTLED))
        say_several(&line, rollout);
    else if (rollout->dropped == 0) /* of all, however well the members are that are there */
        say_unknown(&line, rollout, rollout->verdict.why, NULL);
    if (state_is(rollout->verdict.state, STATE_MOVES))
        say_time_left(&line, rollout);
    text_shorten(out, size, whole);
}
