/* What a server's survey says of the rows that it has (prometheus/promql/survey.h). */
#include "law/survey.h"

#include "evidence/whole.h"

#include <string.h>

static bool serves(const struct row *row)
{
    return row->updated >= row->spec && row->available >= row->spec;
}

static bool is_seen(const struct row *row)
{
    return row->observed >= row->generation;
}

/* As DEPLOYMENT_SETTLED and its siblings have it in PromQL (evidence/kinds.h). */
static bool is_settled(const struct row *row)
{
    switch (row->key.kind) {
    case KIND_DEPLOYMENT:
        return is_seen(row) && serves(row) && row->updated == row->spec &&
               row->replicas == row->spec && row->progressing != CONDITION_FALSE;
    case KIND_STATEFULSET:
        return is_seen(row) && serves(row) && row->replicas == row->spec && row->ready >= row->spec;
    case KIND_DAEMONSET:
        return is_seen(row) && serves(row) && row->replicas == row->spec;
    case KIND_ROLLOUT:
        return serves(row) && row->phase == PHASE_COMPLETED &&
               !(row->spec == 0 && row->available + row->unavailable > 0);
    case KIND_COUNT:
        break;
    }
    return false;
}

void survey_of_answer(const struct world_answer *answer, struct survey *survey,
                      struct listed_workloads *listed)
{
    listed->count = 0;
    *survey = survey_empty();
    survey->eval_ms = answer->eval_ms;
    survey->partial = answer->partial;
    for (size_t i = 0; i < answer->count; i++) {
        const struct row *row = &answer->rows[i];
        const enum workload_kind kind = row->key.kind;
        struct source_count *place = whole_place(&survey->counted, row->source_id, kind);
        const bool settled = is_settled(row);
        place->rows++;
        place->settled += settled;
        place->unsettled += !settled;
        survey->total[kind] += row->source == 0;
        survey->timed |= KIND_BIT(kind);
        if (survey->oldest_ms == ROW_MISSING || row->sample_ms < survey->oldest_ms)
            survey->oldest_ms = row->sample_ms;
        if (settled)
            continue;
        survey->listed++;
        listed->list[listed->count++] =
            (struct listed){.key = row->key, .source_id = row->source_id};
    }
}

/* --- by recording rules */

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)

void rules_begin(struct rules *rules, uint64_t seed, bool fail)
{
    static const int64_t steps[] = {5 * SECOND_MS, 15 * SECOND_MS, 30 * SECOND_MS};
    *rules = (struct rules){.seed = seed};
    rules->step_ms = steps[random_in(&rules->seed, 0, 2)];
    rules->fault_due_ms = fail ? random_in(&rules->seed, MINUTE_MS, 60 * MINUTE_MS) : INT64_MAX;
}

int64_t rules_due_ms(const struct rules *rules)
{
    return rules->due_ms < rules->fault_due_ms ? rules->due_ms : rules->fault_due_ms;
}

static void evaluate(struct rules *rules, const struct world *world)
{
    struct recorded *recorded = &rules->recorded[rules->next];
    struct world_answer answer;
    const int64_t now_ms = world_clock_ms(world);
    if (now_ms <= recorded->at_ms || (rules->failing & 1U << rules->next) != 0)
        return;
    world_ask(world, false, &answer);
    recorded->at_ms = now_ms;
    survey_of_answer(&answer, &recorded->survey, &recorded->listed);
    recorded->source_count = answer.source_count;
    for (size_t i = 0; i < answer.source_count; i++) {
        recorded->sources[i] = answer.sources[i];
        recorded->sources[i].newest_ms = ROW_MISSING; /* a rule leaves out when */
    }
}

static void evaluate_next(struct rules *rules, const struct world *world)
{
    if (rules->next == 0)
        rules->begun_ms = world->now_ms;
    evaluate(rules, world);
    rules->next = (enum survey_rule)((rules->next + 1) % SURVEY_RULES);
    rules->due_ms = world->now_ms + random_in(&rules->seed, 1, RULE_MOST_MS);
    if (rules->next == 0 && rules->begun_ms + rules->step_ms > rules->due_ms)
        rules->due_ms = rules->begun_ms + rules->step_ms;
}

void rules_happen(struct rules *rules, const struct world *world)
{
    if (rules->due_ms <= world->now_ms)
        evaluate_next(rules, world);
    if (rules->fault_due_ms > world->now_ms)
        return;
    if (rules->failing != 0)
        rules->failing = 0;
    else
        rules->failing = (unsigned)random_in(&rules->seed, 1, (1 << SURVEY_RULES) - 1);
    rules->fault_due_ms = world->now_ms + random_in(&rules->seed, SECOND_MS, 40 * MINUTE_MS);
}

/* NULL: a store shows nothing of it any more, or not yet. */
static const struct recorded *shown(const struct rules *rules, const struct world *world,
                                    enum survey_rule rule)
{
    const struct recorded *recorded = &rules->recorded[rule];
    const int64_t now_ms = world_clock_ms(world);
    const bool is = recorded->at_ms > now_ms - WORLD_LOOKBACK_MS && recorded->at_ms <= now_ms;
    return is ? recorded : NULL;
}

/* A rule that yields nothing has no series that says when it was evaluated. */
static int64_t evaluated_ms(const struct recorded *recorded, int64_t found)
{
    return found > 0 ? recorded->at_ms : ROW_MISSING;
}

static void add_counted(const struct recorded *recorded, enum survey_rule rule,
                        struct survey *survey)
{
    int64_t found = 0;
    for (size_t i = 0; i < recorded->survey.counted.count; i++) {
        const struct source_count *of = &recorded->survey.counted.list[i];
        const int64_t count = rule == RULE_ROWS      ? of->rows
                              : rule == RULE_SETTLED ? of->settled
                                                     : of->unsettled;
        if (count == 0)
            continue;
        struct source_count *place = whole_place(&survey->counted, of->id, of->kind);
        place->rows += rule == RULE_ROWS ? count : 0;
        place->settled += rule == RULE_SETTLED ? count : 0;
        place->unsettled += rule == RULE_UNSETTLED ? count : 0;
        found += count;
    }
    survey->evaluated_ms[rule] = evaluated_ms(recorded, found);
}

void rules_survey(const struct rules *rules, const struct world *world, struct recorded *answer)
{
    const struct recorded *count = shown(rules, world, RULE_COUNT);
    const struct recorded *oldest = shown(rules, world, RULE_OLDEST);
    const struct recorded *rows = shown(rules, world, RULE_ROWS);
    const struct recorded *unsettled = shown(rules, world, RULE_UNSETTLED);
    struct survey *survey = &answer->survey;
    *answer = (struct recorded){.at_ms = world_clock_ms(world), .survey = survey_empty()};
    survey->recorded = true;
    survey->eval_ms = answer->at_ms;
    if (count != NULL) {
        memcpy(survey->total, count->survey.total, sizeof survey->total);
        survey->evaluated_ms[RULE_COUNT] =
            evaluated_ms(count, (int64_t)survey_total(&count->survey));
    }
    if (oldest != NULL) {
        survey->oldest_ms = oldest->survey.oldest_ms;
        survey->evaluated_ms[RULE_OLDEST] =
            evaluated_ms(oldest, oldest->survey.oldest_ms != ROW_MISSING);
        survey->timed = oldest->survey.timed;
    }
    for (int rule = RULE_ROWS; rule <= RULE_UNSETTLED; rule++) {
        const struct recorded *recorded = shown(rules, world, (enum survey_rule)rule);
        if (recorded != NULL)
            add_counted(recorded, (enum survey_rule)rule, survey);
    }
    if (unsettled != NULL)
        answer->listed = unsettled->listed;
    survey->listed = answer->listed.count;
    if (rows == NULL)
        return;
    memcpy(answer->sources, rows->sources, sizeof answer->sources);
    answer->source_count = rows->source_count;
}

bool rules_are_whole(const struct rules *rules, const struct world *world, int64_t ms)
{
    bool whole = rules->failing == 0 && rules->fault_due_ms > world->now_ms + ms;
    for (int rule = 0; rule < SURVEY_RULES; rule++)
        whole &= shown(rules, world, (enum survey_rule)rule) != NULL;
    return whole;
}
