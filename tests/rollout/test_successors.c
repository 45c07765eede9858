/*
 * An exporter goes and another comes, and a rollout's workloads move to it or do not (W2).
 */
#include "evidence/source.h"
#include "rollout/rollout.h"
#include "rollout/story.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MEMBERS 10
#define POLLS 12
#define OLD UINT64_C(11)
#define NEW UINT64_C(12)
#define OTHER UINT64_C(13)
#define POLL_MS INT64_C(10000)
#define DONE "1/1 3 3/3/3/3 N"

static const char *const names[MEMBERS] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};

struct world {
    struct source_ledger ledger;
    struct rollout rollout;
    struct workload members[MEMBERS + 1];
};

static void start(struct world *world)
{
    *world = (struct world){.rollout = {.name = "cms",
                                        .limits = limits_default,
                                        .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                        .workloads = world->members,
                                        .capacity = MEMBERS}};
    for (size_t i = 0; i <= MEMBERS; i++) /* what is behind the last member says nothing */
        world->members[i].memory.proof.source = OLD;
    rollout_start(&world->rollout, 0);
}

/* An exporter (0: none), and the letters of the workloads that it shows. */
struct shown {
    uint64_t source;
    const char *names;
};

/* The workload `apart` is in a namespace of its own. */
static void poll(struct world *world, int64_t now_ms, char apart,
                 const struct shown shown[static 2])
{
    const int64_t eval_ms = STORY_ZERO_MS + now_ms;
    struct source_seen sources[2];
    struct row rows[2 * MEMBERS];
    struct answer answer = {.ledger = &world->ledger,
                            .sent_ms = now_ms,
                            .eval_ms = eval_ms,
                            .sources = sources,
                            .rows = rows,
                            .kind_alive = {[KIND_DEPLOYMENT] = true}};
    for (size_t k = 0; k < 2 && shown[k].source != 0; k++)
        sources[answer.source_count++] = (struct source_seen){.id = shown[k].source,
                                                              .kind = KIND_DEPLOYMENT,
                                                              .newest_ms = eval_ms,
                                                              .text = "job=\"ksm\""};
    for (size_t i = 0; i < MEMBERS; i++)
        for (size_t k = 0, before = 0; k < answer.source_count; k++) {
            if (strchr(shown[k].names, names[i][0]) == NULL)
                continue;
            struct row *row = &rows[answer.count++];
            *row = story_row(KIND_DEPLOYMENT, eval_ms, DONE);
            row->key.name = names[i];
            row->key.namespace_ = names[i][0] == apart ? "zone" : "shop";
            row->source_id = shown[k].source;
            row->source = before++;
        }
    source_note(&answer);
    rollout_observe(&world->rollout, &answer, 0, now_ms);
}

static const struct {
    const char *sentence;
    const char *before[2]; /* what is there; and what another one shows (NULL: there is none) */
    const char *taken[2];  /* what the successor shows; and the other one */
    enum state state;      /* at last */
    enum why why;          /* where that is unknown */
    size_t members;
    char apart; /* in another namespace */
} table[] = {
    {"all go over", {"abc", NULL}, {"abc", ""}, STATE_STABLE, WHY_NOT_ASKED, 3, 0},
    {"all but one do: it was deleted meanwhile",
     {"abcdefghi", NULL},
     {"abcdfghi", ""},
     STATE_STABLE,
     WHY_NOT_ASKED,
     8,
     0},
    {"all but one of a few: a shard may be late",
     {"abcdefgh", NULL},
     {"abcdefg", ""},
     STATE_UNKNOWN,
     WHY_SOURCE_GONE,
     8,
     0},
    {"one does, and two are missing",
     {"abc", NULL},
     {"a", ""},
     STATE_UNKNOWN,
     WHY_SOURCE_GONE,
     3,
     0},
    {"none does: it may be another's",
     {"abc", NULL},
     {"", ""},
     STATE_UNKNOWN,
     WHY_SOURCE_GONE,
     3,
     0},
    {"two are missing of many",
     {"abcdefghij", NULL},
     {"abcdefgh", ""},
     STATE_UNKNOWN,
     WHY_SOURCE_GONE,
     10,
     0},
    {"they go over to two shards",
     {"abcdefghij", NULL},
     {"abc", "defghij"},
     STATE_STABLE,
     WHY_NOT_ASKED,
     10,
     0},
    {"to two, and one is missing: there may be a third",
     {"abcdefghij", NULL},
     {"abc", "defghi"},
     STATE_UNKNOWN,
     WHY_SOURCE_GONE,
     10,
     0},
    {"to a pair, and one is missing: it was deleted",
     {"abcdefghij", NULL},
     {"abcdefghi", "abcdefghi"},
     STATE_STABLE,
     WHY_NOT_ASKED,
     9,
     0},
    {"the only one of its namespace is missing: exporters are split by those, too",
     {"abcdefghij", NULL},
     {"abcdefghi", ""},
     STATE_UNKNOWN,
     WHY_SOURCE_GONE,
     10,
     'j'},
    {"who showed them beside it is no successor",
     {"abcdefghi", "abcdefgh"},
     {NULL, "abcdefgh"},
     STATE_UNKNOWN,
     WHY_SOURCE_GONE,
     9,
     0},
    {"who comes beside that one is",
     {"abcdefghi", "abcdefgh"},
     {"abcdefgh", "abcdefgh"},
     STATE_STABLE,
     WHY_NOT_ASKED,
     8,
     0},
    {"what another one took along has no say in what was deleted here",
     {"abcdefghi", "j"},
     {"abcdefgh", NULL},
     STATE_UNKNOWN,
     WHY_SOURCE_GONE,
     9,
     0},
};

/* Those of the two that show anything. */
static void see(struct world *world, int64_t now_ms, char apart, uint64_t source,
                const char *const names_of[static 2])
{
    struct shown shown[2] = {{0}};
    size_t count = 0;
    if (names_of[0] != NULL)
        shown[count++] = (struct shown){source, names_of[0]};
    if (names_of[1] != NULL)
        shown[count] = (struct shown){OTHER, names_of[1]};
    poll(world, now_ms, apart, shown);
}

static void a_successor_speaks_for_one_that_is_missing_and_not_for_two(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct world world;
        start(&world);
        int64_t now_ms = 0;
        for (int k = 0; k < POLLS; k++, now_ms += POLL_MS)
            see(&world, now_ms, table[i].apart, OLD, table[i].before);
        assert_int_equal(world.rollout.verdict.state, STATE_STABLE);
        for (int k = 0; k < POLLS; k++, now_ms += POLL_MS)
            see(&world, now_ms, table[i].apart, NEW, table[i].taken);
        const struct verdict *verdict = &world.rollout.verdict;
        const bool known = table[i].state != STATE_UNKNOWN;
        if (verdict->state != table[i].state || (!known && verdict->why != table[i].why) ||
            world.rollout.count != table[i].members)
            fail_msg("%s: %s (%s) with %zu members, not %s (%s) with %zu", table[i].sentence,
                     state_name(verdict->state), why_name(verdict->why), world.rollout.count,
                     state_name(table[i].state), why_name(table[i].why), table[i].members);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_successor_speaks_for_one_that_is_missing_and_not_for_two)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
