#include "rollout/time_left.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define POLL_MS 2000

/* One workload, polled every two seconds. */
struct story {
    struct time_left left;
    int64_t now_ms;
};

static void see(struct story *story, enum state state, enum why why, double p)
{
    const struct verdict verdict = {.state = state, .why = why, .p = p, .q = p};
    story->now_ms += POLL_MS;
    time_left_observe(&story->left, &verdict, story->now_ms);
}

static void roll(struct story *story, double p)
{
    see(story, STATE_PROGRESSING, WHY_ROLLOUT, p);
}

static void roll_for(struct story *story, double p, int64_t seconds)
{
    for (int64_t passed_ms = 0; passed_ms < seconds * 1000; passed_ms += POLL_MS)
        roll(story, p);
}

static void rest(struct story *story)
{
    see(story, STATE_STABLE, WHY_COMPLETE, 1);
}

/* At rest, and then `done` of `pods` pods, each in `seconds`; the newest a poll ago. */
static void begin(struct story *story, int pods, int done, int64_t seconds)
{
    *story = (struct story){.now_ms = 1000000};
    rest(story);
    for (int pod = 0; pod < done; pod++)
        roll_for(story, (double)pod / pods, seconds);
    roll(story, (double)done / pods);
}

static void expect_left(const struct story *story, int64_t seconds, int64_t within)
{
    const int64_t left_s = story->left.left_ms / 1000;
    if (left_s < seconds - within || left_s > seconds + within)
        fail_msg("%lld s are left, and not %lld", (long long)left_s, (long long)seconds);
}

static void it_counts_down_between_even_steps(void **unused)
{
    (void)unused;
    struct story story;
    begin(&story, 10, 3, 60);
    expect_left(&story, 7 * 60, 4);
    assert_int_equal(story.left.shown_ms, 7 * 60000);
    int64_t before_ms = story.left.left_ms;
    for (int pod = 3; pod < 10; pod++)
        for (int poll = 0; poll < 30; poll++) {
            roll(&story, pod / 10.0);
            if (story.left.left_ms > before_ms)
                fail_msg("pod %d, poll %d: %lld ms are left after %lld", pod, poll,
                         (long long)story.left.left_ms, (long long)before_ms);
            before_ms = story.left.left_ms;
            expect_left(&story, (10 - pod) * 60 - 2 * poll, 8);
        }
    assert_int_equal(story.left.shown_ms, 30000); /* less than a minute */
}

static void pods_of_a_wave_come_together(void **unused)
{
    (void)unused;
    struct story story = {.now_ms = 1000000};
    const struct verdict first = {.state = STATE_PROGRESSING, .why = WHY_ROLLOUT, .p = 0, .q = 0.5};
    rest(&story);
    for (int poll = 0; poll < 30; poll++) {
        story.now_ms += POLL_MS;
        time_left_observe(&story.left, &first, story.now_ms);
    }
    roll(&story, 0.1); /* after a minute; by elapsed / p there are nine to come */
    expect_left(&story, 130, 30);
}

static void it_says_nothing_where_it_would_guess(void **unused)
{
    (void)unused;
    static const struct {
        const char *what;
        enum state state;
        enum why why;
        double p;
    } rows[] = {
        {"the first of the bar", STATE_PROGRESSING, WHY_ROLLOUT, 0.04},
        {"a change of size", STATE_PROGRESSING, WHY_SCALING, 0.5},
        {"pods that end", STATE_PROGRESSING, WHY_DRAINING, 0.5},
        {"a controller that has not looked", STATE_PROGRESSING, WHY_UNOBSERVED, 0},
        {"a row to be confirmed", STATE_PROGRESSING, WHY_CONFIRMING, 0.5},
        {"a ratio out of range", STATE_PROGRESSING, WHY_RATIO_RANGE, 0.5},
        {"stalled", STATE_STALLED, WHY_ROLLOUT, 0.5},
        {"failed", STATE_FAILED, WHY_DEADLINE, 0.5},
        {"paused", STATE_PAUSED, WHY_PAUSED, 0.5},
        {"degraded", STATE_DEGRADED, WHY_LOST_PODS, 0.5},
        {"unknown", STATE_UNKNOWN, WHY_FETCH, P_NONE},
        {"done", STATE_STABLE, WHY_COMPLETE, 1},
        {"scaled to zero", STATE_SCALED_TO_ZERO, WHY_ZERO, P_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story story;
        begin(&story, 10, 4, 30);
        assert_true(story.left.shown_ms > 0);
        see(&story, rows[i].state, rows[i].why, rows[i].p);
        if (story.left.shown_ms != 0 || story.left.left_ms != 0)
            fail_msg("%s: %lld ms are left", rows[i].what, (long long)story.left.left_ms);
    }
}

static void it_says_nothing_while_pods_cannot_be_created(void **unused)
{
    (void)unused;
    struct story story;
    struct verdict verdict = {
        .state = STATE_PROGRESSING, .why = WHY_ROLLOUT, .p = 0.4, .q = 0.4, .cannot_create = true};
    begin(&story, 10, 4, 30);
    story.now_ms += POLL_MS;
    time_left_observe(&story.left, &verdict, story.now_ms);
    assert_int_equal(story.left.shown_ms, 0);
}

static void the_first_of_the_bar_is_too_little(void **unused)
{
    (void)unused;
    struct story story;
    begin(&story, 40, 1, 10);
    assert_int_equal(story.left.shown_ms, 0);
    time_left_compare(&story.left, &(struct usual_time){3, {400, {100, 200, 300}}});
    roll(&story, 1 / 40.0);
    assert_int_equal(story.left.shown_ms, 0);
    begin(&story, 40, 2, 10);
    assert_true(story.left.shown_ms > 0);
}

static void before_a_step_nothing_is_known(void **unused)
{
    (void)unused;
    struct story story;
    begin(&story, 4, 0, 0);
    roll_for(&story, 0, 60);
    assert_int_equal(story.left.shown_ms, 0);
    roll(&story, 0.25);
    expect_left(&story, 3 * 62, 6);
}

/* An answer that is older than what is known says nothing new. */
static void what_lags_behind_changes_nothing(void **unused)
{
    (void)unused;
    struct story story;
    begin(&story, 10, 4, 30);
    const int64_t before_ms = story.left.left_ms;
    see(&story, STATE_PROGRESSING, WHY_LAGGING, 0.4);
    assert_true(story.left.left_ms > 0 && story.left.left_ms < before_ms);
}

static void a_step_that_is_overdue_by_far_ends_it_until_the_next(void **unused)
{
    (void)unused;
    struct story story;
    begin(&story, 10, 4, 30);
    roll_for(&story, 0.4, 80); /* twice 30 s, and half a minute of grace */
    assert_true(story.left.shown_ms > 0);
    roll_for(&story, 0.4, 20);
    assert_int_equal(story.left.shown_ms, 0);
    roll(&story, 0.5);
    assert_true(story.left.shown_ms > 0);
}

static void a_rollout_that_was_found_in_the_middle_has_no_pace_yet(void **unused)
{
    (void)unused;
    struct story story = {.now_ms = 1000000};
    roll_for(&story, 0.3, 20); /* who knows since when */
    roll_for(&story, 0.4, 30);
    assert_int_equal(story.left.shown_ms, 0);
    roll_for(&story, 0.5, 30);
    roll(&story, 0.6);
    expect_left(&story, 4 * 30, 8);
}

static void what_is_usual_is_known_from_the_first(void **unused)
{
    (void)unused;
    struct story story = {.now_ms = 1000000};
    const struct usual_time usual = {3, {400, {100, 200, 300}}};
    roll(&story, 0.5);
    assert_true(time_left_asks(&story.left));
    time_left_compare(&story.left, &usual);
    assert_false(time_left_asks(&story.left));
    assert_true(time_left_compares(&story.left));
    roll(&story, 0.5);
    expect_left(&story, 200, 4);
}

/* The usual shape: fast to the half, and slow from there. */
static void it_goes_as_it_usually_goes(void **unused)
{
    (void)unused;
    const struct usual_time usual = {3, {500, {50, 100, 300}}};
    struct story story = {.now_ms = 1000000};
    rest(&story);
    for (int pod = 0; pod < 4; pod++) {
        roll_for(&story, pod / 10.0, 20);
        time_left_compare(&story.left, &usual);
    }
    roll(&story, 0.4);
    assert_true(story.left.left_ms > 240000); /* elapsed / p would say 120 s, and 420 s it takes */
}

static void words_neither_rise_nor_fall_for_little(void **unused)
{
    (void)unused;
    struct story story;
    begin(&story, 10, 4, 30);
    const int64_t shown_ms = story.left.shown_ms;
    assert_int_equal(shown_ms, 3 * 60000);
    roll_for(&story, 0.4, 44); /* a pod that takes half as long again */
    assert_true(story.left.shown_ms <= shown_ms);
    roll_for(&story, 0.5, 20); /* and one that makes up for it */
    assert_true(story.left.shown_ms <= shown_ms);
    roll_for(&story, 0.6, 400); /* it hangs, silent, ... */
    roll_for(&story, 0.7, 30);  /* and is far slower than it was */
    assert_true(story.left.shown_ms > shown_ms);
}

static bool ends_after(struct story *story, struct run_time *taken)
{
    rest(story);
    return time_left_take(&story->left, taken);
}

static void what_a_rollout_took_is_remembered_once(void **unused)
{
    (void)unused;
    struct story story;
    struct run_time taken;
    begin(&story, 4, 4, 30);
    assert_true(ends_after(&story, &taken));
    assert_in_range(taken.total_s, 118, 126);
    assert_in_range(taken.quarters_s[0], 28, 34);
    assert_in_range(taken.quarters_s[1], 58, 64);
    assert_in_range(taken.quarters_s[2], 88, 94);
    assert_false(time_left_take(&story.left, &taken));
    assert_false(ends_after(&story, &taken));
}

static void trouble_is_no_measure_for_later_ones(void **unused)
{
    (void)unused;
    static const struct {
        const char *what;
        enum state state;
        enum why why;
        double p;
        bool taken;
    } rows[] = {
        {"stalled", STATE_STALLED, WHY_ROLLOUT, 0.5, false},
        {"failed", STATE_FAILED, WHY_DEADLINE, 0.5, false},
        {"paused", STATE_PAUSED, WHY_PAUSED, 0.5, false},
        {"another size", STATE_PROGRESSING, WHY_SCALING, 0.5, false},
        {"another template", STATE_PROGRESSING, WHY_ROLLOUT, 0, false},
        {"a poll that failed", STATE_UNKNOWN, WHY_FETCH, P_NONE, true},
        {"a pod that is confirmed", STATE_PROGRESSING, WHY_CONFIRMING, 0.5, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct story story;
        struct run_time taken;
        begin(&story, 4, 2, 30);
        see(&story, rows[i].state, rows[i].why, rows[i].p);
        roll_for(&story, 0.75, 30);
        if (ends_after(&story, &taken) != rows[i].taken)
            fail_msg("%s: it is %s", rows[i].what, rows[i].taken ? "forgotten" : "remembered");
    }
}

/* Undone half-way: the old pods that are still there make a short end of it. */
static void what_was_undone_is_no_measure_for_later_ones(void **unused)
{
    (void)unused;
    for (int64_t undone = 0; undone < 2; undone++) {
        struct story story;
        struct run_time taken;
        story = (struct story){.now_ms = 1000000};
        rest(&story);
        time_left_generation(&story.left, 2);
        roll_for(&story, 0, 20);
        roll_for(&story, 0.25, 20);
        time_left_generation(&story.left, 2 + undone);
        roll_for(&story, 0.75, 20);
        assert_int_equal(ends_after(&story, &taken), undone == 0);
    }
}

/* Nobody says how far it is, and an estimate by that is none. */
static void a_beginning_without_progress_is_one_of_none(void **unused)
{
    (void)unused;
    struct story story = {.now_ms = 1000000};
    const struct usual_time usual = {3, {400, {100, 200, 300}}};
    see(&story, STATE_PROGRESSING, WHY_UNOBSERVED, P_NONE);
    assert_true(story.left.runs && story.left.steps[0].p == 0);
    time_left_compare(&story.left, &usual);
    see(&story, STATE_PROGRESSING, WHY_LAGGING, P_NONE);
    roll(&story, 0.5);
    expect_left(&story, 200, 8);
}

static void of_what_was_not_seen_nothing_is_remembered(void **unused)
{
    (void)unused;
    struct story story;
    struct run_time taken;
    begin(&story, 4, 2, 30);
    see(&story, STATE_UNKNOWN, WHY_FETCH, P_NONE); /* at its end */
    assert_false(ends_after(&story, &taken));
    begin(&story, 4, 2, 30);
    story.now_ms += TIME_LEFT_GAP_MS; /* in its middle */
    roll_for(&story, 0.75, 30);
    assert_false(ends_after(&story, &taken));
    rest(&story);
    story.now_ms += TIME_LEFT_GAP_MS + POLL_MS; /* before it */
    roll_for(&story, 0.5, 30);
    roll_for(&story, 0.75, 30);
    assert_false(ends_after(&story, &taken));
}

static void the_middle_is_usual(void **unused)
{
    (void)unused;
    const struct run_time runs[] = {
        {300, {1, 2, 3}}, {90, {0, 0, 0}}, {400, {0, 0, 0}}, {120, {4, 5, 6}}, {300, {7, 8, 9}}};
    struct usual_time usual = time_left_usual(runs, 5);
    assert_int_equal(usual.runs, 5);
    assert_int_equal(usual.time.total_s, 300);
    usual = time_left_usual(runs, 1);
    assert_int_equal(usual.runs, 1);
    assert_int_equal(usual.time.total_s, 300);
    usual = time_left_usual(&runs[1], 3);
    assert_int_equal(usual.time.total_s, 120);
    assert_int_equal(usual.time.quarters_s[2], 6);
}

static void times_are_said_as_people_say_them(void **unused)
{
    (void)unused;
    static const struct {
        int64_t seconds;
        const char *words;
    } rows[] = {
        {1, "less than 1 min"}, {44, "less than 1 min"}, {45, "1 min"},      {89, "1 min"},
        {90, "2 min"},          {240, "4 min"},          {1169, "19 min"},   {1170, "20 min"},
        {1230, "20 min"},       {1259, "20 min"},        {1349, "20 min"},   {1350, "25 min"},
        {3449, "55 min"},       {3450, "1 h"},           {3899, "1 h"},      {3900, "1 h 10 min"},
        {120 * 60, "2 h"},      {10499, "2 h 50 min"},   {10500, "3 h"},     {11699, "3 h"},
        {11700, "3 h 30 min"},  {48 * 3600, "48 h"},     {60 * 3600, "60 h"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char words[TIME_LEFT_WORDS_SIZE];
        time_left_words(time_left_rounded(rows[i].seconds * 1000), words);
        if (strcmp(words, rows[i].words) != 0)
            fail_msg("%d s are '%s', and not '%s'", (int)rows[i].seconds, words, rows[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_counts_down_between_even_steps),
        cmocka_unit_test(pods_of_a_wave_come_together),
        cmocka_unit_test(it_says_nothing_where_it_would_guess),
        cmocka_unit_test(it_says_nothing_while_pods_cannot_be_created),
        cmocka_unit_test(the_first_of_the_bar_is_too_little),
        cmocka_unit_test(before_a_step_nothing_is_known),
        cmocka_unit_test(what_lags_behind_changes_nothing),
        cmocka_unit_test(a_step_that_is_overdue_by_far_ends_it_until_the_next),
        cmocka_unit_test(a_rollout_that_was_found_in_the_middle_has_no_pace_yet),
        cmocka_unit_test(what_is_usual_is_known_from_the_first),
        cmocka_unit_test(it_goes_as_it_usually_goes),
        cmocka_unit_test(words_neither_rise_nor_fall_for_little),
        cmocka_unit_test(what_a_rollout_took_is_remembered_once),
        cmocka_unit_test(trouble_is_no_measure_for_later_ones),
        cmocka_unit_test(what_was_undone_is_no_measure_for_later_ones),
        cmocka_unit_test(a_beginning_without_progress_is_one_of_none),
        cmocka_unit_test(of_what_was_not_seen_nothing_is_remembered),
        cmocka_unit_test(the_middle_is_usual),
        cmocka_unit_test(times_are_said_as_people_say_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
