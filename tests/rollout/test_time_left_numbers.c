/*
 * The time that is left, to the millisecond, in scenes that are small enough to be reckoned by
 * hand, by the rules of rollout/time_left.h.
 */
#include "rollout/time_left.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define START_MS 1000000
#define REPEAT_MS 50000

/*
 * Looks at one workload, a word each: SECONDS:WHAT, where what is R (at rest), ? (unknown), or
 * P[/Q] of a rollout, with x when pods cannot be created, s when it is a change of size, and u when
 * the controller has not looked at it yet. Each
 * is repeated every 50 s until the next, but where that one is SECONDS-:WHAT: nobody looked.
 */
struct scene {
    const char *sentence, *looks;
    const struct usual_time *usual; /* NULL: nothing is known */
    int64_t left_ms;
};

static struct verdict verdict_of(const char *what)
{
    char *end;
    struct verdict verdict = {.state = STATE_PROGRESSING, .why = WHY_ROLLOUT};
    if (*what == 'R')
        return (struct verdict){.state = STATE_STABLE, .why = WHY_COMPLETE, .p = 1, .q = 1};
    if (*what == '?')
        return verdict_unknown(WHY_FETCH);
    verdict.p = verdict.q = strtod(what, &end);
    if (*end == '/')
        verdict.q = strtod(end + 1, &end);
    verdict.cannot_create = *end == 'x';
    if (*end == 's')
        verdict.why = WHY_SCALING;
    if (*end == 'u')
        verdict.why = WHY_UNOBSERVED;
    return verdict;
}

static void look(struct time_left *left, const struct verdict *verdict,
                 const struct usual_time *usual, int64_t now_ms)
{
    time_left_observe(left, verdict, now_ms);
    if (usual != NULL && time_left_asks(left))
        time_left_compare(left, usual);
}

static void play(struct time_left *left, const char *looks, const struct usual_time *usual)
{
    struct verdict verdict = {0};
    int64_t now_ms = 0;
    for (const char *at = looks; *at != '\0'; at += strspn(at, " ")) {
        char *end;
        const int64_t next_ms = START_MS + (int64_t)(strtod(at, &end) * 1000 + 0.5);
        for (now_ms += REPEAT_MS; at != looks && *end == ':' && now_ms < next_ms;
             now_ms += REPEAT_MS)
            look(left, &verdict, usual, now_ms);
        verdict = verdict_of(strchr(at, ':') + 1);
        now_ms = next_ms;
        look(left, &verdict, usual, now_ms);
        at += strcspn(at, " ");
    }
}

/* As it usually goes, evenly. */
static const struct usual_time even = {3, {400, {100, 200, 300}}};

static const struct scene scenes[] = {
    {"it began in the middle between two looks: a quarter in 60 s", "0:R 2:0 61:.25", NULL, 180000},
    {"at rest a minute ago is near enough", "0:R 60-:0 120:.25", NULL, 270000},
    {"and longer ago it is not known when it began", "0:R 60.001-:0 120:.25", NULL, 0},
    {"a change of size before it is no part of it", "0:R 2:.5s 41:0 101:.25", NULL, 241500},
    {"before the controller has looked at it it has begun", "0:R 2:0u 41:0 61:.25", NULL, 180000},
    {"and it goes on, when that is in the middle", "0:R 2:0 61:.25x 71:0u 81:.25", NULL, 160000},
    {"it had a quarter when it was first seen", "0:R 60-:.25", NULL, 90000},
    {"the newest half is that much faster: 0.46 of 65 s, the rest of 120 s for the whole bar",
     "0:R 2:0 31:.04 61:.5", NULL, 47400},
    {"five steps are kept: the first, and the newest four",
     "0:R 2:0 11:.1 31:.2 61:.3 101:.4 151:.5x 152:.5", NULL, 164000},
    {"pods are lost after that: each of those is known still",
     "0:R 2:0 11:.1 31:.2 61:.3 101:.4 151:.5x 153:.4", NULL, 112500},
    {"found in the middle: from its first step that was seen", "0:.3 20:.4 50:.5", NULL, 150000},
    {"that step is too small", "0:.3 20:.4 50:.44", NULL, 0},
    {"the first of a wave of five", "0:R 2:0/.5 61:.1", NULL, 142560},
    {"the third", "0:R 2:0/.5 61:.3", NULL, 97440},
    {"all of it", "0:R 2:0/.5 61:.5", NULL, 60000},
    {"once all of it is there its newest step counts for more", "0:R 2:0/.5 21:.25x 61:.5", NULL,
     65000},
    {"a wave that grows before its first pod is as large as it has become",
     "0:R 2:0/.2 10:0/.5 61:.1", NULL, 142560},
    {"it is not said of another wave than the first", "0:R 2:0/.5 61:.5/1 121:.6x 122:.6", NULL,
     95000},
    {"5 % are enough", "0:R 2:0 61:.05", NULL, 1140000},
    {"pods are lost: the steps up to there are known", "0:R 2:0 61:.25 121:.5 123:.25", NULL,
     120000},
    {"and where it was found in the middle, it was found lower", "0:.5 20:.3 40:.4 60:.5", NULL,
     100000},
    {"lower, and 60 s since it was found: that is its longest wait",
     "0:.5 50:.3 60:.4 70:.5 210:.5", NULL, 22438},
    {"said, not known, and said again in one moment", "0:R 2:0 61:.25 61:? 61:.25", NULL, 180000},
    {"another template: nobody saw when it began", "0:R 2:0 31:.5 33:0 63:.25", NULL, 0},
    {"5 % are enough for that, too", "0:R 2:0 31:.05 33:.04 40:.25", NULL, 0},
    {"what falls to 5 % is the same one still", "0:R 2:0 31:.5 33:.05x 43:.25x 44:.25", NULL,
     107300},
    {"usual, from its first quarter", "0:.1", &even, 0},
    {"usual, in the next look", "0:.1 1:.1", &even, 359000},
    {"in the third quarter", "0:.6 1:.6", &even, 159000},
    {"in the last", "0:.9 1:.9", &even, 39000},
    {"usual is 200 s, this one took half of that, and half of it is over", "0:R 2:0 101:.5", &even,
     125000},
    {"five times as slow is another rollout: four times count", "0:R 2:0 1001:.5", &even, 750000},
    {"ten times as fast counts as four times", "0:R 2:0 21:.5", &even, 72500},
    {"between two steps it counts down", "0:R 2:0 61:.5 101:.5", NULL, 20000},
    {"no step came when it was due", "0:R 2:0 61:.5 101:.5 141:.5", NULL, 5000},
    {"something is left", "0:R 2:0 61:.5 101:.5 122:.5", NULL, 1000},
    {"when the next is overdue by as much again and half a minute, it is said still",
     "0:R 2:0 61:.5 111:.5 161:.5 211:.5", NULL, 22450},
    {"and then no more", "0:R 2:0 61:.5 111:.5 161:.5 211.001:.5", NULL, 0},
    {"a quarter of the usual is a usual wait: it stands where it is higher by a quarter",
     "0:.5 200:.5", &even, 100000},
    {"and it rises where it is higher by more", "0:.5 230:.5", &even, 130468},
    {"which is overdue after twice that, too", "0:.5 230.001:.5", &even, 0},
    {"faster by far: not at once", "0:R 2:0 61:.25 71:.5", NULL, 87279},
    {"in a long one after ten seconds half of it", "0:R 2:0 601:.25 611:.5", NULL, 1126250},
    {"slower: nor is that told at once", "0:R 2:0 11:.25 31:.25 41:.3", NULL, 105912},
    {"a wait of the rollout before is not one of this",
     "0:R 2:0 601:.5 700:R 702:0 711:.25 761.001:.25", NULL, 0},
    {"nor do its steps say how large the first wave of this one is",
     "0:R 2:0 61:.25 70:R 72:0/.5 131:.1/.8", NULL, 142560},
    {"nor is its wave", "0:R 2:0/.5 61:.5 70:R 130-:.25", NULL, 90000},
};

static void what_is_left_is_as_reckoned(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
        struct time_left left = {0};
        play(&left, scenes[i].looks, scenes[i].usual);
        const int64_t off_ms = left.left_ms - scenes[i].left_ms;
        if (off_ms < -1 || off_ms > 1) /* of a fraction of a pod */
            fail_msg("%s: %lld ms are left, and not %lld", scenes[i].sentence,
                     (long long)left.left_ms, (long long)scenes[i].left_ms);
    }
}

/* Nobody looked at it, but a survey has counted it among those at rest. */
static void who_was_counted_at_rest_begins_from_there(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence;
        int64_t rest_ms, left_ms; /* rest_ms: before the first look */
    } rows[] = {{"two seconds ago: half of that it has rolled", 2000, 180000},
                {"a minute ago", 60000, 267000},
                {"longer ago", 60001, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct time_left left = {0};
        time_left_rest(&left, START_MS + 2000 - rows[i].rest_ms);
        play(&left, "2:0 61:.25", NULL);
        if (left.left_ms != rows[i].left_ms)
            fail_msg("%s: %lld ms are left", rows[i].sentence, (long long)left.left_ms);
    }
}

/* What was said, so much that is left, and what is said then. */
static const struct {
    const char *sentence;
    int64_t before_ms, left_ms, shown_ms;
} words[] = {
    {"nothing was said, and it is brief", 0, 44999, 30000},
    {"nothing was said, and it is a minute", 0, 45000, 60000},
    {"brief is brief, for 20 s more than a minute begins", 30000, 64999, 30000},
    {"and then it is a minute", 30000, 65000, 60000},
    {"a minute, too", 60000, 109999, 60000},
    {"and then it is two", 60000, 110000, 120000},
    {"of three a tenth is less than that", 180000, 229999, 180000},
    {"and then it is four", 180000, 230000, 240000},
    {"of four it is 24 s", 240000, 293999, 240000},
    {"and then it is five", 240000, 294000, 300000},
    {"of 19 it is 114 s", 1140000, 1283999, 1140000},
    {"and then it is 20", 1140000, 1284000, 1200000},
    {"of 20 it is two minutes", 1200000, 1469999, 1200000},
    {"and then it is 25", 1200000, 1470000, 1500000},
    {"of an hour it is six", 3600000, 4259999, 3600000},
    {"and then it is 70", 3600000, 4260000, 4200000},
    {"of three hours it is 18", 10800000, 12779999, 10800000},
    {"and then it is half an hour more", 10800000, 12780000, 12600000},
    {"what is less is said at once", 120000, 89999, 60000},
    {"what is the same stays", 120000, 90000, 120000},
};

static void a_word_stays_until_it_is_clearly_another(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        /* Half of it is done, and usually that takes a little longer: what was said stands. */
        const uint32_t half_s = (uint32_t)(words[i].left_ms / 1000 + 1);
        const struct usual_time usual = {1,
                                         {2 * half_s, {half_s / 2, half_s, half_s + half_s / 2}}};
        struct time_left left = {0};
        play(&left, "0:.5", &usual);
        left.left_ms = words[i].left_ms;
        left.said_ms = START_MS;
        left.shown_ms = words[i].before_ms;
        play(&left, "0:.5", &usual);
        assert_int_equal(left.left_ms, words[i].left_ms);
        if (left.shown_ms != words[i].shown_ms)
            fail_msg("%s: %lld ms are shown, and not %lld", words[i].sentence,
                     (long long)left.shown_ms, (long long)words[i].shown_ms);
    }
}

static const struct {
    const char *sentence, *looks;
    struct run_time taken; /* of 0 s: nothing is */
} runs[] = {
    {"pod by pod", "0:R 2:0 31:.25 61:.5 91:.75 121:R", {120, {30, 60, 90}}},
    {"two quarters at once, and the last with the end",
     "0:R 2:0 61:.6 121:R",
     {120, {60, 60, 120}}},
    {"over at once is a second", "0:R .4:0 .8:R", {1, {1, 1, 1}}},
    {"and nearly a second is one, too", "0:R .4:0 1.199:R", {1, {1, 1, 1}}},
    {"a long one, to the second", "0:R 2:0 1001:.5 2001:R", {2000, {1000, 1000, 2000}}},
    {"nobody looked for a minute", "0:R 2:0 31:.5 91-:.75 101:R", {100, {30, 30, 90}}},
    {"nobody looked for longer", "0:R 2:0 31:.5 91.001-:.75 101:R", {0}},
    {"pods could not be created", "0:R 2:0 31:.5x 41:.5 101:R", {0}},
    {"the one before had another size on its way",
     "0:R 2:0 30:.5 32:.5s 60:R 62:0 100:.5 120:R",
     {59, {39, 39, 59}}},
    {"nor has its own quarters of the one before that was measured",
     "0:R 2:0 30:.5 60:R 62:0 100:.5 120:R",
     {59, {39, 39, 59}}},
    {"the one before is over, and nobody asked what it took", "0:R 2:0 30:.5 60:R 62:0", {0}},
};

static void what_it_took_is_as_reckoned(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        struct time_left left = {0};
        struct run_time taken = {0};
        play(&left, runs[i].looks, NULL);
        assert_int_equal(time_left_take(&left, &taken), runs[i].taken.total_s > 0);
        const uint32_t *is = taken.quarters_s, *due = runs[i].taken.quarters_s;
        if (taken.total_s != runs[i].taken.total_s || memcmp(is, due, sizeof taken.quarters_s) != 0)
            fail_msg("%s: %u s, and %u, %u, %u to its quarters", runs[i].sentence, taken.total_s,
                     is[0], is[1], is[2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_is_as_reckoned),
        cmocka_unit_test(who_was_counted_at_rest_begins_from_there),
        cmocka_unit_test(a_word_stays_until_it_is_clearly_another),
        cmocka_unit_test(what_it_took_is_as_reckoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
