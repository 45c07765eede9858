/*
 * Is an answer new (N1, N2, N3), and how old is what lies before a horizon?
 */
#include "evidence/clock.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define S INT64_C(1000)
#define HOUR (3600 * S)
#define ZERO INT64_C(1700000000000) /* Prometheus's clock at monotonic 0 */
#define MAX_AGE (90 * S)
#define ANSWERS_MAX 8

/* One answer and what is to be read of it. */
struct reported {
    bool is; /* false: there are no more */
    int64_t sent_ms, eval_ms;
    struct arrival how; /* but for sent_ms */
    enum doubt doubt;
    int64_t lag_ms;
};

#define ANSWER(sent, eval, nonce, doubt, lag)                         \
    {                                                                 \
        true, sent, eval, {0, 0, -1, nonce, 0, 0}, DOUBT_##doubt, lag \
    }
#define OWN(sent, eval, lag) ANSWER(sent, ZERO + (eval), NONCE_OWN, NONE, lag)
#define PLAIN(sent, eval, doubt, lag) ANSWER(sent, ZERO + (eval), NONCE_NOT_ASKED, doubt, lag)
#define DATED(sent, eval, date, doubt)                                                            \
    {                                                                                             \
        true, sent, ZERO + (eval), {0, 0, ZERO + (date), NONCE_NOT_ASKED, 0, 0}, DOUBT_##doubt, 0 \
    }
#define AGED(sent, eval, age, lag)                                                \
    {                                                                             \
        true, sent, ZERO + (eval), {0, age, -1, NONCE_OWN, 0, 0}, DOUBT_NONE, lag \
    }
#define MIXED(sent, oldest, spread, nonce, doubt, lag)                                \
    {                                                                                 \
        true, sent, ZERO + (oldest), {0, 0, -1, nonce, 0, spread}, DOUBT_##doubt, lag \
    }

static const struct {
    const char *sentence;
    struct reported answers[ANSWERS_MAX];
} stories[] = {
    {"N1: its own nonce proves the first answer", {OWN(5 * S, 5 * S, 0)}},
    {"N1: another's nonce is another's answer, and leaves nothing behind",
     {OWN(0, 0, 0), ANSWER(S, ZERO + HOUR, NONCE_ANOTHER, REPEATED, 0), OWN(2 * S, 2 * S, 0)}},
    {"N1: also as the first answer: the next is the first",
     {ANSWER(0, ZERO + HOUR, NONCE_ANOTHER, REPEATED, 0), PLAIN(S, 0, UNPROVEN, 0)}},
    {"N1: a nonce is looked at before the time", {ANSWER(0, 0, NONCE_ANOTHER, REPEATED, 0)}},
    {"N2: the first answer lags behind nothing, however long the machine runs",
     {ANSWER(HOUR, 5 * S, NONCE_OWN, NONE, 0)}},
    {"N2: a time that stands lags more and more",
     {OWN(0, 0, 0), OWN(10 * S, 0, 10 * S), OWN(25 * S, 0, 25 * S), OWN(26 * S, 26 * S, 0)}},
    {"N2: a time below E* lags by that as well",
     {OWN(0, 0, 0), OWN(10 * S, -50 * S, 60 * S), OWN(20 * S, -40 * S, 60 * S)}},
    {"N2: an hour back, and what is behind E* stays so until it is passed",
     {OWN(0, 0, 0), OWN(10 * S, 10 * S - HOUR, HOUR), OWN(HOUR, 0, HOUR), OWN(HOUR + S, S, HOUR),
      OWN(HOUR + 11 * S, 11 * S, 0)}},
    {"N2: by a millisecond", {OWN(0, 0, 0), OWN(10 * S, 10 * S - 1, 1)}},
    {"N2: a time that is ahead makes a new E*",
     {OWN(0, 0, 0), OWN(10 * S, 40 * S, 0), OWN(20 * S, 20 * S, 30 * S)}},
    {"N2: one answer alone does not move E* far",
     {OWN(0, 0, 0), OWN(10 * S, 40 * S + 1, 0), OWN(20 * S, 20 * S, 0), OWN(30 * S, HOUR, 0),
      OWN(40 * S, HOUR, 0), OWN(50 * S, 50 * S, HOUR - 40 * S)}},
    {"N2: above E*, but not by as much as time went on, lags as well",
     {OWN(0, 0, 0), OWN(10 * S, 4 * S, 6 * S), OWN(20 * S, 14 * S, 0)}},
    {"N2: a cache's Age is added to the lag",
     {AGED(0, 0, 7 * S, 7 * S), AGED(10 * S, 6 * S, 7 * S, 11 * S), OWN(20 * S, 16 * S, 0)}},
    {"N2: rows of several times are as old as the oldest, also as the first answer",
     {MIXED(0, -500 * S, 500 * S, NONCE_OWN, NONE, 500 * S)}},
    {"N2: and as old as it is by the clock, where that is more",
     {OWN(0, 0, 0), MIXED(20 * S, -490 * S, 500 * S, NONCE_OWN, NONE, 510 * S)}},
    {"N2: where it is less, the newest is ahead of it",
     {OWN(0, 0, 0), MIXED(20 * S, 10 * S, 15 * S, NONCE_OWN, NONE, 15 * S)}},
    {"N2: the newest is what E* goes by: what comes next is no newer for it",
     {MIXED(0, -500 * S, 500 * S, NONCE_OWN, NONE, 500 * S), OWN(10 * S, -490 * S, 500 * S),
      OWN(20 * S, 20 * S, 0)}},
    {"N2: rows of before and after a step are as old as before it",
     {OWN(0, 0, 0), OWN(10 * S, -50 * S, 60 * S), OWN(80 * S, 20 * S, 60 * S),
      MIXED(90 * S, 5 * S, 25 * S, NONCE_NOT_ASKED, NONE, 85 * S)}},
    {"N2: a row before 1970 is no time",
     {MIXED(0, -ZERO, ZERO, NONCE_OWN, CLOCK, 0), MIXED(S, 1 - ZERO, ZERO, NONCE_OWN, NONE, ZERO)}},
    {"N3: without a nonce, too",
     {OWN(0, 0, 0), MIXED(10 * S, -90 * S, 100 * S, NONCE_NOT_ASKED, NONE, 100 * S),
      MIXED(20 * S, 15 * S, 15 * S + 1, NONCE_NOT_ASKED, UNPROVEN, 15 * S + 1)}},
    {"N2: no time at all", {ANSWER(0, 0, NONCE_OWN, CLOCK, 0), OWN(S, S, 0)}},
    {"N2: a time before 1970, and nothing of it stays",
     {OWN(0, 0, 0), ANSWER(S, -1, NONCE_OWN, CLOCK, 0), OWN(2 * S, 2 * S, 0)}},
    {"N2: the first millisecond of 1970 is a time", {ANSWER(0, 1, NONCE_OWN, NONE, 0)}},
    {"N3: the first answer without a nonce waits", {PLAIN(0, 0, UNPROVEN, 0)}},
    {"N3: the second, whose time has moved, does not",
     {PLAIN(0, 0, UNPROVEN, 0), PLAIN(10 * S, 10 * S, NONE, 0),
      PLAIN(20 * S, 10 * S, NONE, 10 * S)}},
    {"N3: the first millisecond of 1970 is a Date", {DATED(0, 1 - ZERO, -ZERO, NONE)}},
    {"N3: a second whose time stands proves nothing",
     {PLAIN(0, 0, UNPROVEN, 0), PLAIN(10 * S, 0, UNPROVEN, 10 * S),
      PLAIN(20 * S, 1, NONE, 20 * S - 1)}},
    {"N3: nor one that went back",
     {PLAIN(0, 0, UNPROVEN, 0), PLAIN(10 * S, -S, UNPROVEN, 11 * S),
      PLAIN(20 * S, 0, UNPROVEN, 20 * S)}},
    {"N3: a Date near the time proves the first", {DATED(0, 0, 0, NONE)}},
    {"N3: as far as max_age behind", {DATED(0, 0, MAX_AGE, NONE)}},
    {"N3: as far as max_age ahead", {DATED(0, 0, -MAX_AGE, NONE)}},
    {"N3: a Date that is later by more does not", {DATED(0, 0, MAX_AGE + 1, UNPROVEN)}},
    {"N3: nor one that is earlier by more", {DATED(0, 0, -MAX_AGE - 1, UNPROVEN)}},
    {"N3: no Date is no date of 1970", {ANSWER(0, S, NONCE_NOT_ASKED, UNPROVEN, 0)}},
    {"N3: what is proven once stays so", {DATED(0, 0, 0, NONE), PLAIN(10 * S, 0, NONE, 10 * S)}},
    {"N3: a nonce proves the clock for the queries that have none",
     {OWN(0, 0, 0), PLAIN(10 * S, 10 * S, NONE, 0)}},
    {"N3: the first nonce forgets what was believed without one",
     {DATED(0, HOUR, HOUR, NONE), OWN(10 * S, 10 * S, 0), OWN(20 * S, 20 * S, 0)}},
    {"N3: the first nonce alone does",
     {OWN(0, 0, 0), OWN(10 * S, 0, 10 * S), OWN(20 * S, 0, 20 * S)}},
    {"N3: what has no nonce does not move E* once a nonce has",
     {OWN(0, 0, 0), PLAIN(10 * S, 20 * S, NONE, 0), OWN(20 * S, 20 * S, 0)}},
    {"N3: ahead of what nonces have proven, by more than an answer can take, it proves nothing",
     {OWN(0, 0, 0), PLAIN(10 * S, 20 * S + 1, UNPROVEN, 0), PLAIN(20 * S, 20 * S, NONE, 0)}},
    {"N3: but is held against it",
     {OWN(0, 0, 0), PLAIN(10 * S, -50 * S, NONE, 60 * S), OWN(20 * S, 20 * S, 0)}},
};

static void answers_prove_that_they_are_new(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        struct evidence_clock clock = {.known = false};
        const struct reported *reported = stories[i].answers;
        for (size_t k = 0; k < ANSWERS_MAX && reported[k].is; k++) {
            struct arrival arrival = reported[k].how;
            arrival.sent_ms = reported[k].sent_ms;
            struct clock_reading reading =
                evidence_clock_read(&clock, reported[k].eval_ms, &arrival, MAX_AGE);
            if (reading.doubt != reported[k].doubt || reading.lag_ms != reported[k].lag_ms)
                fail_msg("%s: answer %zu has doubt %d, lag %" PRId64 " ms, not %d, %" PRId64,
                         stories[i].sentence, k, (int)reading.doubt, reading.lag_ms,
                         (int)reported[k].doubt, reported[k].lag_ms);
        }
    }
}

/* An answer sent at `sent_ms`, when the server's clock shows `clock_ms` after ZERO. */
static void hear(struct evidence_clock *clock, int64_t sent_ms, int64_t clock_ms,
                 enum nonce_kind nonce)
{
    const struct arrival arrival = {.sent_ms = sent_ms, .date_ms = -1, .nonce = nonce};
    evidence_clock_read(clock, ZERO + clock_ms, &arrival, MAX_AGE);
}

struct heard {
    bool is;
    int64_t sent_ms, clock_ms;
    enum nonce_kind nonce;
};
#define AT(sent, clock)              \
    {                                \
        true, sent, clock, NONCE_OWN \
    }
#define UNASKED(sent, clock)               \
    {                                      \
        true, sent, clock, NONCE_NOT_ASKED \
    }

/* What is heard; then the age of a sample at the monotonic moment `now_ms`. */
static const struct {
    const char *sentence;
    struct heard heard[ANSWERS_MAX];
    size_t horizons;
    struct {
        int64_t sample_ms, now_ms, age_ms;
    } ages[3];
} views[] = {
    {"a clock that goes on has no horizon",
     {AT(0, 0), AT(10 * S, 10 * S), AT(20 * S, 20 * S)},
     0,
     {{0, 20 * S, 0}}},
    {"an answer that took half a second longer is no step", {AT(0, 0), AT(S, 500)}, 0, {{0}}},
    {"half a second and more is a step: the latest it can have shown is the horizon",
     {AT(0, 0), AT(S, 499)},
     1,
     {{S, 5 * S, 4 * S}, {S + 1, 5 * S, 0}}},
    {"an hour back, and E* is passed again: what is up to the horizon is as old as the step",
     {AT(0, 0), AT(10 * S, 10 * S - HOUR), AT(HOUR, 0), AT(HOUR + 10 * S, 10 * S)},
     1,
     {{5 * S, HOUR + 20 * S, HOUR + 15 * S},
      {10 * S, HOUR + 20 * S, HOUR + 10 * S},
      {10 * S + 1, HOUR + 20 * S, 0}}},
    {"a lag that stays as it is, or grows less, is one step",
     {AT(0, 0), AT(10 * S, -50 * S), AT(20 * S, -40 * S), AT(30 * S, -30 * S)},
     1,
     {{10 * S, 30 * S, 20 * S}}},
    {"back again by more before E* is passed: no later time than before",
     {AT(0, 0), AT(10 * S, 10 * S - HOUR), AT(20 * S, 20 * S - 2 * HOUR)},
     1,
     {{10 * S, 30 * S, 20 * S}, {10 * S + 1, 30 * S, 0}}},
    {"the second step of a lag is counted from the first: the hour that is repeated is earlier",
     {AT(0, 0), AT(10 * S, 0), AT(30 * S, 0)},
     1,
     {{20 * S, 30 * S, 10 * S}, {20 * S + 1, 30 * S, 0}}},
    {"nor another one, when it is the very same time",
     {AT(0, 0), AT(10 * S, -50 * S), AT(70 * S, -60 * S)},
     1,
     {{10 * S, 80 * S, 70 * S}, {10 * S + 1, 80 * S, 0}}},
    {"two servers, one two seconds behind: one horizon, on one line",
     {AT(0, 0), AT(10 * S, 8 * S), AT(20 * S, 20 * S), AT(30 * S, 28 * S), AT(40 * S, 40 * S),
      AT(50 * S, 48 * S)},
     1,
     {{50 * S, 60 * S, 10 * S}, {50 * S + 1, 60 * S, 0}, {20 * S, 60 * S, 40 * S}}},
    {"what one answer takes longer than another does not move the line away",
     {AT(0, 0), AT(10 * S, 0), AT(110 * S, 100 * S), AT(120 * S, 100 * S)},
     1,
     {{110 * S, 200 * S, 90 * S}, {110 * S + 1, 200 * S, 0}}},
    {"a clock that lost more is on another line",
     {AT(0, 0), AT(10 * S, 0), AT(110 * S + 1, 100 * S), AT(120 * S, 100 * S)},
     2,
     {{10 * S, 200 * S, 190 * S}, {109999, 200 * S, 80 * S}, {110 * S, 200 * S, 0}}},
    {"a clock that was set ahead between: the later moment counts",
     {AT(0, 0), AT(10 * S, 0), AT(20 * S, 70 * S), AT(21 * S, 71 * S), AT(31 * S, 71 * S)},
     1,
     {{81 * S, 41 * S, 10 * S}, {81 * S + 1, 41 * S, 0}}},
    {"steps minutes apart have a horizon each, and the older one is the older sample's",
     {AT(0, 0), AT(10 * S, 10 * S - 60 * S), AT(80 * S, 20 * S), AT(90 * S, -30 * S)},
     2,
     {{10 * S, 100 * S, 90 * S}, {30 * S, 100 * S, 10 * S}, {30 * S + 1, 100 * S, 0}}},
    {"forgotten when two lookbacks have gone by on the server's clock, not before",
     {AT(0, 0), AT(10 * S, 0), AT(620 * S, 610 * S)},
     1,
     {{10 * S, 630 * S, 620 * S}}},
    {"and then it is",
     {AT(0, 0), AT(10 * S, 0), AT(620 * S + 1, 610 * S + 1)},
     0,
     {{10 * S, 630 * S, 0}}},
    {"the config's own queries step nothing once a nonce has",
     {AT(0, 0), UNASKED(10 * S, -HOUR), AT(20 * S, 20 * S)},
     0,
     {{0, 20 * S, 0}}},
    {"and do where there are no nonces",
     {UNASKED(0, 0), UNASKED(10 * S, 10 * S - HOUR)},
     1,
     {{10 * S, 20 * S, 10 * S}}},
    {"the first nonce forgets the horizons",
     {UNASKED(0, 0), UNASKED(10 * S, 10 * S - HOUR), AT(20 * S, 20 * S)},
     0,
     {{10 * S, 20 * S, 0}}},
};

static void samples_before_a_horizon_are_old(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        struct evidence_clock clock = {.known = false};
        for (size_t k = 0; k < ANSWERS_MAX && views[i].heard[k].is; k++)
            hear(&clock, views[i].heard[k].sent_ms, views[i].heard[k].clock_ms,
                 views[i].heard[k].nonce);
        if (clock.horizon_count != views[i].horizons)
            fail_msg("%s: %zu horizons, not %zu", views[i].sentence, clock.horizon_count,
                     views[i].horizons);
        for (size_t k = 0; k < 3; k++) {
            int64_t age_ms = evidence_horizon_age_ms(&clock, ZERO + views[i].ages[k].sample_ms,
                                                     views[i].ages[k].now_ms);
            if (age_ms != views[i].ages[k].age_ms && views[i].ages[k].now_ms != 0)
                fail_msg("%s: a sample of %" PRId64 " is %" PRId64 " ms old, not %" PRId64,
                         views[i].sentence, views[i].ages[k].sample_ms, age_ms,
                         views[i].ages[k].age_ms);
        }
    }
}

static void nothing_known_of_the_clock_makes_nothing_older(void **unused)
{
    (void)unused;
    assert_int_equal(evidence_horizon_age_ms(NULL, 0, HOUR), 0);
}

/* A clock that loses 90 s of each 100: a horizon with each answer. */
static void lose(struct evidence_clock *clock, int64_t answers)
{
    for (int64_t i = 0; i < answers; i++)
        hear(clock, i * 100 * S, i * 10 * S, NONCE_OWN);
}

/* Two that became one make samples older than they were, and never younger. */
static void more_horizons_than_there_is_room_for_are_merged(void **unused)
{
    (void)unused;
    struct evidence_clock full = {.known = false}, over = {.known = false};
    lose(&full, HORIZONS_MAX + 1);
    assert_int_equal(full.horizon_count, HORIZONS_MAX);
    lose(&over, HORIZONS_MAX + 2);
    assert_int_equal(over.horizon_count, HORIZONS_MAX);
    const int64_t now_ms = 2000 * S;
    for (int64_t sample_ms = 0; sample_ms < 300 * S; sample_ms += 5 * S) {
        int64_t before_ms = evidence_horizon_age_ms(&full, ZERO + sample_ms, now_ms);
        int64_t after_ms = evidence_horizon_age_ms(&over, ZERO + sample_ms, now_ms);
        if (after_ms < before_ms)
            fail_msg("a sample of %" PRId64 " ms was %" PRId64 " ms old, and is %" PRId64
                     " when horizons are merged",
                     sample_ms, before_ms, after_ms);
    }
    const struct {
        int64_t clock_s, seen_s;
    } kept[HORIZONS_MAX] = {{110, 100}, {120, 300}, {130, 400}, {140, 500},
                            {150, 600}, {160, 700}, {170, 800}, {180, 900}};
    for (size_t i = 0; i < HORIZONS_MAX; i++)
        if (over.horizons[i].clock_ms != ZERO + kept[i].clock_s * S ||
            over.horizons[i].seen_ms != kept[i].seen_s * S)
            fail_msg("horizon %zu is of %" PRId64 " at %" PRId64, i,
                     over.horizons[i].clock_ms - ZERO, over.horizons[i].seen_ms);
}

/* Those that are left keep their order and their times. */
static void the_oldest_horizons_are_forgotten_first(void **unused)
{
    (void)unused;
    struct evidence_clock clock = {.known = false};
    lose(&clock, 5);                                     /* of 100, 110, 120 and 130 s */
    hear(&clock, 439 * S, 600 * S + 114 * S, NONCE_OWN); /* so far ahead, it takes two */
    assert_int_equal(clock.horizon_count, 4);
    hear(&clock, 440 * S, 600 * S + 115 * S, NONCE_OWN);
    assert_int_equal(clock.horizon_count, 2);
    assert_int_equal(clock.horizons[0].clock_ms, ZERO + 120 * S);
    assert_int_equal(clock.horizons[0].seen_ms, 300 * S);
    assert_int_equal(clock.horizons[1].clock_ms, ZERO + 130 * S);
    hear(&clock, HOUR, 2 * HOUR, NONCE_OWN);
    hear(&clock, HOUR + S, 2 * HOUR + S, NONCE_OWN);
    assert_int_equal(clock.horizon_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_prove_that_they_are_new),
        cmocka_unit_test(samples_before_a_horizon_are_old),
        cmocka_unit_test(nothing_known_of_the_clock_makes_nothing_older),
        cmocka_unit_test(more_horizons_than_there_is_room_for_are_merged),
        cmocka_unit_test(the_oldest_horizons_are_forgotten_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
