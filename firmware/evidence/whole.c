#include "evidence/whole.h"

#include "base/text.h"
#include "evidence/clock.h"
#include "evidence/kin.h"
#include "evidence/lacks.h"
#include "evidence/stays.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct source_count *whole_place(struct counted *counted, uint64_t id, enum workload_kind kind)
{
    for (size_t i = 0; i < counted->count; i++)
        if (counted->list[i].id == id)
            return &counted->list[i];
    struct source_count *place = &counted->rest[kind];
    if (counted->count < COUNTED_MAX)
        place = &counted->list[counted->count++];
    else
        counted->crowded = true;
    place->id = id;
    place->kind = kind;
    return place;
}

void whole_count(const struct row rows[], size_t count, struct counted *counted,
                 size_t total[static KIND_COUNT])
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].left_behind)
            continue;
        whole_place(counted, rows[i].source_id, rows[i].key.kind)->rows++;
        total[rows[i].key.kind] += rows[i].source == 0;
    }
}

/* --- when */

/* Where what is settled, and what is not, is new and makes up all rows, the rows are new too. */
static const enum survey_rule timed_rules[] = {RULE_COUNT, RULE_SETTLED, RULE_UNSETTLED};
#define TIMED_RULES (sizeof timed_rules / sizeof timed_rules[0])

/*
 * When the survey's rules were evaluated: the first of them, so that all of it was so then or
 * later, or the last, which tells one evaluation from the next also while its rules are written one
 * by one. A question is evaluated at once; so is one to which there is nothing.
 */
static int64_t evaluation_ms(const struct survey *survey, bool last)
{
    int64_t found_ms = ROW_MISSING;
    for (size_t i = 0; survey->recorded && i < TIMED_RULES; i++) {
        const int64_t here_ms = survey->evaluated_ms[timed_rules[i]];
        const bool better = last ? here_ms > found_ms : here_ms < found_ms;
        if (here_ms != ROW_MISSING && (found_ms == ROW_MISSING || better))
            found_ms = here_ms;
    }
    return found_ms == ROW_MISSING ? survey->eval_ms : found_ms;
}

int64_t whole_seen_ms(const struct whole_sight *sight, bool last)
{
    return sight->survey->taken ? evaluation_ms(sight->survey, last) : sight->answer->eval_ms;
}

/* [N2] */
static int64_t age_ms(const struct whole_sight *sight, int64_t time_ms)
{
    const struct answer_time of = {sight->survey->eval_ms, sight->answer->lag_ms, sight->now_ms,
                                   sight->answer->clock};
    return evidence_age_ms(&of, time_ms);
}

/* When the last rules were evaluated, the first of these; ROW_MISSING: they yield nothing. */
static int64_t last_rules_ms(const struct survey *survey)
{
    const int64_t settled_ms = survey->evaluated_ms[RULE_SETTLED];
    const int64_t unsettled_ms = survey->evaluated_ms[RULE_UNSETTLED];
    const bool earlier =
        settled_ms == ROW_MISSING || (unsettled_ms != ROW_MISSING && unsettled_ms < settled_ms);
    return earlier ? unsettled_ms : settled_ms;
}

/*
 * The oldest sample that all rules have seen. While that one is evaluated anew and the last ones
 * are not yet, it is the one of then; 0: it is not known.
 */
static int64_t oldest_ms(const struct whole *whole, const struct survey *survey)
{
    const int64_t last_ms = last_rules_ms(survey), here_ms = survey->oldest_ms;
    int64_t then_ms = 0;
    if (!survey->recorded || last_ms == ROW_MISSING || last_ms >= survey->evaluated_ms[RULE_OLDEST])
        return here_ms;
    if (last_ms == whole->last.evaluated_ms)
        then_ms = whole->last.sample_ms;
    else if (last_ms >= whole->first.evaluated_ms)
        then_ms = whole->first.sample_ms;
    return here_ms != ROW_MISSING && here_ms < then_ms ? here_ms : then_ms;
}

static void note_oldest(struct whole *whole, const struct survey *survey)
{
    const int64_t sample_ms = oldest_ms(whole, survey);
    whole->first = (struct whole_oldest){survey->evaluated_ms[RULE_OLDEST], survey->oldest_ms};
    whole->last = (struct whole_oldest){last_rules_ms(survey), sample_ms};
}

/* All that the survey says was so at this moment (monotonic) or later. */
static int64_t truth_ms(const struct whole *whole, const struct whole_sight *sight)
{
    const int64_t first_ms = age_ms(sight, evaluation_ms(sight->survey, false));
    const int64_t sample_ms = age_ms(sight, oldest_ms(whole, sight->survey));
    return sight->now_ms - (first_ms > sample_ms ? first_ms : sample_ms);
}

static bool is_old(const struct whole_sight *sight, int64_t time_ms)
{
    return time_ms == ROW_MISSING || age_ms(sight, time_ms) > sight->max_age_ms;
}

static enum doubt doubt_times(const struct whole *whole, const struct whole_sight *sight,
                              enum survey_rule *rule)
{
    const struct survey *survey = sight->survey;
    for (size_t i = 0; survey->recorded && i < TIMED_RULES; i++) {
        *rule = timed_rules[i];
        const int64_t here_ms = survey->evaluated_ms[*rule];
        if (here_ms != ROW_MISSING && is_old(sight, here_ms)) /* missing: it lists nothing */
            return DOUBT_STALE;
    }
    *rule = RULE_OLDEST;
    if (is_old(sight, oldest_ms(whole, survey)))
        return DOUBT_STALE;
    return survey->oldest_ms > survey->eval_ms + EVIDENCE_ROUNDING_MS ? DOUBT_CLOCK : DOUBT_NONE;
}

/* --- how many */

struct source_count whole_sum(const struct counted *counted, enum workload_kind kind)
{
    struct source_count sum = counted->rest[kind];
    sum.kind = kind;
    for (size_t i = 0; i < counted->count; i++) {
        const struct source_count *here = &counted->list[i];
        if (here->kind != kind)
            continue;
        sum.rows += here->rows;
        sum.settled += here->settled;
        sum.unsettled += here->unsettled;
    }
    return sum;
}

/* All of a kind: a rule without any series is missing. */
static bool kind_adds_up(const struct whole_sight *sight, enum workload_kind kind,
                         struct whole_belief *belief)
{
    const struct survey *survey = sight->survey;
    const int64_t total = (int64_t)sight->total[kind];
    belief->counts = whole_sum(sight->counted, kind);
    const bool seen = total > 0 || belief->counts.rows > 0 || belief->counts.settled > 0 ||
                      belief->counts.unsettled > 0;
    if (!seen)
        return true;
    belief->rule = RULE_ROWS;
    if (belief->counts.rows < total) {
        belief->counts.rows = total;
        return false;
    }
    belief->rule = RULE_COUNT;
    if (total == 0)
        return false;
    belief->rule = RULE_OLDEST;
    return !survey->recorded || (survey->timed & KIND_BIT(kind)) != 0;
}

static bool source_adds_up(const struct source_count *counts, bool more,
                           struct whole_belief *belief)
{
    const int64_t sum = counts->settled + counts->unsettled;
    if (more || sum == counts->rows)
        return true;
    belief->counts = *counts;
    belief->rule = RULE_ROWS;
    if (sum < counts->rows)
        belief->rule = counts->settled == 0 ? RULE_SETTLED : RULE_UNSETTLED;
    return false;
}

/* False, and `belief` says where, when counts do not add up. */
static bool adds_up(const struct whole_sight *sight, struct whole_belief *belief)
{
    const struct counted *counted = sight->counted;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (!kind_adds_up(sight, (enum workload_kind)kind, belief))
            return false;
    for (size_t i = 0; i < counted->count; i++)
        if (!source_adds_up(&counted->list[i], sight->survey->more, belief))
            return false;
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        if (!source_adds_up(&counted->rest[kind], sight->survey->more, belief))
            return false;
    return true;
}

/* --- what is listed */

static bool is_same_text(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* A ruler may have added labels of its own. */
static bool is_same_source(const struct source_ledger *ledger, uint64_t a, uint64_t b)
{
    if (a == b)
        return true;
    const struct source_record *left = source_find(ledger, a), *right = source_find(ledger, b);
    return left != NULL && right != NULL && kin_is_same(left->text, right->text);
}

static bool is_row_of(const struct row *row, const struct listed *listed,
                      const struct source_ledger *ledger)
{
    const struct workload_key *key = &listed->key;
    return row->selection == listed->selection && row->key.kind == key->kind && !row->left_behind &&
           is_same_text(row->key.name, key->name) &&
           is_same_text(row->key.namespace_, key->namespace_) &&
           is_same_text(row->key.cluster, key->cluster) &&
           is_same_text(row->key.exported, key->exported) &&
           is_same_source(ledger, row->source_id, listed->source_id);
}

static bool has_row(const struct answer *answer, const struct listed *listed)
{
    size_t i = 0;
    while (i < answer->count && !is_row_of(&answer->rows[i], listed, answer->ledger))
        i++;
    return i < answer->count;
}

/* False, and `belief` names it, when something that is listed has no row. Where more is listed than
   was asked for, nothing is concluded. */
static bool all_listed_are_seen(const struct whole_sight *sight, struct whole_belief *belief)
{
    const struct answer *answer = sight->answer;
    for (size_t i = 0; !sight->survey->more && i < answer->listed_count; i++) {
        const struct listed *listed = &answer->listed[i];
        if (listed->selection != sight->selection || has_row(answer, listed))
            continue;
        char name[2 * WHOLE_NAME_SIZE];
        snprintf(name, sizeof name, "%s/%s", listed->key.namespace_, listed->key.name);
        text_printable(belief->workload, sizeof belief->workload, name);
        belief->odd = ODD_UNSEEN;
        belief->kind = listed->key.kind;
        return false;
    }
    return true;
}

/* A rule whose evaluation is older than that of the one before has failed. */
static void blame_oldest(const struct survey *survey, struct whole_belief *belief)
{
    for (size_t i = 1; survey->recorded && i < TIMED_RULES; i++) {
        const int64_t before_ms = survey->evaluated_ms[timed_rules[i - 1]];
        const int64_t here_ms = survey->evaluated_ms[timed_rules[i]];
        if (here_ms == ROW_MISSING || before_ms == ROW_MISSING || here_ms >= before_ms)
            continue;
        belief->rule = timed_rules[i];
        return;
    }
}

static bool is_counted_at_all(const struct whole_sight *sight)
{
    return survey_total(sight->survey) > 0 || sight->counted->count > 0;
}

/* It does not add up: does what was known before stand once more? */
static bool may_stand(struct whole *whole, const struct whole_sight *sight)
{
    const int64_t now_ms = sight->now_ms, last_ms = evaluation_ms(sight->survey, true);
    const bool young = whole->added_up && now_ms - whole->truth_ms <= sight->max_age_ms;
    if (!young || (whole->odd && whole->odd_ms != last_ms)) /* [W3 once] */
        return false;
    whole->odd = true;
    whole->odd_ms = last_ms;
    return true;
}

/* The survey by itself: its times, its counts. Which rule is missing says more than how old
   something is. */
static void weigh_survey(struct whole *whole, const struct whole_sight *sight,
                         struct whole_belief *belief)
{
    const struct survey *survey = sight->survey;
    if (!is_counted_at_all(sight))
        return;
    if (!adds_up(sight, belief) || !all_listed_are_seen(sight, belief)) { /* [W3] */
        blame_oldest(survey, belief);
        belief->stands = may_stand(whole, sight);
        belief->doubt = belief->stands ? DOUBT_NONE : DOUBT_COUNTS;
        whole->added_up &= belief->stands;
        return;
    }
    belief->doubt = doubt_times(whole, sight, &belief->rule);
    whole->added_up = belief->doubt == DOUBT_NONE;
    whole->odd = false;
    whole->truth_ms = truth_ms(whole, sight);
    note_oldest(whole, survey);
}

/* --- from where */

/* Of counts that add up: those that do not say nothing of where they come from. */
static void weigh_sources(struct whole *whole, const struct whole_sight *sight,
                          struct whole_belief *belief)
{
    if (!sight->survey->taken && whole->count == 0)
        return; /* where all rows come, each member's own proof knows its source */
    if (sight->counted->crowded) {
        belief->doubt = DOUBT_COUNTS;
        belief->odd = ODD_CROWDED;
        whole->added_up = false;
        return;
    }
    const struct whole_source *lost = stays_find_lost(whole, sight);
    if (lost != NULL) {
        const bool others = sight->answer->kind_alive[lost->kind];
        belief->doubt = others ? DOUBT_SOURCE_GONE : DOUBT_NO_DATA;
        belief->source = lost->id;
        whole->added_up = false; /* it must not stand for the next answer */
        return;
    }
    stays_note(whole, sight);
}

struct whole_belief whole_weigh(struct whole *whole, const struct whole_sight *sight)
{
    struct whole_belief belief = {.doubt = DOUBT_NONE, .recorded = sight->survey->recorded};
    if (sight->answer->partial || sight->survey->partial)
        return belief;
    if (sight->survey->taken)
        weigh_survey(whole, sight, &belief);
    if (belief.doubt == DOUBT_NONE && !belief.stands)
        weigh_sources(whole, sight, &belief);
    return belief;
}

/* --- in words */

static void unseen_words(const struct whole_belief *belief, char *out, size_t size)
{
    snprintf(out, size,
             "%s is not settled, and no row of it is there: does this Prometheus have %s?",
             belief->workload, kind_metrics(belief->kind)->heartbeat);
}

static void crowded_words(char *out, size_t size)
{
    snprintf(out, size,
             "more than %d exporters are counted (each kind by itself), and nobody can tell "
             "whether one is lost: ask by cluster, or by namespace, in several rollouts",
             COUNTED_MAX);
}

static void counts_words(const struct whole_belief *belief, char *out, size_t size)
{
    const struct source_count *counts = &belief->counts;
    const char *kind = kind_name(counts->kind);
    const char *rule = survey_rule_name(belief->rule);
    char end[96] = "does something in between cut answers?";
    if (belief->recorded)
        snprintf(end, sizeof end, "is the rule amberbar:workloads:%s missing, or does it fail?",
                 rule);
    if (belief->recorded && belief->rule == RULE_COUNT && counts->rows == 0)
        snprintf(out, size,
                 "there are %ss, and the rule amberbar:workloads:%s counts none: has Prometheus "
                 "loaded amberbar.rules.yml?",
                 kind, rule);
    else if (belief->rule == RULE_COUNT || belief->rule == RULE_OLDEST)
        snprintf(out, size, "%" PRId64 " rows of %ss are counted, but %s: %s", counts->rows, kind,
                 belief->rule == RULE_COUNT ? "no workloads" : "not when they were scraped", end);
    else
        snprintf(out, size,
                 "of %" PRId64 " %ss %" PRId64 " are counted as settled and %" PRId64 " as not: %s",
                 counts->rows, kind, counts->settled, counts->unsettled, end);
}

void whole_words(const struct whole_belief *belief, const struct source_ledger *ledger, char *out,
                 size_t size)
{
    char name[SOURCE_NAME_SIZE];
    out[0] = '\0';
    if (belief->doubt == DOUBT_COUNTS && belief->odd == ODD_COUNTS)
        counts_words(belief, out, size);
    if (belief->doubt == DOUBT_COUNTS && belief->odd == ODD_UNSEEN)
        unseen_words(belief, out, size);
    if (belief->doubt == DOUBT_COUNTS && belief->odd == ODD_CROWDED)
        crowded_words(out, size);
    if (belief->doubt == DOUBT_STALE && belief->recorded && belief->rule != RULE_OLDEST)
        snprintf(out, size,
                 "the rule amberbar:workloads:%s was not evaluated lately: does it fail?",
                 survey_rule_name(belief->rule));
    if (belief->doubt == DOUBT_SOURCE_GONE || belief->doubt == DOUBT_NO_DATA) {
        source_name(source_find(ledger, belief->source), name);
        text_copy(out, size, name);
    }
}
