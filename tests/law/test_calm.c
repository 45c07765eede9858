/*
 * The law's counterpart, so that "always unknown" cannot pass: in a world without faults what is
 * done is green soon, what is not done is not green, and hardly anything is ever unknown: an
 * exporter that hands over to its successor, a sibling that is deleted, two servers whose clocks
 * differ cost one poll at most. (Not in these worlds: two siblings that are deleted in the very
 * scrape in which their exporter hands over. Nothing tells them from two that a shard has taken
 * along, so they stay unknown.)
 */
#include "law/board.h"

#include "base/log.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define POLLS 300000
#define WORLD_POLLS 1000
#define SLACK_MS 200 /* on their way */

struct life {
    struct board_under_law board;
    int64_t patience_ms; /* two scrapes and two polls */
    int64_t turned_ms;   /* when truth last changed */
    bool done;           /* what it is since then */
    uint64_t polls, green, checked;
};

static bool is_green(const struct board_under_law *board)
{
    enum state state = board->model.common.verdict.state;
    return state == STATE_STABLE || state == STATE_SCALED_TO_ZERO;
}

/* What all that is shown has come to: done or not, and since when. */
static bool truth(const struct board_under_law *board, int64_t *since_ms)
{
    bool done = true;
    *since_ms = 0;
    for (size_t i = 0; i < board->world.object_count; i++) {
        const struct object *object = &board->world.objects[i];
        if (!board_asks(board, object))
            continue;
        done = done && object->was_done;
        if (object->turned_ms > *since_ms)
            *since_ms = object->turned_ms;
    }
    return done;
}

static void check(struct life *life, uint64_t seed)
{
    struct board_under_law *board = &life->board;
    int64_t turned_ms;
    bool named = board->settings.workload[0] != '\0';
    if (named && board->model.rollouts[0].verdict.why == WHY_ABSENT) {
        board->unknown = false; /* asked for by name, and not there when it was last scraped */
        return;
    }
    bool done = truth(board, &turned_ms);
    int64_t since_ms = board->looked_ms - turned_ms;
    const struct verdict *verdict = &board->model.common.verdict;
    /* Where three scrapes take longer than samples count, a deleted one is unknown before it
     * leaves.
     */
    bool scraped_enough = life->patience_ms + board->world.exporters[0].step_ms <=
                              board->settings.limits.max_age_ms &&
                          !board->world.faults.fights;
    int64_t unknown_ms = board->unknown ? board->looked_ms - board->unknown_ms : 0;
    if (unknown_ms > board->config.prometheus.poll_interval_ms && scraped_enough)
        fail_msg("seed %" PRIu64 ", poll %zu, %" PRId64 " ms: unknown (%s) for %" PRId64 " ms",
                 seed, board->polls, board->looked_ms, why_name(verdict->why), unknown_ms);
    if (since_ms < life->patience_ms || board->unknown)
        return;
    life->checked++;
    if (done != is_green(board))
        fail_msg("seed %" PRIu64 ", poll %zu, %" PRId64 " ms: all has been %s for %" PRId64
                 " ms, and the wall is %s (%s)",
                 seed, board->polls, board->looked_ms, done ? "done" : "waited for", since_ms,
                 state_name(verdict->state), why_name(verdict->why));
}

static void live(uint64_t seed, struct life *life)
{
    uint64_t choices = seed ^ UINT64_C(0xA0761D6478BD642F);
    for (int i = 0; i < 4; i++)
        random_next(&choices);
    const struct world_faults faults = {.handovers = world_chance(&choices, 40),
                                        .linger = world_chance(&choices, 30),
                                        .no_created = world_chance(&choices, 30),
                                        .fights = world_chance(&choices, 20)};
    const struct hostility hostility = {
        .skew_ms = world_chance(&choices, 30) ? random_in(&choices, 1, 15000) : 0};
    struct board_under_law *board = &life->board;
    board_begin(board, seed, &faults, &hostility);
    life->patience_ms = 2 * board->world.exporters[0].step_ms +
                        2 * board->config.prometheus.poll_interval_ms + hostility.skew_ms +
                        SLACK_MS;
    for (size_t i = 0; i < WORLD_POLLS; i++) {
        board_step(board);
        check(life, seed);
        life->green += is_green(board);
    }
    life->polls += WORLD_POLLS;
    board_end(board);
}

static void what_is_done_is_green_soon(void **unused)
{
    (void)unused;
    static struct life life;
    const char *from = getenv("AMBERBAR_LAW_SEED");
    const char *most = getenv("AMBERBAR_LAW_POLLS");
    const uint64_t polls = most != NULL ? strtoull(most, NULL, 10) : POLLS;
    uint64_t seed = from != NULL ? strtoull(from, NULL, 10) : 1;
    log_threshold(LOG_LEVEL_ERROR);
    for (; life.polls < polls; seed++)
        live(seed, &life);
    printf("%" PRIu64 " polls, green %d %% of them, %" PRIu64 " times long enough to be sure\n",
           life.polls, (int)(life.green * 100 / life.polls), life.checked);
    assert_true(life.checked > life.polls / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_done_is_green_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
