/*
 * A store shows workloads that are exported no more for a while, beside those of one exporter that
 * are scraped more rarely: the first leave, the second stay (W2).
 */
#include "evidence/source.h"
#include "rollout/left.h"
#include "rollout/rollout.h"
#include "rollout/story.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define POLLS 40
#define POLL_MS INT64_C(5000)
#define SOURCE UINT64_C(11)
#define DONE "1/1 3 3/3/3/3 N"
#define COUNT(list) (sizeof list / sizeof list[0])

struct world {
    struct source_ledger ledger;
    struct rollout rollout;
    struct workload members[3];
};

/* Of the exporter's two workloads the one has a sample in each poll. The other one's are `step_ms`
   apart; from poll `frozen` on there are none, and from `over` on the store has forgotten it.
   `twins`: there are two of those. */
static const struct {
    const char *sentence;
    int64_t step_ms;
    int frozen, over;
    int gone; /* in this poll it is no member any more; 0: it stays */
    enum state state;
    bool twins;
} table[] = {
    {"as quick as its sibling", 5000, POLLS, POLLS, 0, STATE_STABLE, false},
    {"two jobs, of which one has a longer interval", 30000, POLLS, POLLS, 0, STATE_STABLE, false},
    {"... as long as max_age allows", 90000, POLLS, POLLS, 0, STATE_STABLE, false},
    {"quick, and exported no more", 5000, 12, POLLS, 14, STATE_STABLE, false},
    {"slow, and exported no more: its own pace decides", 30000, 13, POLLS, 23, STATE_STABLE, false},
    {"seen in one sample alone: nothing says what its pace is", 5000, 1, POLLS, 0, STATE_UNKNOWN,
     false},
    {"... until it is not there any more", 5000, 1, 30, 31, STATE_STABLE, false},
    {"two at once", 5000, 12, POLLS, 14, STATE_STABLE, true},
};

static void poll(struct world *world, int number, int64_t slow_ms, size_t count)
{
    static const char *const names[] = {"quick", "slow", "twin"};
    const int64_t now_ms = number * POLL_MS;
    const struct source_seen one = {.id = SOURCE,
                                    .kind = KIND_DEPLOYMENT,
                                    .newest_ms = STORY_ZERO_MS + now_ms,
                                    .text = "job=\"ksm\""};
    struct row rows[3];
    struct answer answer = {.ledger = &world->ledger,
                            .sent_ms = now_ms,
                            .eval_ms = STORY_ZERO_MS + now_ms,
                            .sources = &one,
                            .source_count = 1,
                            .rows = rows,
                            .count = count,
                            .kind_alive = {[KIND_DEPLOYMENT] = true}};
    for (size_t i = 0; i < count; i++) {
        const int64_t sample_ms = STORY_ZERO_MS + (i == 0 ? now_ms : slow_ms);
        rows[i] = story_row(KIND_DEPLOYMENT, sample_ms, DONE);
        rows[i].key.name = names[i];
        rows[i].source_id = SOURCE;
    }
    source_note(&answer);
    rollout_observe(&world->rollout, &answer, 0, now_ms);
}

static void what_misses_its_own_pace_has_left(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct world world = {.rollout = {.name = "cms",
                                          .limits = limits_default,
                                          .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                          .workloads = world.members,
                                          .capacity = 3}};
        const size_t count = table[i].twins ? 3 : 2;
        rollout_start(&world.rollout, 0);
        int gone = 0;
        for (int k = 0; k < POLLS; k++) {
            const int last = k < table[i].frozen ? k : table[i].frozen - 1;
            const int64_t slow_ms = last * POLL_MS / table[i].step_ms * table[i].step_ms;
            poll(&world, k, slow_ms, k >= table[i].over ? 1 : count);
            if (world.rollout.count == 1 && gone == 0)
                gone = k;
            if (gone != 0 && world.rollout.count > 1)
                fail_msg("%s: it is back in poll %d", table[i].sentence, k);
        }
        const struct verdict *verdict = &world.rollout.verdict;
        if (gone != table[i].gone || verdict->state != table[i].state)
            fail_msg("%s: %s (%s), and it has left in poll %d, not %s and %d", table[i].sentence,
                     state_name(verdict->state), why_name(verdict->why), gone,
                     state_name(table[i].state), table[i].gone);
    }
}

#define CROWD (ROLLOUT_LEFT_MAX + 1)

/* The quick one, and `count` others, of whose samples the newest is that of poll 11. */
static void poll_crowd(struct rollout *rollout, struct source_ledger *ledger, int number,
                       size_t count)
{
    static char names[CROWD + 1][8];
    static struct row rows[CROWD + 1];
    const int64_t now_ms = number * POLL_MS;
    const struct source_seen one = {.id = SOURCE,
                                    .kind = KIND_DEPLOYMENT,
                                    .newest_ms = STORY_ZERO_MS + now_ms,
                                    .text = "job=\"ksm\""};
    struct answer answer = {.ledger = ledger,
                            .sent_ms = now_ms,
                            .eval_ms = STORY_ZERO_MS + now_ms,
                            .sources = &one,
                            .source_count = 1,
                            .rows = rows,
                            .count = count + 1,
                            .kind_alive = {[KIND_DEPLOYMENT] = true}};
    for (size_t i = 0; i <= count; i++) {
        const int last = i == 0 || number < 11 ? number : 11;
        snprintf(names[i], sizeof names[i], "w%03zu", i);
        rows[i] = story_row(KIND_DEPLOYMENT, STORY_ZERO_MS + last * POLL_MS, DONE);
        rows[i].key.name = names[i];
        rows[i].source_id = SOURCE;
    }
    source_note(&answer);
    rollout_observe(rollout, &answer, 0, now_ms);
}

/* One more is unknown, as the store still shows it and nobody remembers that it has left. */
static void as_many_leave_at_once_as_there_is_room_to_remember(void **unused)
{
    (void)unused;
    static struct workload members[CROWD + 1];
    for (size_t count = CROWD - 1; count <= CROWD; count++) {
        static struct source_ledger ledger;
        memset(&ledger, 0, sizeof ledger);
        struct rollout rollout = {.name = "cms",
                                  .limits = limits_default,
                                  .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                  .workloads = members,
                                  .capacity = CROWD + 1};
        rollout_start(&rollout, 0);
        for (int k = 0; k < POLLS; k++)
            poll_crowd(&rollout, &ledger, k, count);
        assert_int_equal(rollout.count, count < CROWD ? 1 : 2);
        assert_int_equal(rollout.verdict.state, count < CROWD ? STATE_STABLE : STATE_UNKNOWN);
    }
}

/* A job that is scraped more rarely shows its new workload with a sample that is not new. */
static void one_that_is_first_seen_has_not_left(void **unused)
{
    (void)unused;
    struct world world = {.rollout = {.name = "cms",
                                      .limits = limits_default,
                                      .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                      .workloads = world.members,
                                      .capacity = 3}};
    rollout_start(&world.rollout, 0);
    for (int k = 0; k < 15; k++)
        poll(&world, k, 12 * POLL_MS, k < 14 ? 1 : 2);
    assert_int_equal(world.rollout.count, 2);
    assert_int_equal(world.rollout.verdict.state, STATE_STABLE);
}

/* Nor is a workload known by the sample of another, or by another sample of its own. */
static void who_has_left_is_known_by_that_very_sample(void **unused)
{
    (void)unused;
    const int64_t sample_ms = STORY_ZERO_MS + 11 * POLL_MS;
    const struct {
        const char *sentence;
        struct workload_key key;
        uint64_t source;
        int64_t sample_ms;
        bool left;
    } rows[] = {
        {"that sample", {0, "", "shop", "slow", NULL}, SOURCE, sample_ms, true},
        {"its exporter had nothing to give up",
         {0, "", "shop", "slow", ""},
         SOURCE,
         sample_ms,
         true},
        {"another cluster", {0, "eu", "shop", "slow", NULL}, SOURCE, sample_ms, false},
        {"another namespace", {0, "", "zone", "slow", NULL}, SOURCE, sample_ms, false},
        {"another name", {0, "", "shop", "twin", NULL}, SOURCE, sample_ms, false},
        {"another label", {0, "", "shop", "slow", "a"}, SOURCE, sample_ms, false},
        {"another source", {0, "", "shop", "slow", NULL}, SOURCE + 2, sample_ms, false},
        {"a later sample", {0, "", "shop", "slow", NULL}, SOURCE, sample_ms + 1, false},
    };
    struct world world = {.rollout = {.name = "cms",
                                      .limits = limits_default,
                                      .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                      .workloads = world.members,
                                      .capacity = 3}};
    rollout_start(&world.rollout, 0);
    for (int k = 0; k < 15; k++)
        poll(&world, k, (k < 12 ? k : 11) * POLL_MS, 2);
    assert_int_equal(world.rollout.count, 1);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct row row = story_row(KIND_DEPLOYMENT, rows[i].sample_ms, DONE);
        const struct answer answer = {.ledger = &world.ledger, .rows = &row, .count = 1};
        row.key = rows[i].key;
        row.source_id = rows[i].source;
        row.left_behind = true;
        left_keep_slow(&world.rollout, &answer, 0, 1);
        if (row.left_behind != rows[i].left)
            fail_msg("%s: it has %sleft", rows[i].sentence, rows[i].left ? "not " : "");
    }
}

/* Not what stands behind it in the answer: as long as one of its own rows has not left it stays. */
static void each_workload_leaves_by_its_own_rows(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence;
        const char *names[3]; /* of rows whose sources are: one that is new, and twice SOURCE */
        bool left[3];
        size_t members;
    } rows[] = {
        {"another one is behind it", {"quick", "slow", "zoo"}, {false, true, false}, 2},
        {"it is shown by a second source, too", {"slow", "slow", "zoo"}, {false, true, false}, 2},
        {"by the second source alone", {"quick", "slow", "slow"}, {false, true, false}, 2},
        {"by none", {"quick", "slow", "slow"}, {false, true, true}, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct world world = {.rollout = {.name = "cms",
                                          .limits = limits_default,
                                          .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                          .workloads = world.members,
                                          .capacity = 3}};
        rollout_start(&world.rollout, 0);
        for (int k = 0; k < 15; k++)
            poll(&world, k, (k < 12 ? k : 11) * POLL_MS, 2);
        struct row shown[3];
        const int64_t eval_ms = STORY_ZERO_MS + 15 * POLL_MS;
        const struct answer answer = {
            .ledger = &world.ledger, .eval_ms = eval_ms, .rows = shown, .count = 3};
        for (size_t k = 0; k < 3; k++) {
            const bool left = rows[i].left[k];
            const int64_t sample_ms = left ? STORY_ZERO_MS + 11 * POLL_MS : eval_ms;
            shown[k] = story_row(KIND_DEPLOYMENT, sample_ms, DONE);
            shown[k].key.name = rows[i].names[k];
            shown[k].source_id = left ? SOURCE : SOURCE + 1;
            shown[k].left_behind = left;
        }
        world.rollout.count = 0; /* whoever has been there before */
        rollout_observe(&world.rollout, &answer, 0, 15 * POLL_MS);
        if (world.rollout.count != rows[i].members)
            fail_msg("%s: %zu are there", rows[i].sentence, world.rollout.count);
    }
}

/* Between two samples of its own, whoever else has shown the workload before. */
static void a_source_learns_its_pace_from_its_own_samples(void **unused)
{
    (void)unused;
    struct source_ledger ledger = {.ids = {SOURCE, SOURCE + 1}};
    struct workload member;
    struct rollout rollout = {.name = "cms",
                              .limits = limits_default,
                              .kinds = KIND_BIT(KIND_DEPLOYMENT),
                              .workloads = &member,
                              .capacity = 1};
    static const struct {
        uint64_t source;
        int64_t now_ms, step_ms;
    } polls[] = {
        {SOURCE, 0, 0}, {SOURCE, 5000, 5000}, {SOURCE + 1, 35000, 0}, {SOURCE + 1, 45000, 10000}};
    rollout_start(&rollout, 0);
    for (size_t i = 0; i < sizeof polls / sizeof polls[0]; i++) {
        const int64_t eval_ms = STORY_ZERO_MS + polls[i].now_ms;
        struct row row = story_row(KIND_DEPLOYMENT, eval_ms, DONE);
        const struct answer answer = {
            .ledger = &ledger, .eval_ms = eval_ms, .rows = &row, .count = 1};
        row.source_id = polls[i].source;
        rollout_observe(&rollout, &answer, 0, polls[i].now_ms);
        assert_int_equal(source_step_ms(&ledger, polls[i].source), polls[i].step_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_misses_its_own_pace_has_left),
        cmocka_unit_test(as_many_leave_at_once_as_there_is_room_to_remember),
        cmocka_unit_test(one_that_is_first_seen_has_not_left),
        cmocka_unit_test(who_has_left_is_known_by_that_very_sample),
        cmocka_unit_test(each_workload_leaves_by_its_own_rows),
        cmocka_unit_test(a_source_learns_its_pace_from_its_own_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
