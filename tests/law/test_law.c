/*
 * The law: if the wall is green at time t, each thing that it speaks of was truly done (or did not
 * exist) at some moment in [t - B, t], B = max_age + poll_interval + timeout; whatever the
 * transport did to the answers, the exporters to their samples, the server to its clock, and the
 * board to itself. (Where scrapes are torn, B is longer by the seconds that a controller takes to
 * see a new generation: the first sample that a board sees may show one beside the counts of
 * before, and there is nothing yet to hold it against.) Random worlds by seed;
 * AMBERBAR_LAW_POLLS and AMBERBAR_LAW_SEED take others.
 *
 * Not in these worlds, because nothing that a store answers can tell it: a board that starts while
 * an exporter is dead, or not scraped by the one who answers (or is so unseen behind a store that
 * is down), or while Prometheus's clock is set back behind samples that it has; two shards that
 * cannot be told apart by their labels, or that share out anew what they show without being
 * restarted (what one shows no more it calls deleted, and the one that takes it over may not have
 * come); a shard that shows nothing of what is asked for, dies, and gets a workload then; and two
 * objects of one name in two clusters that no cluster label tells apart, or a pair of exporters one
 * of which stands still, one of which dies while all that it shows is as the other one shows it:
 * one dies there only when it has shown something undone for five minutes that others show as done.
 */
#include "law/board.h"

#include "base/log.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* With sanitizers, which make it five times as slow, it is they that matter: builds/clang has all.
 */
#if defined __SANITIZE_ADDRESS__
#define POLLS 200000
#else
#define POLLS 1000000
#endif
#define WORLD_POLLS 1500 /* at most, in one world */

static uint64_t from_environment(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);
    return text != NULL ? strtoull(text, NULL, 10) : fallback;
}

/* Each world has faults of its own; some have none, some all. */
static struct world_faults faults_of(uint64_t *seed)
{
    struct world_faults faults = {.exporters_die = world_chance(seed, 60),
                                  .sources_change = world_chance(seed, 60),
                                  .reshards = world_chance(seed, 50),
                                  .torn_scrapes = world_chance(seed, 50),
                                  .linger = world_chance(seed, 30),
                                  .clock_steps = world_chance(seed, 25),
                                  .stores_fail = world_chance(seed, 30),
                                  .freezes = world_chance(seed, 15),
                                  .twins = world_chance(seed, 15),
                                  .turns = world_chance(seed, 15)};
    if (faults.freezes || faults.twins) {
        faults.clock_steps = faults.turns = false;
        faults.no_created = world_chance(seed, 80);
    }
    return faults;
}

struct tally {
    uint64_t polls, worlds;
    int64_t green_ms, all_ms;
};

static void live(uint64_t seed, struct tally *tally)
{
    static struct board_under_law board;
    uint64_t choices = seed ^ UINT64_C(0xD1B54A32D192ED03);
    for (int i = 0; i < 4; i++)
        random_next(&choices);
    struct world_faults faults = faults_of(&choices);
    const struct hostility hostility = {.losses = world_chance(&choices, 60),
                                        .repeats = world_chance(&choices, 60),
                                        .delays = world_chance(&choices, 60),
                                        .restarts = world_chance(&choices, 20),
                                        .reloads = world_chance(&choices, 20),
                                        .sleeps = world_chance(&choices, 20),
                                        .strict_turns = world_chance(&choices, 50)};
    faults.rules_fail = world_chance(&choices, 60);
    board_begin(&board, seed, &faults, &hostility);
    while (board.polls < WORLD_POLLS && board.breach[0] == '\0')
        board_step(&board);
    tally->polls += board.polls;
    tally->worlds++;
    tally->green_ms += board.green_ms;
    tally->all_ms += board.world.now_ms;
    if (board.breach[0] != '\0')
        fail_msg("seed %" PRIu64 ", poll %zu, %" PRId64 " ms: %s", seed, board.polls,
                 board.world.now_ms, board.breach);
    board_end(&board);
}

static void green_is_never_older_than_the_law_allows(void **unused)
{
    (void)unused;
    const uint64_t polls = from_environment("AMBERBAR_LAW_POLLS", POLLS);
    const uint64_t first = from_environment("AMBERBAR_LAW_SEED", 1);
    struct tally tally = {0};
    log_threshold(LOG_LEVEL_ERROR);
    for (uint64_t seed = first; tally.polls < polls; seed++)
        live(seed, &tally);
    printf("%" PRIu64 " polls in %" PRIu64 " worlds from seed %" PRIu64
           ", green %d %% of the time: no violation\n",
           tally.polls, tally.worlds, first, (int)(tally.green_ms * 100 / tally.all_ms));
    assert_true(tally.green_ms > tally.all_ms / 10); /* who is never green breaks no law */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(green_is_never_older_than_the_law_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
