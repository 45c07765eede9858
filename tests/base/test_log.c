/*
 * Lines are written, cleaned, and bounded.
 */
#include "base/clock.h"
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t now_ms;

int64_t clock_monotonic_ms(void) /* in the place of the real one */
{
    return now_ms;
}

/* What `write` has logged: the lines, and all of them. */
static size_t lines_of(void (*write)(int), int count, char *all, size_t size)
{
    size_t lines = 0;
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    int before = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    write(count);
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    rewind(file);
    all[fread(all, 1, size - 1, file)] = '\0';
    fclose(file);
    for (const char *at = all; *at != '\0'; at++)
        lines += *at == '\n';
    return lines;
}

static void warn(int count)
{
    for (int i = 0; i < count; i++)
        log_line(LOG_LEVEL_WARNING, "%d", i);
}

static void notice(int count)
{
    for (int i = 0; i < count; i++)
        log_line(LOG_LEVEL_NOTICE, "%d", i);
}

static void inform(int count)
{
    for (int i = 0; i < count; i++)
        log_line(LOG_LEVEL_INFO, "%d", i);
}

static void report(int count)
{
    for (int i = 0; i < count; i++)
        log_line(LOG_LEVEL_ERROR, "%d", i);
}

static void trace(int count)
{
    for (int i = 0; i < count; i++)
        log_line(LOG_LEVEL_DEBUG, "%d", i);
}

static void warn_foreign(int count)
{
    (void)count;
    log_line(LOG_LEVEL_WARNING, "%s", "a\033[2J\nforged");
}

static void lines_of_a_minute_are_bounded_and_counted(void **state)
{
    (void)state;
    static char all[65536];
    now_ms = 1000000;
    const int most = LOG_MINUTE_COMPLAINTS;
    assert_int_equal(lines_of(warn, most - 1, all, sizeof all), most - 1);
    assert_int_equal(lines_of(warn, 1, all, sizeof all), 2);
    assert_non_null(strstr(all, "left out"));
    assert_int_equal(lines_of(warn, 5000, all, sizeof all), 0);
    assert_int_equal(lines_of(report, 3, all, sizeof all), 3); /* none comes from a server */
    now_ms += 59999;
    assert_int_equal(lines_of(warn, 1, all, sizeof all), 0);
    now_ms += 1;
    assert_int_equal(lines_of(trace, 1, all, sizeof all), 0);
    assert_int_equal(lines_of(warn, 1, all, sizeof all), 2);
    assert_non_null(strstr(all, "5001 lines were left out"));
    now_ms += 60000;
    assert_int_equal(lines_of(warn, 10, all, sizeof all), 10); /* nothing was left out before */
}

static void how_many_were_left_out_is_said(void **state)
{
    (void)state;
    static char all[65536];
    now_ms += 60000;
    lines_of(warn, LOG_MINUTE_COMPLAINTS + 77, all, sizeof all);
    now_ms += 60000;
    assert_int_equal(lines_of(report, 1, all, sizeof all), 2);
    assert_non_null(strstr(all, "77 lines were left out"));
}

/* What the light has become is written, whatever a server has complained of before. */
static void complaints_leave_room_for_what_the_light_became(void **state)
{
    (void)state;
    static char all[65536];
    const int rest = LOG_MINUTE_LINES - LOG_MINUTE_COMPLAINTS;
    now_ms += 60000;
    lines_of(report, 1, all, sizeof all);
    lines_of(warn, 1, all, sizeof all);
    assert_int_equal(lines_of(inform, 5000, all, sizeof all), rest - 1 + 1);
    assert_int_equal(lines_of(notice, rest - 2, all, sizeof all), rest - 2);
    assert_int_equal(lines_of(notice, 1, all, sizeof all), 2);
    assert_non_null(strstr(all, "left out"));
    assert_int_equal(lines_of(notice, 1, all, sizeof all), 0);
    assert_int_equal(lines_of(report, 1, all, sizeof all), 1);
    now_ms += 60000; /* and the other way about */
    lines_of(notice, LOG_MINUTE_LINES - 1, all, sizeof all);
    assert_int_equal(lines_of(warn, 2, all, sizeof all), 2);
}

static void a_line_is_one_line(void **state)
{
    (void)state;
    static char all[65536];
    now_ms += 60000;
    lines_of(warn, 1, all, sizeof all);
    assert_int_equal(lines_of(warn_foreign, 1, all, sizeof all), 1);
    assert_string_equal(all, "a?[2J?forged\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_a_minute_are_bounded_and_counted),
        cmocka_unit_test(how_many_were_left_out_is_said),
        cmocka_unit_test(complaints_leave_room_for_what_the_light_became),
        cmocka_unit_test(a_line_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
