#include "evidence/counting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

int set_up(void **state)
{
    static struct world world;
    memset(&world, 0, sizeof world);
    *state = &world;
    return 0;
}

void evaluate(struct world *world, int64_t t_s)
{
    struct survey empty = survey_empty(); /* what was counted before lies in its room still */
    memcpy(empty.counted.list, world->survey.counted.list, sizeof empty.counted.list);
    world->survey = empty;
    world->survey.recorded = true;
    world->survey.timed = KINDS_ALL;
    world->survey.oldest_ms = T_MS + t_s * 1000 - 5000;
    world->survey.eval_ms = T_MS + t_s * 1000 + 1000;
    world->survey.evaluated_ms[RULE_COUNT] = T_MS + t_s * 1000;
    world->survey.evaluated_ms[RULE_OLDEST] = T_MS + t_s * 1000;
    world->survey.evaluated_ms[RULE_UNSETTLED] = T_MS + t_s * 1000;
    world->survey.evaluated_ms[RULE_SETTLED] = T_MS + t_s * 1000;
    world->answer = (struct answer){
        .eval_ms = world->survey.eval_ms, .ledger = &world->ledger, .survey_count = 1};
    world->answer.kind_alive[world->kind] = true;
    world->now_ms = t_s * 1000 + 1000;
}

void count(struct world *world, uint64_t id, int64_t rows, int64_t settled, int64_t unsettled)
{
    *whole_place(&world->survey.counted, id, world->kind) =
        (struct source_count){id, world->kind, rows, settled, unsettled};
}

enum doubt weigh(struct world *world, size_t total)
{
    world->survey.total[world->kind] = total;
    world->answer.surveys = &world->survey;
    world->answer.sent_ms = world->now_ms;
    source_note(&world->answer);
    const struct whole_sight sight = {
        .survey = &world->survey,
        .counted = &world->survey.counted,
        .total = world->survey.total,
        .answer = &world->answer,
        .now_ms = world->now_ms,
        .max_age_ms = MAX_AGE_MS,
    };
    world->belief = whole_weigh(&world->whole, &sight);
    return world->belief.doubt;
}

void introduce_in(struct world *world, uint64_t id, int64_t now_ms, uint64_t cluster)
{
    char text[32];
    snprintf(text, sizeof text, "instance=\"ksm-%d:8080\"", (int)id);
    const struct source_seen seen = {id, world->kind, T_MS, text, cluster};
    struct answer answer = {
        .ledger = &world->ledger, .sent_ms = now_ms, .sources = &seen, .source_count = 1};
    source_note(&answer);
}

void introduce(struct world *world, uint64_t id, int64_t now_ms)
{
    introduce_in(world, id, now_ms, 0);
}

const char *said(const struct world *world)
{
    static char words[256];
    whole_words(&world->belief, &world->ledger, words, sizeof words);
    return words;
}

void assert_words(const struct world *world, const char *words)
{
    assert_string_equal(said(world), words);
}
