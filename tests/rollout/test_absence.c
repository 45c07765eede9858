/*
 * Of two sources that showed a workload otherwise than each other one shows it no more: what that
 * means by what else it shows, and by what a canary finds (W4).
 */
#include "evidence/source.h"
#include "rollout/rollout.h"
#include "rollout/scene.h"
#include "rollout/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define GOOD UINT64_C(11)
#define BAD UINT64_C(12)
#define OTHER UINT64_C(13)
#define DONE "1/1 3 3/3/3/3 N"
#define LACKING "1/1 3 3/3/2/2 N"
#define POLL_MS INT64_C(10000)

struct world {
    struct source_ledger ledger;
    struct rollout rollout;
    struct workload members[2];
    int64_t now_ms;
    const char *bad;              /* what the bad source shows of it */
    struct missed_sources missed; /* by the last answer */
    bool misses;
};

static void start(struct world *world)
{
    *world = (struct world){.rollout = {.name = "cms",
                                        .limits = limits_default,
                                        .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                        .workloads = world->members,
                                        .capacity = 2},
                            .bad = LACKING};
    rollout_start(&world->rollout, 0);
}

static struct row row_of(const char *name, uint64_t source, int64_t eval_ms, const char *counts)
{
    struct row row = story_row(KIND_DEPLOYMENT, eval_ms, counts);
    row.key.name = name;
    row.source_id = source;
    row.source = source == BAD;
    row.created = ROW_MISSING;
    return row;
}

/* How one of them is there; the other one shows it all the time. */
enum presence { SHOWS_IT, SHOWS_ANOTHER, SHOWS_A_LATER, IS_FOUND, IS_GONE };

static void poll(struct world *world, enum presence presence, uint64_t which)
{
    const int64_t eval_ms = STORY_ZERO_MS + world->now_ms;
    const struct source_seen sources[] = {
        {.id = GOOD, .kind = KIND_DEPLOYMENT, .newest_ms = eval_ms, .text = "job=\"a\""},
        {.id = BAD, .kind = KIND_DEPLOYMENT, .newest_ms = eval_ms, .text = "job=\"b\""}};
    struct row rows[2];
    struct answer answer = {.ledger = &world->ledger,
                            .sent_ms = world->now_ms,
                            .eval_ms = eval_ms,
                            .sources =
                                presence <= SHOWS_A_LATER || which == BAD ? sources : &sources[1],
                            .source_count = presence <= SHOWS_A_LATER ? 2 : 1,
                            .rows = rows,
                            .kind_alive = {[KIND_DEPLOYMENT] = true}};
    if (presence == SHOWS_ANOTHER)
        rows[answer.count++] = row_of("api", which, eval_ms, DONE);
    if (presence == SHOWS_IT || which == BAD)
        rows[answer.count++] = row_of("web", GOOD, eval_ms, DONE);
    if (presence == SHOWS_IT || which == GOOD)
        rows[answer.count++] = row_of("web", BAD, eval_ms, world->bad);
    if (presence == SHOWS_A_LATER)
        rows[answer.count++] = row_of("zoo", which, eval_ms, DONE);
    size_t total[KIND_COUNT];
    world->missed = (struct missed_sources){.count = 0};
    world->misses = rollout_missed_sources(&world->rollout, &answer, 0, &world->missed, total);
    if (presence == IS_FOUND)
        answer.witnesses[answer.witness_count++] = sources[which == BAD ? 1 : 0];
    source_note(&answer);
    rollout_observe(&world->rollout, &answer, 0, world->now_ms);
    world->now_ms += POLL_MS;
}

static const struct {
    const char *sentence;
    enum presence presence;
    uint64_t which;
    enum state state;
    enum state then; /* when all that is still shown of it is well */
    size_t missed;   /* sources that a canary is asked about */
} table[] = {
    {"it is gone", IS_GONE, BAD, STATE_UNKNOWN, STATE_UNKNOWN, 1},
    {"it shows others: this one was deleted there", SHOWS_ANOTHER, BAD, STATE_STABLE, STATE_STABLE,
     0},
    {"and be they behind it", SHOWS_A_LATER, BAD, STATE_STABLE, STATE_STABLE, 0},
    {"a canary finds it, and not this one", IS_FOUND, BAD, STATE_STABLE, STATE_STABLE, 1},
    {"the good one is gone: what is bad is bad still", IS_GONE, GOOD, STATE_DEGRADED, STATE_UNKNOWN,
     1},
    {"the good one shows others", SHOWS_ANOTHER, GOOD, STATE_DEGRADED, STATE_STABLE, 0},
    {"a canary finds the good one", IS_FOUND, GOOD, STATE_DEGRADED, STATE_STABLE, 1},
};

static void who_shows_it_no_more_says_so_itself(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct world world;
        start(&world);
        for (int k = 0; k < 4; k++)
            poll(&world, SHOWS_IT, BAD);
        assert_int_not_equal(world.rollout.verdict.state, STATE_STABLE);
        poll(&world, table[i].presence, table[i].which);
        if (world.missed.count != table[i].missed)
            fail_msg("%s: %zu are missed", table[i].sentence, world.missed.count);
        assert_int_equal(world.misses, table[i].missed > 0);
        if (table[i].missed > 0) {
            assert_true(world.missed.ids[0] == table[i].which);
            assert_true(world.missed.keys[0].source == table[i].which);
            assert_string_equal(world.missed.keys[0].key.name, "web");
        }
        for (int k = 0; k < 4; k++)
            poll(&world, table[i].presence, table[i].which);
        const enum state state = world.rollout.verdict.state;
        world.bad = DONE;
        for (int k = 0; k < 4; k++)
            poll(&world, table[i].presence, table[i].which);
        const enum state then = world.rollout.verdict.state;
        if (state != table[i].state || then != table[i].then)
            fail_msg("%s: %s, and then %s (%s)", table[i].sentence, state_name(state),
                     state_name(then), why_name(world.rollout.verdict.why));
    }
}

/* Beside a survey a canary alone is a witness: it is asked about who is missed, and nobody else. */
static void no_canary_is_asked_about_who_shows_it(void **unused)
{
    (void)unused;
    struct world world;
    start(&world);
    for (int k = 0; k < 4; k++)
        poll(&world, SHOWS_IT, BAD);
    struct survey survey = survey_empty();
    survey.taken = true;
    struct row rows[] = {row_of("abc", OTHER, STORY_ZERO_MS, DONE), /* of another selection */
                         row_of("api", OTHER, STORY_ZERO_MS, DONE),
                         row_of("web", GOOD, STORY_ZERO_MS, DONE),
                         row_of("web", BAD, STORY_ZERO_MS, LACKING)};
    struct answer answer = {.ledger = &world.ledger,
                            .rows = &rows[1],
                            .surveys = &survey,
                            .survey_count = 1,
                            .kind_alive = {[KIND_DEPLOYMENT] = true}};
    for (answer.count = 3; answer.count > 1; answer.count--) {
        struct missed_sources missed = {.count = 0};
        size_t total[KIND_COUNT];
        const bool any = rollout_missed_sources(&world.rollout, &answer, 0, &missed, total);
        assert_int_equal(missed.count, 3 - answer.count);
        assert_int_equal(any, answer.count < 3);
    }
}

static void the_one_that_is_gone_is_named(void **unused)
{
    (void)unused;
    struct world world;
    start(&world);
    for (int k = 0; k < 6; k++)
        poll(&world, k < 4 ? SHOWS_IT : IS_GONE, BAD);
    assert_int_equal(world.rollout.verdict.why, WHY_SOURCE_GONE);
    assert_string_equal(world.rollout.detail, "job=\"b\"");
    char sentence[256];
    rollout_sentence(&world.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence,
                        "unknown, the exporter job=\"b\" is gone from Prometheus; it showed it "
                        "otherwise than the others, and nothing says what became of it; if the "
                        "exporter is gone for good, restart amberbar");
}

/* Of none it is not known that there is none, unless all were asked, and somebody says so. */
static void nothing_is_known_to_be_absent_without_a_witness(void **unused)
{
    (void)unused;
    static const struct {
        bool partial, unwitnessed, exact;
        enum why why;
    } rows[] = {
        {false, false, false, WHY_ABSENT}, {true, false, false, WHY_PARTIAL},
        {false, true, false, WHY_PARTIAL}, {true, true, false, WHY_PARTIAL},
        {true, false, true, WHY_PARTIAL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene_rollout scene;
        const struct answer answer = {.partial = rows[i].partial,
                                      .unwitnessed = rows[i].unwitnessed,
                                      .kind_alive = {[KIND_DEPLOYMENT] = true}};
        scene_start(&scene, 4);
        scene.rollout.exact = rows[i].exact;
        rollout_observe(&scene.rollout, &answer, 0, 0);
        assert_int_equal(scene.rollout.verdict.why, rows[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_shows_it_no_more_says_so_itself),
        cmocka_unit_test(nothing_is_known_to_be_absent_without_a_witness),
        cmocka_unit_test(no_canary_is_asked_about_who_shows_it),
        cmocka_unit_test(the_one_that_is_gone_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
