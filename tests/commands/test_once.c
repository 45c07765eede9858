/*
 * What `amberbar once` prints beside what was answered: here nobody answers.
 */
#include "commands/capture.h"
#include "commands/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* A night that begins and ends so many hours from now. */
static void write_config(const char *path, int from, int to)
{
    const time_t now = time(NULL);
    struct tm local;
    assert_non_null(localtime_r(&now, &local));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "board: frames\nprometheus: {url: 'http://127.0.0.1:1'}\n"
            "rollouts: [{name: web, namespace: shop, deployment: web}]\n"
            "display: {brightness: 100%%, night: {from: '%02d:%02d', to: '%02d:%02d', brightness: "
            "1%%}}\n",
            (local.tm_hour + 24 + from) % 24, local.tm_min, (local.tm_hour + 24 + to) % 24,
            local.tm_min);
    assert_int_equal(fclose(file), 0);
}

/* The brightest channel of the picture in the report. */
static unsigned brightest(const char *json)
{
    unsigned most = 0, red, green, blue;
    const char *at = strstr(json, "\"frame\"");
    assert_non_null(at);
    while ((at = strchr(at, '#')) != NULL && sscanf(at++, "#%2x%2x%2x", &red, &green, &blue) == 3) {
        most = red > most ? red : most;
        most = green > most ? green : most;
        most = blue > most ? blue : most;
    }
    return most;
}

/* As the wall would show it. */
static void by_night_it_is_dim_and_says_so(void **state)
{
    (void)state;
    char path[] = "/tmp/amberbar-test-XXXXXX";
    close(mkstemp(path));
    write_config(path, -2, 2);
    const struct captured night =
        capture(&command_once, (const char *const[4]){"once", "--json", "-c", path});
    const struct captured words =
        capture(&command_once, (const char *const[4]){"once", "-c", path});
    write_config(path, 2, 6);
    const struct captured day =
        capture(&command_once, (const char *const[4]){"once", "--json", "-c", path});
    const struct captured others =
        capture(&command_once, (const char *const[4]){"once", "-c", path});
    assert_non_null(strstr(night.out, "\"night\":true"));
    assert_non_null(strstr(day.out, "\"night\":false"));
    assert_non_null(strstr(words.out, "it is night by the config"));
    assert_null(strstr(others.out, "it is night by the config"));
    assert_non_null(strstr(words.out, "\u2588")); /* in a pipe, however dim it is */
    assert_non_null(strstr(others.out, "\u2588"));
    if (brightest(night.out) == 0 || brightest(night.out) >= brightest(day.out) / 4)
        fail_msg("%u by night, %u by day", brightest(night.out), brightest(day.out));
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_night_it_is_dim_and_says_so),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
