#include "picture/digits.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NONE ((double)NAN)

static void digits_say_what_there_is_room_for(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        enum state state;
        double p;
        int64_t available, spec;
        size_t digits;
        const char *text;
    } rows[] = {
        {"rolling is a percentage", STATE_PROGRESSING, 0.42, 8, 10, 4, "42"},
        {"which begins at nought", STATE_PROGRESSING, 0, 8, 10, 4, "0"},
        {"is rounded down", STATE_PROGRESSING, 0.4299, 8, 10, 2, "42"},
        {"but not by binary fractions", STATE_PROGRESSING, 0.29, 8, 10, 2, "29"},
        {"a hair is forgiven", STATE_PROGRESSING, 0.42 - 5e-12, 8, 10, 2, "42"},
        {"no more", STATE_PROGRESSING, 0.42 - 2e-11, 8, 10, 2, "41"},
        {"and is never 100", STATE_PROGRESSING, 0.9999, 8, 10, 4, "99"},
        {"not even when told so", STATE_PROGRESSING, 1, 8, 10, 4, "99"},
        {"one digit shows tens", STATE_PROGRESSING, 0.42, 8, 10, 1, "4"},
        {"rounded down", STATE_PROGRESSING, 0.89, 8, 10, 1, "8"},
        {"in tens exactly", STATE_PROGRESSING, 0.3, 8, 10, 1, "3"},
        {"and never more than one", STATE_PROGRESSING, 0.99, 8, 10, 1, "9"},
        {"stable shows replicas", STATE_STABLE, 1, 10, 10, 4, "10"},
        {"those that are there", STATE_STABLE, 1, 12, 10, 4, "12"},
        {"or those wanted", STATE_STABLE, 1, -1, 10, 4, "10"},
        {"none is there", STATE_STABLE, 1, 0, 10, 4, "0"},
        {"none is wanted", STATE_STABLE, 1, -1, 0, 4, "0"},
        {"a word without a count", STATE_STABLE, 1, -1, -1, 4, "donE"},
        {"a word when it does not fit", STATE_STABLE, 1, 100, 100, 2, "Go"},
        {"the most that fits", STATE_STABLE, 1, 9999, 9999, 4, "9999"},
        {"one more", STATE_STABLE, 1, 10000, 10000, 4, "donE"},
        {"a wide display", STATE_STABLE, 1, 10000, 10000, 8, "10000"},
        {"the widest", STATE_STABLE, 1, 123456789012345678, 1, 19, "123456789012345678"},
        {"scaled to zero", STATE_SCALED_TO_ZERO, NONE, 0, 0, 4, "0"},
        {"failed", STATE_FAILED, 0.5, 8, 10, 4, "FAIL"},
        {"failed, wide", STATE_FAILED, 0.5, 8, 10, 8, "FAIL"},
        {"failed on two", STATE_FAILED, 0.5, 8, 10, 2, "FA"},
        {"unknown", STATE_UNKNOWN, NONE, -1, -1, 4, "----"},
        {"unknown on one", STATE_UNKNOWN, NONE, -1, -1, 1, "-"},
        {"paused", STATE_PAUSED, 0.25, 4, 4, 4, "PAUS"},
        {"stalled", STATE_STALLED, 0.25, 4, 4, 4, "StAL"},
        {"degraded", STATE_DEGRADED, 0.25, 4, 4, 4, "dEGr"},
        {"no digits", STATE_FAILED, 0.5, 8, 10, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[FRAME_TEXT_SIZE];
        struct show show;
        struct verdict verdict = {.state = rows[i].state,
                                  .p = rows[i].p,
                                  .q = 1,
                                  .available = rows[i].available,
                                  .spec = rows[i].spec};
        show_start(&show, &verdict, 0);
        const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
        const struct digits_style style = {.digits = rows[i].digits};
        digits_of(&subject, &style, 0, text);
        if (strcmp(text, rows[i].text) != 0)
            fail_msg("%s: '%s' instead of '%s'", rows[i].what, text, rows[i].text);
    }
}

static void lost_calmly_is_counted(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int64_t available, spec;
        size_t digits;
        const char *text;
    } rows[] = {
        {"one", 9, 10, 4, "-1"},
        {"all of them", 0, 10, 4, "-10"},
        {"of one", 0, 1, 4, "-1"},
        {"as many as fit", 1901, 2000, 3, "-99"},
        {"one more", 1900, 2000, 3, "thi"},
        {"on two digits", 9, 10, 2, "-1"},
        {"a sign is not enough", 9, 10, 1, "t"},
        {"nobody counts them", -1, 10, 4, "thin"},
        {"nobody says how many there should be", 9, -1, 4, "thin"},
        {"the count does not say so", 10, 10, 2, "th"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[FRAME_TEXT_SIZE];
        struct show show;
        struct verdict verdict = {.state = STATE_DEGRADED,
                                  .p = 0.9,
                                  .q = 1,
                                  .calm = true,
                                  .available = rows[i].available,
                                  .spec = rows[i].spec};
        show_start(&show, &verdict, 0);
        const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
        const struct digits_style style = {.digits = rows[i].digits};
        assert_int_equal(digits_of(&subject, &style, 0, text), PICTURE_STILL);
        if (strcmp(text, rows[i].text) != 0)
            fail_msg("%s: '%s' instead of '%s'", rows[i].what, text, rows[i].text);
    }
}

static struct show rolling(const char *name, double p)
{
    struct show show;
    struct verdict verdict = {.state = STATE_PROGRESSING, .p = p, .q = 1};
    show_start(&show, &verdict, -10000);
    show.name = name;
    return show;
}

/* 33 % is not 33 replicas, where no strip stands beside it. */
static void alone_a_percentage_shows_that_it_lives(void **state)
{
    (void)state;
    static const struct {
        size_t digits;
        double p;
        const char *first, *then;
    } rows[] = {{4, 0.33, "_ 33", "- 33"}, {4, 0, "_  0", "-  0"}, {3, 0.33, "_33", "-33"},
                {2, 0.33, "33.", "33"},    {1, 0.33, "3.", "3"},   {6, 0.05, "_    5", "-    5"},
                {2, 0.05, "5.", "5"},      {3, 0.05, "_ 5", "- 5"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[FRAME_TEXT_SIZE];
        struct show show = rolling(NULL, rows[i].p);
        const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
        struct digits_style style = {.digits = rows[i].digits, .alone = true};
        assert_int_equal(digits_of(&subject, &style, 100, text), DIGITS_SIGN_MS - 100);
        assert_string_equal(text, rows[i].first);
        digits_of(&subject, &style, DIGITS_SIGN_MS, text);
        assert_string_equal(text, rows[i].then);
        style.still = true;
        assert_int_equal(digits_of(&subject, &style, DIGITS_SIGN_MS, text), PICTURE_STILL);
        assert_string_equal(text, rows[i].first);
    }
}

/* So that the number stands at the right end of what there is room for. */
static void a_very_wide_display_is_used_as_far_as_a_text_goes(void **state)
{
    (void)state;
    static const size_t widths[] = {FRAME_TEXT_SIZE - 2, FRAME_TEXT_SIZE - 1, FRAME_TEXT_SIZE, 40};
    const struct show show = rolling(NULL, 0.33);
    const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        const struct digits_style style = {.digits = widths[i], .alone = true};
        const size_t length = widths[i] < FRAME_TEXT_SIZE ? widths[i] : FRAME_TEXT_SIZE - 1;
        char text[FRAME_TEXT_SIZE];
        digits_of(&subject, &style, 0, text);
        assert_int_equal(strlen(text), length);
        assert_string_equal(text + length - 3, " 33");
    }
}

static void several_rollouts_have_their_turns(void **state)
{
    (void)state;
    static const struct {
        int64_t at;
        const char *text;
        int64_t next;
    } rows[] = {{0, "shop", 1200}, {1200, "42", 2800},   {4000, "r3", 1200}, {5200, "7", 2800},
                {7999, "7", 1},    {8000, "shop", 1200}, {9000, "shop", 200}};
    struct show shows[] = {rolling("shopping", 0.42), rolling("idle", 1), rolling("cms", 0.07)};
    struct show common = rolling(NULL, 0.2);
    shows[1].verdict.state = STATE_STABLE;
    struct subject subject = {.shows = shows, .show_count = 3, .common = &common};
    const struct digits_style style = {.digits = 4};
    char text[FRAME_TEXT_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t next = digits_of(&subject, &style, rows[i].at, text);
        if (strcmp(text, rows[i].text) != 0 || next != rows[i].next)
            fail_msg("at %d: '%s' for %d ms", (int)rows[i].at, text, (int)next);
    }
    const struct digits_style two = {.digits = 2}, one = {.digits = 1};
    digits_of(&subject, &two, 0, text);
    assert_string_equal(text, "sh");
    digits_of(&subject, &two, 1200, text);
    assert_string_equal(text, "42");
    digits_of(&subject, &one, 0, text); /* no room for a name: what is common */
    assert_string_equal(text, "2");
    shows[0].name = "a"; /* as short as a name may be */
    digits_of(&subject, &style, 0, text);
    assert_string_equal(text, "a");
    shows[0].name = "";
    digits_of(&subject, &style, 0, text);
    assert_string_equal(text, "r1");
    subject.show_count = 2; /* one moves: the common bar's percentage */
    digits_of(&subject, &style, 0, text);
    assert_string_equal(text, "20");
}

static void a_percentage_has_its_turn_with_the_time_that_is_left(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        size_t digits;
        bool alone;
        int64_t left_min;
        const char *first, *then; /* at 100 ms of each turn */
    } rows[] = {
        {"minutes", 4, false, 4, "33", "4m"},
        {"alone, with a sign of life", 4, true, 4, "_ 33", "_ 4m"},
        {"many minutes", 4, true, 45, "_ 33", "_45m"},
        {"hours, from 100 minutes on", 4, false, 120, "33", "2h"},
        {"nearer to two hours", 4, false, 100, "33", "2h"},
        {"no room before it for the sign", 3, true, 45, "_33", "45m."},
        {"two digits", 2, false, 4, "33", "4m"},
        {"two digits alone", 2, true, 4, "33.", "4m."},
        {"no room", 2, false, 45, "33", "33"},
        {"a single digit", 1, false, 4, "3", "3"},
        {"it is not known", 4, false, 0, "33", "33"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[FRAME_TEXT_SIZE];
        struct show show = rolling(NULL, 0.33);
        show.left_ms = rows[i].left_min * 60000;
        const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
        const struct digits_style style = {.digits = rows[i].digits, .alone = rows[i].alone};
        digits_of(&subject, &style, 100, text);
        if (strcmp(text, rows[i].first) != 0)
            fail_msg("%s: '%s' instead of '%s'", rows[i].what, text, rows[i].first);
        digits_of(&subject, &style, DIGITS_LEFT_MS + 100, text);
        if (strcmp(text, rows[i].then) != 0)
            fail_msg("%s: '%s' instead of '%s'", rows[i].what, text, rows[i].then);
    }
}

static void time_left_is_rounded_to_minutes_and_hours(void **state)
{
    (void)state;
    static const struct {
        int64_t left_ms;
        const char *text;
    } rows[] = {
        {0, "33"},
        {1, "0m"},
        {29999, "0m"},
        {30000, "1m"},
        {89999, "1m"},
        {90000, "2m"},
        {98 * 60000 + 29999, "98m"},
        {98 * 60000 + 30000, "99m"},
        {99 * 60000 + 29999, "99m"},
        {99 * 60000 + 30000, "2h"},
        {149 * 60000 + 29999, "2h"},
        {149 * 60000 + 30000, "3h"},
        {INT64_C(998) * 3600000, "998h"},
        {INT64_C(1000) * 3600000, "33"}, /* no room */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[FRAME_TEXT_SIZE];
        struct show show = rolling(NULL, 0.33);
        show.left_ms = rows[i].left_ms;
        const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
        const struct digits_style style = {.digits = 4};
        digits_of(&subject, &style, DIGITS_LEFT_MS, text);
        if (strcmp(text, rows[i].text) != 0)
            fail_msg("%lld ms: '%s' instead of '%s'", (long long)rows[i].left_ms, text,
                     rows[i].text);
    }
}

static void turns_come_when_they_are_said_to(void **state)
{
    (void)state;
    char text[FRAME_TEXT_SIZE];
    struct show show = rolling(NULL, 0.33);
    show.left_ms = 240000;
    const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
    struct digits_style style = {.digits = 4};
    assert_int_equal(digits_of(&subject, &style, 500, text), DIGITS_LEFT_MS - 500);
    assert_int_equal(digits_of(&subject, &style, DIGITS_LEFT_MS, text), DIGITS_LEFT_MS);
    style.alone = true; /* its sign of life changes sooner, but for the last of them */
    assert_int_equal(digits_of(&subject, &style, 100, text), DIGITS_SIGN_MS - 100);
    assert_int_equal(digits_of(&subject, &style, DIGITS_LEFT_MS - 1, text), 1);
    style.alone = false;
    style.still = true;
    assert_int_equal(digits_of(&subject, &style, DIGITS_LEFT_MS, text), PICTURE_STILL);
    assert_string_equal(text, "33");
    style.still = false;
    show.dimmed = true; /* of a moment ago */
    digits_of(&subject, &style, DIGITS_LEFT_MS, text);
    assert_string_equal(text, "33");
}

static void each_of_several_rollouts_says_its_time(void **state)
{
    (void)state;
    static const struct {
        int64_t at;
        const char *text;
        int64_t next;
    } rows[] = {{0, "shop", 1200},  {1200, "42", 1400}, {2600, "9m", 1400},
                {4000, "r2", 1200}, {5200, "7", 2800},  {6600, "7", 1400}};
    struct show shows[] = {rolling("shopping", 0.42), rolling("cms", 0.07)};
    const struct show common = rolling(NULL, 0.2);
    shows[0].left_ms = 9 * 60000;
    const struct subject subject = {.shows = shows, .show_count = 2, .common = &common};
    const struct digits_style style = {.digits = 4};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[FRAME_TEXT_SIZE];
        int64_t next = digits_of(&subject, &style, rows[i].at, text);
        if (strcmp(text, rows[i].text) != 0 || next != rows[i].next)
            fail_msg("at %d: '%s' for %d ms", (int)rows[i].at, text, (int)next);
    }
}

/* Where nothing moves, no number does. */
static void still_digits_are_where_a_glide_will_end(void **state)
{
    (void)state;
    struct show show = rolling(NULL, 0.2);
    struct verdict further = show.verdict;
    const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
    struct digits_style style = {.digits = 4};
    char text[FRAME_TEXT_SIZE];
    further.p = 0.6;
    show_update(&show, &further, false, 0);
    assert_int_equal(digits_of(&subject, &style, 0, text), PICTURE_FRAME_MS);
    assert_string_equal(text, "20");
    style.still = true;
    assert_int_equal(digits_of(&subject, &style, 0, text), PICTURE_STILL);
    assert_string_equal(text, "60");
}

static void an_indicator_has_a_word_for_each_width(void **state)
{
    (void)state;
    static const char *const words[] = {"", "A", "AL", "ALr", "ALrt", "ALrt"};
    const struct gauge critical = {.health = HEALTH_CRITICAL},
                       explained = {.health = HEALTH_CRITICAL, .explained = true};
    for (size_t digits = 0; digits < sizeof words / sizeof words[0]; digits++) {
        char text[FRAME_TEXT_SIZE] = "before";
        digits_of_gauge(&critical, digits, text);
        assert_string_equal(text, words[digits]);
        digits_of_gauge(&explained, digits, text);
        assert_string_equal(text, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alone_a_percentage_shows_that_it_lives),
        cmocka_unit_test(a_very_wide_display_is_used_as_far_as_a_text_goes),
        cmocka_unit_test(several_rollouts_have_their_turns),
        cmocka_unit_test(a_percentage_has_its_turn_with_the_time_that_is_left),
        cmocka_unit_test(time_left_is_rounded_to_minutes_and_hours),
        cmocka_unit_test(turns_come_when_they_are_said_to),
        cmocka_unit_test(each_of_several_rollouts_says_its_time),
        cmocka_unit_test(still_digits_are_where_a_glide_will_end),
        cmocka_unit_test(an_indicator_has_a_word_for_each_width),
        cmocka_unit_test(lost_calmly_is_counted),
        cmocka_unit_test(digits_say_what_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
