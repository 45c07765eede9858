/*
 * Rows that real controllers wrote (recorded.json): kube-state-metrics over a real API server and
 * controller manager, scraped once a second, with what `kubectl rollout status` said and how many
 * pods of the newest template truly served.
 *
 * Rows that say what the row before said are left out of the file, where a board's polls would have
 * seen them again with a newer sample. So a story is played three ways: each row once; each second,
 * as it was scraped (the row in force, with a sample of that second); and every five seconds, as a
 * board polls, which jumps over rows.
 */
#include "commands/replay/timeline.h"
#include "rollout/counts.h"
#include "rollout/recorded.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Of the stored file: what is lost in reading must not pass unseen. */
#define STORIES_STORED 44
#define ROWS_STORED 457

/* One row with its witness. */
struct moment {
    struct row row;
    bool done; /* kubectl says so */
    bool says; /* kubectl says anything: of OnDelete it does not */
    int64_t serving;
};

struct player {
    struct timeline timeline;
    struct workload_memory memory;
    struct moment before; /* of the poll before */
    struct verdict verdict_before;
    bool jumps;              /* over rows: two polls that agree may be of two rollouts */
    int64_t polls, done_for; /* done_for: polls in a row at which kubectl said done */
    size_t faults;
};

static struct moment read_moment(const struct timeline *timeline, size_t index, int64_t *t_ms)
{
    struct timeline_row row;
    double serving;
    const struct node *node = &timeline->rows->children[index];
    assert_true(timeline_read_row(recorded, timeline, index, &row, &recorded_complaints));
    assert_true(text_number(node_get(node, "serving")->text, &serving));
    const char *kubectl = node_get(node, "kubectl")->text;
    *t_ms = row.sight.eval_ms;
    return (struct moment){.row = row.rows[0],
                           .done = strcmp(kubectl, "done") == 0,
                           .says =
                               strcmp(kubectl, "error") != 0 || row.rows[0].reason != REASON_NONE,
                           .serving = (int64_t)serving};
}

/*
 * Where a stable waits for more than kubectl does, by design: paused and zero have states of their
 * own; of a StatefulSet minReadySeconds counts, pods of a scale-down must be gone, and a partition
 * that we were not told of holds pods back.
 */
static bool is_stricter(const struct row *row, const struct verdict *verdict)
{
    bool own_state = row->paused > 0 || row->spec == 0;
    bool waits =
        row->available < row->spec || row->replicas > row->spec || row->updated < verdict->target;
    return own_state || (row->key.kind == KIND_STATEFULSET && waits);
}

static bool same_work(const struct row *a, const struct row *b)
{
    bool same_template = a->key.kind == KIND_STATEFULSET ? a->update_revision == b->update_revision
                                                         : a->generation == b->generation;
    return same_template && a->spec == b->spec;
}

/* The sentence that does not hold, or NULL. */
static const char *fault_of(const struct player *player, const struct moment *now,
                            const struct verdict *verdict)
{
    const struct moment *before = &player->before;
    const struct verdict *last = &player->verdict_before;
    bool first = player->polls == 0;
    bool done_lately = now->done || (!first && before->done);
    bool rests = verdict->state == STATE_STABLE || verdict->state == STATE_SCALED_TO_ZERO;
    if (verdict->state == STATE_STABLE && now->says && !done_lately)
        return "stable, and kubectl says done neither now nor at the poll before";
    if (player->done_for >= 3 && !rests && !is_stricter(&now->row, verdict))
        return "kubectl says done for the third time, and it is not stable";
    if (isnan(verdict->p))
        return NULL;
    const struct counts counts = counts_of(&now->row, &player->timeline.limits);
    if (counts.target > 0 && verdict->p * (double)counts.target > (double)now->serving + 1e-9)
        return "the bar is above what serves";
    bool comparable = !first && !isnan(last->p) && last->target == verdict->target &&
                      same_work(&before->row, &now->row);
    if (comparable && now->serving >= before->serving && verdict->p < last->p - 1e-9)
        return "the bar falls, and as many pods serve";
    return NULL;
}

static void poll(struct player *player, const struct moment *moment, int64_t t_ms)
{
    struct moment now = *moment;
    now.row.sample_ms = t_ms;
    const struct sight sight = {
        .kind = SIGHT_ROWS, .rows = &now.row, .count = 1, .eval_ms = t_ms, .now_ms = t_ms};
    struct verdict verdict = workload_judge(&player->memory, &player->timeline.limits, &sight);
    if (player->jumps && !same_work(&player->before.row, &now.row))
        player->done_for = 0;
    player->done_for = now.done ? player->done_for + 1 : 0;
    const char *fault = fault_of(player, &now, &verdict);
    if (fault != NULL) {
        player->faults++;
        fprintf(stderr, "%s at t=%g: %s\n    got %s %.4f %s, of %d serving\n", player->timeline.id,
                (double)t_ms / 1000.0, fault, state_name(verdict.state), verdict.p,
                why_name(verdict.why), (int)now.serving);
    }
    player->before = now;
    player->verdict_before = verdict;
    player->polls++;
}

/* Polls each `step_ms`; 0: each row once. The number of faults. */
static size_t play(const struct node *node, int64_t step_ms, size_t *rows)
{
    struct player player = {.jumps = step_ms > 1000};
    assert_true(timeline_read(recorded, node, &player.timeline, &recorded_complaints));
    const size_t count = player.timeline.rows->count;
    int64_t poll_ms = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        int64_t here_ms, next_ms;
        const struct moment moment = read_moment(&player.timeline, i, &here_ms);
        next_ms = here_ms + 1;
        if (i + 1 < count)
            read_moment(&player.timeline, i + 1, &next_ms);
        if (step_ms == 0 || poll_ms == INT64_MIN)
            poll_ms = here_ms;
        for (; poll_ms<next_ms; poll_ms += step_ms> 0 ? step_ms : next_ms - poll_ms)
            if (poll_ms >= here_ms)
                poll(&player, &moment, poll_ms);
    }
    *rows += count;
    return player.faults;
}

static void play_all(int64_t step_ms)
{
    const struct node *list = timeline_list(recorded, &recorded_complaints);
    assert_non_null(list);
    assert_int_equal(list->count, STORIES_STORED);
    size_t faults = 0, rows = 0;
    for (size_t i = 0; i < list->count; i++)
        faults += play(&list->children[i], step_ms, &rows);
    assert_int_equal(rows, ROWS_STORED);
    assert_int_equal(faults, 0);
}

static void each_row_once_is_judged_truly(void **unused)
{
    (void)unused;
    play_all(0);
}

static void each_scrape_is_judged_truly(void **unused)
{
    (void)unused;
    play_all(1000);
}

static void polls_that_jump_over_rows_are_judged_truly(void **unused)
{
    (void)unused;
    play_all(5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_once_is_judged_truly),
        cmocka_unit_test(each_scrape_is_judged_truly),
        cmocka_unit_test(polls_that_jump_over_rows_are_judged_truly),
    };
    return cmocka_run_group_tests(tests, recorded_open, recorded_close);
}
