#include "evidence/whole.h"

#include "base/text.h"
#include "evidence/clock.h"

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

/* The rows of a source; 0: it is not counted. */
static int64_t rows_of(const struct counted *counted, uint64_t id)
{
    for (size_t i = 0; i < counted->count; i++)
        if (counted->list[i].id == id)
            return counted->list[i].rows;
    return 0;
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

/* The same of what is not surveyed: it is of the moment of its answer. */
static int64_t seen_ms(const struct whole_sight *sight, bool last)
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

/* All that the survey says was so at this moment (monotonic) or later. */
static int64_t truth_ms(const struct whole_sight *sight)
{
    const int64_t first_ms = age_ms(sight, evaluation_ms(sight->survey, false));
    const int64_t oldest_ms = age_ms(sight, sight->survey->oldest_ms);
    return sight->now_ms - (first_ms > oldest_ms ? first_ms : oldest_ms);
}

static bool is_old(const struct whole_sight *sight, int64_t time_ms)
{
    return time_ms == ROW_MISSING || age_ms(sight, time_ms) > sight->max_age_ms;
}

static enum doubt doubt_times(const struct whole_sight *sight, enum survey_rule *rule)
{
    const struct survey *survey = sight->survey;
    for (size_t i = 0; survey->recorded && i < TIMED_RULES; i++) {
        *rule = timed_rules[i];
        const int64_t here_ms = survey->evaluated_ms[*rule];
        if (here_ms != ROW_MISSING && is_old(sight, here_ms)) /* missing: it lists nothing */
            return DOUBT_STALE;
    }
    *rule = RULE_OLDEST;
    if (is_old(sight, survey->oldest_ms))
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
    if (!adds_up(sight, belief)) { /* [W3] */
        blame_oldest(survey, belief);
        belief->stands = may_stand(whole, sight);
        belief->doubt = belief->stands ? DOUBT_NONE : DOUBT_COUNTS;
        whole->added_up &= belief->stands;
        return;
    }
    belief->doubt = doubt_times(sight, &belief->rule);
    whole->added_up = belief->doubt == DOUBT_NONE;
    whole->odd = false;
    whole->truth_ms = truth_ms(sight);
}

/* --- from where */

static bool is_gone(const struct whole_source *known, const struct counted *counted)
{
    return rows_of(counted, known->id) <= 0;
}

static int64_t lost_rows(const struct whole *whole, const struct counted *counted,
                         enum workload_kind kind)
{
    int64_t lost = 0;
    for (size_t i = 0; i < whole->count; i++)
        if (whole->known[i].kind == kind && is_gone(&whole->known[i], counted))
            lost += whole->known[i].rows;
    return lost;
}

/* The rows of all that came when one of the lost ones went. */
static int64_t heirs_rows(const struct whole *whole, const struct whole_sight *sight,
                          enum workload_kind kind)
{
    const struct counted *counted = sight->counted;
    int64_t rows = 0;
    for (size_t i = 0; i < counted->count; i++) {
        bool heir = false;
        for (size_t k = 0; k < whole->count && !heir; k++)
            heir = whole->known[k].kind == kind && is_gone(&whole->known[k], counted) &&
                   source_succeeds(sight->answer->ledger, counted->list[i].id, whole->known[k].id);
        if (heir && counted->list[i].kind == kind)
            rows += counted->list[i].rows;
    }
    return rows;
}

/* Two in a hundred, or two of a few, may have been deleted in the same moment. */
static bool is_succeeded(const struct whole *whole, const struct whole_sight *sight,
                         enum workload_kind kind, int64_t lost)
{
    int64_t deleted = lost / 50 > 2 ? lost / 50 : 2;
    deleted = deleted < lost / 2 ? deleted : lost / 2;
    return lost > 0 && heirs_rows(whole, sight, kind) >= lost - deleted;
}

/* Alive, and in a second evaluation it has nothing here. */
static bool has_left(struct whole_source *known, const struct whole_sight *sight)
{
    const bool alive = !sight->answer->unwitnessed && source_seen(sight->answer, known->id) != NULL;
    if (alive && known->missed_ms != ROW_MISSING)
        return seen_ms(sight, false) > known->missed_ms;
    known->missed_ms = alive ? seen_ms(sight, true) : ROW_MISSING;
    return false;
}

/* Are as many workloads counted without it? Said once, of an evaluation that is new in all rules:
   what is created later does not make up for it. */
static bool was_of_a_pair(const struct whole *whole, struct whole_source *known,
                          const struct whole_sight *sight, int64_t lost)
{
    if (known->fallen || seen_ms(sight, false) <= whole->evaluated_ms)
        return false;
    const int64_t before = (int64_t)whole->total[known->kind];
    known->fallen = (int64_t)sight->total[known->kind] < before - lost / 50;
    return !known->fallen;
}

/* Drops what is explained of the sources that are not counted any more; the first that is not. */
static const struct whole_source *find_lost(struct whole *whole, const struct whole_sight *sight)
{
    bool succeeded[KIND_COUNT];
    int64_t lost[KIND_COUNT];
    size_t kept = 0;
    const struct whole_source *first = NULL;
    for (int i = 0; i < KIND_COUNT; i++) {
        const enum workload_kind kind = (enum workload_kind)i;
        lost[i] = lost_rows(whole, sight->counted, kind);
        succeeded[i] = is_succeeded(whole, sight, kind, lost[i]);
    }
    for (size_t i = 0; i < whole->count; i++) {
        struct whole_source known = whole->known[i];
        const bool gone = is_gone(&known, sight->counted);
        if (gone && (succeeded[known.kind] || has_left(&known, sight) ||
                     was_of_a_pair(whole, &known, sight, lost[known.kind])))
            continue;
        whole->known[kept] = known;
        if (gone && first == NULL)
            first = &whole->known[kept];
        kept++;
    }
    whole->count = kept;
    return first;
}

static void note(struct whole *whole, const struct source_count *counts)
{
    size_t at = 0;
    while (at < whole->count && whole->known[at].id != counts->id)
        at++;
    if (at == COUNTED_MAX || counts->rows <= 0)
        return;
    whole->known[at] =
        (struct whole_source){counts->id, counts->kind, counts->rows, false, ROW_MISSING};
    whole->count = at == whole->count ? at + 1 : whole->count;
}

/* Of counts that add up: those that do not say nothing of where they come from. */
static void weigh_sources(struct whole *whole, const struct whole_sight *sight,
                          struct whole_belief *belief)
{
    const struct counted *counted = sight->counted;
    if (counted->crowded) { /* only what is counted in sum can be known */
        whole->count = 0;
        return;
    }
    const struct whole_source *lost = find_lost(whole, sight);
    if (lost != NULL) {
        const bool others = sight->answer->kind_alive[lost->kind];
        belief->doubt = others ? DOUBT_SOURCE_GONE : DOUBT_NO_DATA;
        belief->source = lost->id;
        whole->added_up = false; /* it must not stand for the next answer */
        return;
    }
    if (!sight->survey->taken && whole->count == 0)
        return; /* where all rows come, each member's own proof knows its source */
    for (size_t i = 0; i < counted->count; i++)
        note(whole, &counted->list[i]);
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        whole->total[kind] = sight->total[kind];
    whole->evaluated_ms = seen_ms(sight, true);
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

void whole_miss(const struct whole *whole, const struct counted *counted,
                const struct answer *answer, struct missed_sources *missed)
{
    for (size_t i = 0; i < whole->count; i++)
        if (is_gone(&whole->known[i], counted))
            source_miss(missed, answer, whole->known[i].id);
}

/* --- in words */

static void counts_words(const struct whole_belief *belief, char *out, size_t size)
{
    const struct source_count *counts = &belief->counts;
    const char *kind = kind_name(counts->kind);
    const char *rule = survey_rule_name(belief->rule);
    char end[96] = "does something in between cut answers?";
    if (belief->recorded)
        snprintf(end, sizeof end, "is the rule amberbar:workloads:%s missing, or does it fail?",
                 rule);
    if (belief->rule == RULE_COUNT || belief->rule == RULE_OLDEST)
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
    if (belief->doubt == DOUBT_COUNTS)
        counts_words(belief, out, size);
    if (belief->doubt == DOUBT_STALE && belief->recorded && belief->rule != RULE_OLDEST)
        snprintf(out, size,
                 "the rule amberbar:workloads:%s was not evaluated lately: does it fail?",
                 survey_rule_name(belief->rule));
    if (belief->doubt == DOUBT_SOURCE_GONE || belief->doubt == DOUBT_NO_DATA) {
        source_name(source_find(ledger, belief->source), name);
        text_copy(out, size, name);
    }
}
