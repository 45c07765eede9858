/*
 * How good the time left is (rollout/time_left.h), beside elapsed / p, which everybody does in
 * their head: rollouts that real controllers made (recorded.json), and simulated ones, whose pods
 * take as long as they like. A glance falls at 25, 50 and 75 % of the time that a rollout takes,
 * and at the moments at which its bar comes to there; the error is a share of the rollout's own
 * time.
 *
 * Prints a table, and holds what it promises: in sum it is better than elapsed / p, and it does not
 * jump about.
 */
#include "commands/replay/timeline.h"
#include "rollout/random.h"
#include "rollout/recorded.h"
#include "rollout/time_left.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LOOKS_MAX 4000
#define PODS_MAX 200
#define GLANCES 3 /* at 25, 50 and 75 % */
#define POLL_MS 2000
#define SCRAPE_MS 15000
#define LOOKS_AT_REST 5
#define WORKLOADS 40 /* simulated, of each kind */
#define EARLIER 3

/* What a board sees of one rollout, poll after poll: at rest, moving, at rest. */
struct look {
    int64_t ms;
    struct verdict verdict;
};

struct looks {
    struct look all[LOOKS_MAX];
    size_t count;
};

static struct looks looks;

static void look(int64_t ms, enum state state, double p, double q)
{
    assert_true(looks.count < LOOKS_MAX);
    looks.all[looks.count++] =
        (struct look){ms,
                      {.state = state,
                       .why = state == STATE_STABLE ? WHY_COMPLETE : WHY_ROLLOUT,
                       .p = p,
                       .q = q}};
}

/* ---- the score ---- */

struct sums {
    size_t glances, silent; /* silent: elapsed / p says something, and ours does not */
    double ours, naive;     /* sums of errors where both speak */
};

struct score {
    struct sums at_time[GLANCES], at_bar[GLANCES];
    size_t rollouts, says, rises, flickers; /* rises: the words went up; flickers: and down again */
};

static void glance(struct sums *sums, int64_t ours_ms, double naive_ms, int64_t true_ms,
                   int64_t whole_ms)
{
    if (isnan(naive_ms))
        return;
    sums->glances++;
    if (ours_ms == 0) {
        sums->silent++;
        return;
    }
    sums->ours += fabs((double)(ours_ms - true_ms)) / (double)whole_ms;
    sums->naive += fabs(naive_ms - (double)true_ms) / (double)whole_ms;
}

static double naive_left(double p, int64_t elapsed_ms)
{
    return p > 0 ? (double)elapsed_ms * (1 - p) / p : (double)NAN;
}

static void count_words(struct score *score, int64_t before_ms, int64_t now_ms, bool *rose)
{
    if (before_ms == 0 || now_ms == 0 || before_ms == now_ms)
        return;
    score->rises += now_ms > before_ms;
    score->flickers += now_ms < before_ms && *rose;
    *rose = now_ms > before_ms;
}

/* Plays looks [first, end), which begin at rest and end with the first at rest again. */
static void play(struct time_left *left, const struct usual_time *usual, size_t first, size_t end,
                 struct score *score)
{
    int64_t begin_ms = 0, shown_ms = 0;
    const int64_t end_ms = looks.all[end - 1].ms;
    size_t at_time = 0, at_bar = 0;
    bool rose = false;
    for (size_t i = first; i < end; i++) {
        const struct verdict *verdict = &looks.all[i].verdict;
        const int64_t now_ms = looks.all[i].ms;
        time_left_observe(left, verdict, now_ms);
        if (usual != NULL && time_left_asks(left))
            time_left_compare(left, usual);
        if (verdict->state != STATE_PROGRESSING)
            continue;
        if (begin_ms == 0)
            begin_ms = now_ms;
        if (score == NULL)
            continue;
        const int64_t whole_ms = end_ms - begin_ms, elapsed_ms = now_ms - begin_ms;
        const double naive_ms = naive_left(verdict->p, elapsed_ms);
        count_words(score, shown_ms, left->shown_ms, &rose);
        shown_ms = left->shown_ms;
        score->says += shown_ms > 0;
        for (; at_time < GLANCES && elapsed_ms * 4 >= whole_ms * (int64_t)(at_time + 1); at_time++)
            glance(&score->at_time[at_time], left->left_ms, naive_ms, end_ms - now_ms, whole_ms);
        for (; at_bar < GLANCES && verdict->p * 4 >= (double)(at_bar + 1); at_bar++)
            glance(&score->at_bar[at_bar], left->left_ms, naive_ms, end_ms - now_ms, whole_ms);
    }
    if (score != NULL)
        score->rollouts++;
}

static void print_sums(const char *when, const struct sums sums[])
{
    for (size_t i = 0; i < GLANCES; i++) {
        const size_t both = sums[i].glances - sums[i].silent;
        const double of = both > 0 ? (double)both : 1;
        printf("  %s %zu %%: %4.1f %% (elapsed/p %5.1f %%; silent in %zu of %zu)\n", when,
               25 * (i + 1), 100 * sums[i].ours / of, 100 * sums[i].naive / of, sums[i].silent,
               sums[i].glances);
    }
}

static void print_score(const char *what, const struct score *score)
{
    printf("%s: %zu rollouts, words rose %zu times, and fell after it %zu times; mean error\n",
           what, score->rollouts, score->rises, score->flickers);
    print_sums("of the time", score->at_time);
    print_sums("of the bar ", score->at_bar);
}

static void add_sums(const struct sums sums[], double *ours, double *naive, size_t *silent,
                     size_t *glances)
{
    for (size_t i = 0; i < GLANCES; i++) {
        *ours += sums[i].ours;
        *naive += sums[i].naive;
        *silent += sums[i].silent;
        *glances += sums[i].glances;
    }
}

/* ---- simulated rollouts ---- */

struct habit {
    const char *what;
    int64_t pods_least, pods_most;
    int64_t at_once_percent; /* of the pods, at least one */
    int64_t spread_percent;  /* of a pod's time, from pod to pod */
    int64_t first_percent;   /* so much longer do the first take: images are pulled */
    int64_t slow_one_in;     /* one pod in so many takes three times as long; 0: none does */
};

static const struct habit habits[] = {
    {"Deployment, waves of a half", 4, 40, 50, 10, 0, 0},
    {"Deployment, waves of a half, uneven pods", 4, 40, 50, 60, 50, 0},
    {"Deployment, one after the other", 3, 12, 1, 30, 0, 0},
    {"Deployment, a quarter at once, slow ones among them", 8, 60, 25, 40, 0, 10},
    {"StatefulSet, images are pulled first", 3, 9, 1, 20, 100, 0},
    {"DaemonSet, a tenth at once", 20, 150, 10, 50, 0, 20},
};

struct workload_habit {
    int64_t pods, at_once, pod_ms;
};

static int64_t percent_of(int64_t value, int64_t percent)
{
    return value * percent / 100;
}

/* When each pod is made and available, in the order in which they are made. */
static int64_t simulate(const struct habit *habit, const struct workload_habit *workload,
                        uint64_t *seed, int64_t made[], int64_t ready[])
{
    int64_t slots[PODS_MAX] = {0}, end_ms = 0;
    const int64_t mood = random_in(seed, 75, 135); /* of the cluster today */
    for (int64_t pod = 0; pod < workload->pods; pod++) {
        int64_t slot = 0;
        for (int64_t i = 1; i < workload->at_once; i++)
            slot = slots[i] < slots[slot] ? i : slot;
        int64_t takes_ms = percent_of(workload->pod_ms, mood);
        takes_ms = percent_of(
            takes_ms, 100 + random_in(seed, -habit->spread_percent / 2, habit->spread_percent));
        if (pod < workload->at_once)
            takes_ms = percent_of(takes_ms, 100 + habit->first_percent);
        if (habit->slow_one_in > 0 && random_in(seed, 1, habit->slow_one_in) == 1)
            takes_ms *= 3;
        made[pod] = slots[slot];
        ready[pod] = slots[slot] += takes_ms;
        end_ms = ready[pod] > end_ms ? ready[pod] : end_ms;
    }
    return end_ms;
}

static double share(const int64_t times[], int64_t pods, int64_t now_ms)
{
    int64_t count = 0;
    for (int64_t i = 0; i < pods; i++)
        count += times[i] <= now_ms;
    return (double)count / (double)pods;
}

/* The looks of one rollout: polls see what the newest scrape saw. */
static void make_looks(const struct habit *habit, const struct workload_habit *workload,
                       uint64_t *seed, int64_t from_ms)
{
    int64_t made[PODS_MAX], ready[PODS_MAX];
    const int64_t end_ms = simulate(habit, workload, seed, made, ready);
    const int64_t phase_ms = random_in(seed, 0, SCRAPE_MS - 1);
    const double cap = 1 - 1 / (2.0 * (double)workload->pods);
    looks.count = 0;
    for (int64_t t = -LOOKS_AT_REST * POLL_MS;; t += POLL_MS) {
        const int64_t scraped_ms =
            (t + 10 * SCRAPE_MS - phase_ms) / SCRAPE_MS * SCRAPE_MS - 10 * SCRAPE_MS + phase_ms;
        const bool done = scraped_ms >= end_ms;
        const double p = share(ready, workload->pods, scraped_ms);
        if (scraped_ms < 0 || done)
            look(from_ms + t, STATE_STABLE, 1, 1);
        else
            look(from_ms + t, STATE_PROGRESSING, p < cap ? p : cap,
                 share(made, workload->pods, scraped_ms));
        if (done)
            break;
    }
}

static void simulate_workload(const struct habit *habit, uint64_t seed, struct score *first,
                              struct score *later)
{
    struct time_left left = {0};
    struct run_time runs[EARLIER];
    struct workload_habit workload = {.pods = random_in(&seed, habit->pods_least, habit->pods_most),
                                      .pod_ms = 1000 * random_in(&seed, 15, 90)};
    workload.at_once = percent_of(workload.pods, habit->at_once_percent);
    workload.at_once = workload.at_once < 1 ? 1 : workload.at_once;
    for (int64_t run = 0; run <= EARLIER; run++) {
        make_looks(habit, &workload, &seed, (run + 1) * 100000000);
        if (looks.count < 2 * LOOKS_AT_REST + 10)
            return; /* over before it is seen */
        if (run < EARLIER) {
            play(&left, NULL, 0, looks.count, run == 0 ? first : NULL);
            assert_true(time_left_take(&left, &runs[run]));
            continue;
        }
        const struct usual_time usual = time_left_usual(runs, EARLIER);
        play(&left, &usual, 0, looks.count, later);
    }
}

static void check(const char *what, const struct score *score)
{
    double ours = 0, naive = 0;
    size_t silent = 0, glances = 0;
    print_score(what, score);
    add_sums(score->at_time, &ours, &naive, &silent, &glances);
    add_sums(score->at_bar, &ours, &naive, &silent, &glances);
    if (ours > naive)
        fail_msg("%s: it is further off than elapsed / p: %.2f, not %.2f", what, ours, naive);
    if (score->rises * 4 > score->rollouts)
        fail_msg("%s: the words rose %zu times", what, score->rises);
    if (silent * 3 > glances)
        fail_msg("%s: it is silent in %zu of %zu glances", what, silent, glances);
}

static void simulated_rollouts(void **unused)
{
    (void)unused;
    struct score first = {0}, later = {0};
    for (size_t i = 0; i < sizeof habits / sizeof habits[0]; i++) {
        struct score own_first = {0}, own_later = {0};
        for (uint64_t seed = 1; seed <= WORKLOADS; seed++) {
            simulate_workload(&habits[i], seed * 7919, &own_first, &own_later);
            simulate_workload(&habits[i], seed * 7919, &first, &later);
        }
        char what[160];
        snprintf(what, sizeof what, "%s, the first", habits[i].what);
        print_score(what, &own_first);
        snprintf(what, sizeof what, "%s, the fourth", habits[i].what);
        print_score(what, &own_later);
    }
    check("simulated, the first of a workload", &first);
    check("simulated, the fourth of a workload", &later);
    assert_true(later.rollouts > 150);
}

/* ---- recorded rollouts ---- */

/* A story as a board sees it that polls each second: what changed is in the file, the rest is as it
   was. */
static void read_looks(const struct timeline *timeline)
{
    struct workload_memory memory = {0};
    struct timeline_row row, next;
    looks.count = 0;
    for (size_t i = 0; i < timeline->rows->count; i++) {
        assert_true(timeline_read_row(recorded, timeline, i, &row, &recorded_complaints));
        int64_t until_ms = row.sight.eval_ms + 1;
        if (i + 1 < timeline->rows->count) {
            assert_true(timeline_read_row(recorded, timeline, i + 1, &next, &recorded_complaints));
            until_ms = next.sight.eval_ms;
        }
        for (int64_t ms = row.sight.eval_ms; ms < until_ms; ms += 1000) {
            struct row seen = row.rows[0];
            seen.sample_ms = ms;
            const struct sight sight = {
                .kind = SIGHT_ROWS, .rows = &seen, .count = 1, .eval_ms = ms, .now_ms = ms};
            assert_true(looks.count < LOOKS_MAX);
            looks.all[looks.count++] =
                (struct look){ms, workload_judge(&memory, &timeline->limits, &sight)};
        }
    }
}

static bool is_settled(const struct look *at)
{
    return state_is(at->verdict.state, STATE_SETTLED);
}

/*
 * The end of the rollout that begins after look `first`, which is at rest: behind the first look
 * that is at rest again. 0: it does not come to its end without trouble, or is no rollout.
 */
static size_t end_of_rollout(size_t first)
{
    bool rolls = false;
    for (size_t i = first + 1; i < looks.count; i++) {
        const struct verdict *verdict = &looks.all[i].verdict;
        rolls |= verdict->why == WHY_ROLLOUT;
        if (is_settled(&looks.all[i]))
            return rolls ? i + 1 : 0;
        if (verdict->state != STATE_PROGRESSING || verdict->why == WHY_SCALING)
            return 0;
    }
    return 0;
}

static void score_story(const struct timeline *timeline, struct score *score)
{
    read_looks(timeline);
    for (size_t i = 0; i + 1 < looks.count; i++) {
        const bool leaves = is_settled(&looks.all[i]) && !is_settled(&looks.all[i + 1]);
        const size_t end = leaves ? end_of_rollout(i) : 0;
        struct time_left left = {0};
        if (end > 0)
            play(&left, NULL, i, end, score);
    }
}

static void recorded_rollouts(void **unused)
{
    (void)unused;
    struct score score = {0};
    const struct node *list = timeline_list(recorded, &recorded_complaints);
    assert_non_null(list);
    for (size_t i = 0; i < list->count; i++) {
        struct timeline timeline;
        assert_true(timeline_read(recorded, &list->children[i], &timeline, &recorded_complaints));
        score_story(&timeline, &score);
    }
    check("recorded", &score);
    assert_true(score.rollouts >= 20);
}

/* Whatever happened before: of what does not roll nothing is said. */
static void recorded_trouble_is_met_in_silence(void **unused)
{
    (void)unused;
    size_t silent = 0, said = 0;
    const struct node *list = timeline_list(recorded, &recorded_complaints);
    for (size_t i = 0; i < list->count; i++) {
        struct timeline timeline;
        struct time_left left = {0};
        assert_true(timeline_read(recorded, &list->children[i], &timeline, &recorded_complaints));
        read_looks(&timeline);
        for (size_t j = 0; j < looks.count; j++) {
            const struct verdict *verdict = &looks.all[j].verdict;
            time_left_observe(&left, verdict, looks.all[j].ms);
            const bool may = verdict->state == STATE_PROGRESSING &&
                             (verdict->why == WHY_ROLLOUT || verdict->why == WHY_LAGGING) &&
                             verdict->p >= TIME_LEFT_FIRST;
            if (!may && (left.left_ms != 0 || left.shown_ms != 0))
                fail_msg("%s: at %g s it is %s (%s, %g), and has %g s left", timeline.id,
                         (double)(looks.all[j].ms - TIMELINE_ZERO_MS) / 1000,
                         state_name(verdict->state), why_name(verdict->why), verdict->p,
                         (double)left.left_ms / 1000);
            silent += !may;
            said += left.shown_ms > 0;
        }
    }
    printf("silent at %zu looks, as it must be; said at %zu\n", silent, said);
    assert_true(silent > 1000 && said > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_rollouts),
        cmocka_unit_test(recorded_trouble_is_met_in_silence),
        cmocka_unit_test(simulated_rollouts),
    };
    return cmocka_run_group_tests(tests, recorded_open, recorded_close);
}
