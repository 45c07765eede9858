/*
 * What a survey lists, because it is not settled, has rows: nothing is known of it else.
 */
#include "evidence/counting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A source of the labels of another one, and one more. */
static void introduce_ruled(struct world *world, uint64_t id, int other)
{
    char text[48];
    snprintf(text, sizeof text, "instance=\"ksm-%d:8080\",ruler=\"r1\"", other);
    const struct source_seen seen = {id, KIND_DEPLOYMENT, T_MS, text, 0};
    struct answer answer = {.ledger = &world->ledger, .sources = &seen, .source_count = 1};
    source_note(&answer);
}

static const struct {
    const char *sentence;
    struct workload_key key;
    uint64_t source;
    size_t selection;
    bool left_behind, seen;
} listings[] = {
    {"its own", {KIND_DEPLOYMENT, "eu", "shop", "api", ""}, 1, 0, false, true},
    {"none: a name", {KIND_DEPLOYMENT, "eu", "shop", "web", ""}, 1, 0, false, false},
    {"none: a namespace", {KIND_DEPLOYMENT, "eu", "pay", "api", ""}, 1, 0, false, false},
    {"none: a cluster", {KIND_DEPLOYMENT, "us", "shop", "api", ""}, 1, 0, false, false},
    {"none: a kind", {KIND_STATEFULSET, "eu", "shop", "api", ""}, 1, 0, false, false},
    {"none: what it is elsewhere",
     {KIND_DEPLOYMENT, "eu", "shop", "api", "a/b"},
     1,
     0,
     false,
     false},
    {"of another exporter", {KIND_DEPLOYMENT, "eu", "shop", "api", ""}, 2, 0, false, false},
    {"its own, with a label of the ruler's",
     {KIND_DEPLOYMENT, "eu", "shop", "api", ""},
     3,
     0,
     false,
     true},
    {"of another rollout", {KIND_DEPLOYMENT, "eu", "shop", "api", ""}, 1, 1, false, false},
    {"exported no more", {KIND_DEPLOYMENT, "eu", "shop", "api", ""}, 1, 0, true, false},
};

/* Nothing is concluded of what is listed and is not there: the rules alone may be. */
static void what_is_listed_has_a_row(void **state)
{
    const struct listed listed = {0, {KIND_DEPLOYMENT, "eu", "shop", "api", NULL}, 1};
    for (size_t i = 0; i < sizeof listings / sizeof listings[0]; i++) {
        struct world *world = *state;
        set_up(state);
        introduce(world, 1, 0);
        introduce(world, 2, 0);
        introduce_ruled(world, 3, 1);
        struct row row = {.key = listings[i].key,
                          .selection = listings[i].selection,
                          .source_id = listings[i].source};
        evaluate(world, 0);
        count(world, 1, 5, 4, 1);
        world->answer.surveys = &world->survey;
        world->answer.rows = &row;
        world->answer.count = 1;
        world->answer.listed = &listed;
        world->answer.listed_count = 1;
        source_note(&world->answer);
        row.left_behind = listings[i].left_behind;
        world->survey.total[KIND_DEPLOYMENT] = 5;
        const struct whole_sight sight = {.survey = &world->survey,
                                          .counted = &world->survey.counted,
                                          .total = world->survey.total,
                                          .answer = &world->answer,
                                          .now_ms = world->now_ms,
                                          .max_age_ms = MAX_AGE_MS};
        world->belief = whole_weigh(&world->whole, &sight);
        if (world->belief.doubt != (listings[i].seen ? DOUBT_NONE : DOUBT_COUNTS))
            fail_msg("%s: doubt %d", listings[i].sentence, (int)world->belief.doubt);
        assert_words(world, listings[i].seen
                                ? ""
                                : "shop/api is not settled, and no row of it is there: does this "
                                  "Prometheus have kube_deployment_metadata_generation?");
    }
}

/* Weighs what is listed beside those rows, of source 1. */
static enum doubt weigh_listed(struct world *world, const struct listed listed[], size_t count_of,
                               struct row rows[], size_t count_rows)
{
    evaluate(world, 0);
    count(world, 1, 5, 3, 2);
    world->answer.rows = rows;
    world->answer.count = count_rows;
    world->answer.listed = listed;
    world->answer.listed_count = count_of;
    return weigh(world, 5);
}

static void each_that_is_listed_has_a_row_of_its_own(void **state)
{
    struct world *world = *state;
    const struct workload_key api = {KIND_DEPLOYMENT, "", "shop", "api", ""},
                              db = {KIND_STATEFULSET, "", "shop", "db", ""};
    const struct listed both[] = {{0, api, 1}, {0, db, 1}}, other = {1, db, 1};
    struct row rows[] = {{.key = api, .source_id = 1}, {.key = db, .source_id = 1}};
    assert_int_equal(weigh_listed(world, both, 2, rows, 2), DOUBT_NONE);
    set_up(state);
    assert_int_equal(weigh_listed(world, both, 2, rows, 1), DOUBT_COUNTS);
    assert_words(world, "shop/db is not settled, and no row of it is there: does this Prometheus "
                        "have kube_statefulset_metadata_generation?");
    set_up(state);
    assert_int_equal(weigh_listed(world, &other, 1, rows, 1), DOUBT_NONE); /* another rollout's */
}

/* It may have been deleted since: once, what was known stands, as with other counts. */
static void what_is_listed_may_be_gone_for_one_evaluation(void **state)
{
    struct world *world = *state;
    const struct listed listed = {0, {KIND_DEPLOYMENT, "", "shop", "api", ""}, 1};
    for (int64_t t_s = 0; t_s <= 45; t_s += 15) {
        evaluate(world, t_s);
        const bool lists = t_s == 15 || t_s == 30;
        count(world, 1, 5, 4 + !lists, lists);
        world->answer.listed = &listed;
        world->answer.listed_count = lists;
        for (int poll = 0; poll < 2; poll++)
            assert_int_equal(weigh(world, 5), t_s == 30 ? DOUBT_COUNTS : DOUBT_NONE);
        assert_true(world->belief.stands == (t_s == 15));
    }
    evaluate(world, 60); /* more than are asked for: it is not green for that already */
    count(world, 1, 500, 200, 201);
    world->survey.more = true;
    world->answer.listed = &listed;
    world->answer.listed_count = 1;
    assert_int_equal(weigh(world, 500), DOUBT_NONE);
    assert_false(world->belief.stands);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_listed_has_a_row),
        TEST(each_that_is_listed_has_a_row_of_its_own),
        TEST(what_is_listed_may_be_gone_for_one_evaluation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
