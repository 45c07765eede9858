/*
 * `night:` of `display:`: times of the day as people write them, and how dark it is.
 */
#include "config/expect.h"
#include "config/sections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#define NIGHT HEAD "display:\n  night: " /* line 5 */

static void test_minutes(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        int64_t from_minute, to_minute;
    } rows[] = {
        {"0:00", "23:59", 0, 1439},
        {"23:00", "00:01", 1380, 1},
        {"7:09", "07:10", 429, 430},
        {"0000019:00", "0000007:30", 1140, 450}, /* as many digits as are looked at */
    };
    scratch_make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        snprintf(text, sizeof text, NIGHT "{from: '%s', to: '%s'}\n", rows[i].from, rows[i].to);
        struct config *config = read_text(text);
        assert_true(config->night.kept);
        assert_int_equal(config->night.from_minute, rows[i].from_minute);
        assert_int_equal(config->night.to_minute, rows[i].to_minute);
        assert_true(config->picture.night.brightness == 0.03);
        assert_true(config->picture.night.failed == 0);
        config_free(config);
    }
    scratch_remove();
}

static const struct refused refused[] = {
    {"an hour that no day has, and one that has a digit too many",
     NIGHT "{from: '25:00', to: '00000019:00'}\n",
     "$:5:17: from cannot be '25:00'; write a time such as \"19:00\"\n"
     "$:5:30: to cannot be '00000019:00'; write a time such as \"19:00\"\n"},
    {"the hour and the minute behind the last", NIGHT "{from: '24:01', to: '23:60'}\n",
     "$:5:17: from cannot be '24:01'; write a time such as \"19:00\"\n"
     "$:5:30: to cannot be '23:60'; write a time such as \"19:00\"\n"},
    {"a minus before nothing", NIGHT "{from: '-0:30', to: '19:-0'}\n",
     "$:5:17: from cannot be '-0:30'; write a time such as \"19:00\"\n"
     "$:5:30: to cannot be '19:-0'; write a time such as \"19:00\"\n"},
    {"minutes of one digit and of three", NIGHT "{from: '19:5', to: '19:005'}\n",
     "$:5:17: from cannot be '19:5'; write a time such as \"19:00\"\n"
     "$:5:29: to cannot be '19:005'; write a time such as \"19:00\"\n"},
    {"a time without hours, and without its colon", NIGHT "{from: ':30', to: '1900'}\n",
     "$:5:17: from cannot be ':30'; write a time such as \"19:00\"\n"
     "$:5:28: to cannot be '1900'; write a time such as \"19:00\"\n"},
    {"seconds behind as much as is looked at, and behind more",
     NIGHT "{from: '0019:00:00', to: '00019:00:00'}\n",
     "$:5:17: from cannot be '0019:00:00'; write \"0019:00\", without the seconds\n"
     "$:5:35: to cannot be '00019:00:00'; write a time such as \"19:00\"\n"},
    {"seconds behind what would be a time if it were cut",
     NIGHT "{from: '0019:000:00', to: '7:00'}\n",
     "$:5:17: from cannot be '0019:000:00'; write a time such as \"19:00\"\n"},
    {"24:00 as an end", NIGHT "{from: '24:00', to: '7:00'}\n",
     "$:5:17: from cannot be '24:00'; write \"00:00\"\n"},
    {"texts that just fit",
     NIGHT "{from: '0000000000000000000000000000019', to: '00000000000000000000000000007:3', "
           "brightness: '00000000000003%'}\n",
     "$:5:17: from cannot be '0000000000000000000000000000019'; write a time such as \"19:00\"\n"
     "$:5:56: to cannot be '00000000000000000000000000007:3'; write a time such as \"19:00\"\n"},
    {"texts of a byte more",
     NIGHT "{from: '00000000000000000000000000000019', to: '00000000000000000000000000000007', "
           "brightness: '000000000000003%'}\n",
     "$:5:17: from cannot be so long; at most 31 bytes fit\n"
     "$:5:57: to cannot be so long; at most 31 bytes fit\n"
     "$:5:105: brightness cannot be so long; at most 15 bytes fit\n"},
    {"the darkest night, in which what failed is bright",
     NIGHT "{from: '19:00', to: '7:00', brightness: 1%, failed: 100%}\n", ""},
    {"the brightest", NIGHT "{from: '19:00', to: '7:00', brightness: 100%, failed: 0%}\n", ""},
    {"a darker one, in which what failed is brighter than light",
     NIGHT "{from: '19:00', to: '7:00', brightness: 0.9%, failed: 101%}\n",
     "$:5:64: failed cannot be 101%; write 0% to 100%\n"},
    {"a darker one", NIGHT "{from: '19:00', to: '7:00', brightness: 0.9%}\n",
     "$:5:50: brightness cannot be '0.9%'; write 1% to 100%, or off\n"},
    {"a brighter one", NIGHT "{from: '19:00', to: '7:00', brightness: 100.1%}\n",
     "$:5:50: brightness cannot be '100.1%'; write 1% to 100%, or off\n"},
    {"a night of a day", NIGHT "{from: '7:00', to: '07:00'}\n",
     "$:5:29: the night ends when it begins; correct it, or lower display.brightness\n"},
};

static void test_refused(void **state)
{
    (void)state;
    expect_configs(refused, sizeof refused / sizeof refused[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minutes),
        cmocka_unit_test(test_refused),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
