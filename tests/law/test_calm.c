/*
 * The law's counterpart, so that "always unknown" cannot pass: in a world without faults what is
 * done is green soon, what is not done is not green, and hardly anything is ever unknown: an
 * exporter that hands over to its successor, a sibling that is deleted, two servers whose clocks
 * differ cost each workload one poll at most, or what their clocks differ by, where an exporter
 * hands over between their answers; by recording rules one evaluation more, for they may have found
 * neither the one exporter nor the other; and by a survey a scrape more, where no time of creation
 * is exported: of a workload that it has just listed two exporters must have come to one
 * generation. (Not in these worlds: one that is deleted in the very scrape in which its exporter
 * hands over, with so few siblings as there are here. Nothing tells it from what a shard has taken
 * along, so it stays unknown.)
 */
#include "law/board.h"

#include "base/hash.h"
#include "base/log.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define POLLS 300000
#define WORLD_POLLS 1000
#define SLACK_MS 200 /* on their way */

#define MEMBERS_MAX 32

/* A workload that is unknown, poll after poll. */
struct unknown {
    uint64_t name; /* its hash */
    int64_t since_ms;
};

struct life {
    struct board_under_law board;
    struct unknown unknowns[MEMBERS_MAX];
    size_t unknown_count;
    int64_t patience_ms; /* two scrapes and two polls */
    int64_t more_ms;     /* of not knowing, where it is counted */
    int64_t turned_ms;   /* when truth last changed */
    bool done;           /* what it is since then */
    bool gone; /* the one that is asked for by name: it was deleted, and not seen again so far */
    uint64_t polls, green, checked;
};

static bool is_green(const struct board_under_law *board)
{
    enum state state = board->model.common.verdict.state;
    return state == STATE_STABLE || state == STATE_SCALED_TO_ZERO;
}

/* Notes in `now` that `name` is unknown; for how long it has been. */
static int64_t note_unknown(const struct life *life, uint64_t name, struct unknown *now)
{
    *now = (struct unknown){name, life->board.looked_ms};
    for (size_t i = 0; i < life->unknown_count; i++)
        if (life->unknowns[i].name == name)
            now->since_ms = life->unknowns[i].since_ms;
    return life->board.looked_ms - now->since_ms;
}

/* For how long the one has been unknown that is so for longest. Two exporters may hand over one
   after the other: each workload is another's. One that is asked for by name and is gone is unknown
   by right. */
static int64_t longest_unknown_ms(struct life *life)
{
    const struct rollout *rollout = &life->board.model.rollouts[0];
    struct unknown now[MEMBERS_MAX];
    size_t count = 0;
    int64_t longest_ms = 0;
    for (size_t i = 0; i < rollout->count && count < MEMBERS_MAX; i++) {
        const struct workload *member = &rollout->workloads[i];
        if (member->verdict.state != STATE_UNKNOWN || life->gone)
            continue;
        const uint64_t name = hash_of(member->name) ^ hash_of(member->cluster) * 3;
        const int64_t unknown_ms = note_unknown(life, name, &now[count++]);
        longest_ms = unknown_ms > longest_ms ? unknown_ms : longest_ms;
    }
    if (count == 0 && rollout->verdict.state == STATE_UNKNOWN && !life->gone)
        longest_ms = note_unknown(life, 0, &now[count++]); /* as a whole */
    memcpy(life->unknowns, now, count * sizeof now[0]);
    life->unknown_count = count;
    return longest_ms;
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

static void note_gone(struct life *life)
{
    const struct board_under_law *board = &life->board;
    const struct verdict *verdict = &board->model.rollouts[0].verdict;
    if (board->settings.workload[0] == '\0')
        return;
    bool exists = false;
    for (size_t i = 0; i < board->world.object_count; i++)
        exists |= board_asks(board, &board->world.objects[i]) && board->world.objects[i].exists;
    const bool missed = verdict->state == STATE_UNKNOWN && verdict->why == WHY_ABSENT;
    life->gone = !exists || missed || (life->gone && verdict->state == STATE_UNKNOWN);
}

static void check(struct life *life, uint64_t seed)
{
    struct board_under_law *board = &life->board;
    int64_t turned_ms;
    note_gone(life);
    const int64_t unknown_ms = longest_unknown_ms(life);
    if (life->gone)
        return;
    bool done = truth(board, &turned_ms);
    int64_t since_ms = board->looked_ms - turned_ms;
    const struct verdict *verdict = &board->model.common.verdict;
    /* Where three scrapes take longer than samples count, a deleted one is unknown before it
     * leaves.
     */
    bool scraped_enough = life->patience_ms + board->world.exporters[0].step_ms <=
                              board->settings.limits.max_age_ms &&
                          !board->world.faults.fights;
    if (unknown_ms >
            board->config.prometheus.poll_interval_ms + board->hostility.skew_ms + life->more_ms &&
        scraped_enough)
        fail_msg("seed %" PRIu64 ", poll %zu, %" PRId64 " ms: unknown (%s) for %" PRId64 " ms",
                 seed, board->polls, board->looked_ms, why_name(verdict->why), unknown_ms);
    if (since_ms < life->patience_ms || verdict->state == STATE_UNKNOWN)
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
    life->unknown_count = 0;
    life->gone = false;
    life->patience_ms = 2 * board->world.exporters[0].step_ms +
                        2 * board->config.prometheus.poll_interval_ms + hostility.skew_ms +
                        SLACK_MS;
    life->more_ms = board->recorded ? board->rules.step_ms + SURVEY_RULES * RULE_MOST_MS : 0;
    life->patience_ms += life->more_ms;
    if (board->surveys && faults.no_created)
        life->more_ms += board->world.exporters[0].step_ms;
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
