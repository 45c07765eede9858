#include "config/yaml/values.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define NONE INT64_C(-1) /* refused */

struct whole {
    const char *sentence;
    const char *text;
    int64_t value;
};

static const struct whole durations[] = {
    {"milliseconds", "500ms", 500},
    {"seconds", "5s", 5000},
    {"minutes are not milliseconds", "2m", 120000},
    {"hours", "1h", 3600000},
    {"several units, largest first", "1h30m", 5400000},
    {"all units", "1y1w1d1h1m1s1ms", 31536000000 + 604800000 + 86400000 + 3661001},
    {"zero needs no unit", "0", 0},
    {"zero with a unit", "0s", 0},
    {"more minutes than an hour has", "90m", 5400000},
    {"a number without a unit", "5", NONE},
    {"a unit without a number", "s", NONE},
    {"nothing", "", NONE},
    {"a fraction", "1.5h", NONE},
    {"smallest first", "30m1h", NONE},
    {"a unit twice", "1h1h", NONE},
    {"a space", "5 s", NONE},
    {"upper case", "5S", NONE},
    {"an unknown unit", "5min", NONE},
    {"a sign", "-5s", NONE},
    {"a number left over", "1h30", NONE},
    {"more than 64 bits of milliseconds", "300000000y", NONE},
    {"more than 64 bits in the sum", "292471208y9223372036854775807ms", NONE},
    {"a number of 30 digits", "100000000000000000000000000000s", NONE},
    {"a number of 23 digits", "00000000000000000000005s", 5000},
    {"a number of 24 digits is none that anybody writes", "000000000000000000000005s", NONE},
};

static const struct whole sizes[] = {
    {"bytes", "65536", 65536},
    {"kibibytes", "512KiB", 524288},
    {"mebibytes", "4MiB", 4194304},
    {"a fraction that is whole in bytes", "1.5KiB", 1536},
    {"gibibytes", "1GiB", 1073741824},
    {"a fraction of a byte", "1.0001KiB", NONE},
    {"decimal units mean two things", "4MB", NONE},
    {"a space", "4 MiB", NONE},
    {"a sign", "-4MiB", NONE},
    {"nothing", "", NONE},
    {"a unit alone", "MiB", NONE},
    {"more than doubles hold exactly", "9999999999GiB", NONE},
    {"as much as they hold exactly", "9007199254740992", INT64_C(9007199254740992)},
    {"one more step", "9007199254740994", NONE},
    {"a number of 23 characters", "000000000000000000000.5KiB", 512},
    {"a number of 24 characters", "0000000000000000000000.5KiB", NONE},
};

static const struct whole frequencies[] = {
    {"hertz", "8000000", 8000000},     {"hertz with a unit", "50Hz", 50},
    {"kilohertz", "400kHz", 400000},   {"megahertz", "1MHz", 1000000},
    {"a fraction", "2.4MHz", 2400000}, {"a wrong capital", "1Mhz", NONE},
    {"two dots", "1.2.3MHz", NONE},
};

static void check(const struct whole rows[], size_t count,
                  bool (*read)(const char *text, int64_t *value))
{
    for (size_t i = 0; i < count; i++) {
        int64_t value = NONE;
        if (!read(rows[i].text, &value))
            value = NONE;
        if (value != rows[i].value)
            fail_msg("%s: '%s' read as %lld", rows[i].sentence, rows[i].text, (long long)value);
    }
}

static void test_whole(void **state)
{
    (void)state;
    check(durations, sizeof durations / sizeof durations[0], value_duration);
    check(sizes, sizeof sizes / sizeof sizes[0], value_bytes);
    check(frequencies, sizeof frequencies / sizeof frequencies[0], value_frequency);
}

static void test_percent(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        double value;
    } rows[] = {{"30%", true, 0.3},
                {"0.3", true, 0.3},
                {"12.5%", true, 0.125},
                {"100%", true, 1.0},
                {"0.999", true, 0.999},
                {"0", true, 0.0},
                {"1", false, 0.0}, /* percent, or all? */
                {"30", false, 0.0},
                {"-1%", true, -0.01},
                {"%", false, 0.0},
                {"30 %", false, 0.0},
                {"30%%", false, 0.0},
                {"bright", false, 0.0},
                {"00000000000000000000030%", true, 0.3},
                {"000000000000000000000030%", false, 0.0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value = 0.0;
        bool good = value_percent(rows[i].text, &value);
        if (good != rows[i].good || (good && value != rows[i].value))
            fail_msg("'%s' read as %g (%d)", rows[i].text, value, good);
    }
}

static void test_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        size_t first, last;
    } rows[] = {{"6", true, 6, 6},
                {"0-5", true, 0, 5},
                {"5-0", true, 5, 0},
                {"00-07", true, 0, 7},
                {"-5", false, 0, 0},
                {"0-", false, 0, 0},
                {"0--5", false, 0, 0},
                {"0-5-7", false, 0, 0},
                {"0 - 5", false, 0, 0},
                {"", false, 0, 0},
                {"a", false, 0, 0},
                {"99999999999", false, 0, 0},
                {"2147483647", true, INT32_MAX, INT32_MAX},
                {"2147483648", false, 0, 0},
                {"0-2147483647", true, 0, INT32_MAX},
                {"0-2147483648", false, 0, 0},
                {"00000000000000000000006", true, 6, 6},
                {"000000000000000000000006", false, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t first = 0;
        size_t last = 0;
        bool good = value_range(rows[i].text, &first, &last);
        if (good != rows[i].good || (good && (first != rows[i].first || last != rows[i].last)))
            fail_msg("'%s' read as %zu to %zu (%d)", rows[i].text, first, last, good);
    }
}

/* What is written is what would be read. */
static void test_write(void **state)
{
    (void)state;
    static const struct {
        enum field_type type;
        double value;
        const char *text;
    } rows[] = {
        {FIELD_DURATION, 0, "0"},
        {FIELD_DURATION, 500, "500ms"},
        {FIELD_DURATION, 90000, "1m30s"},
        {FIELD_DURATION, 3600000, "1h"},
        {FIELD_BYTES, 4096, "4KiB"},
        {FIELD_BYTES, 268435456, "256MiB"},
        {FIELD_BYTES, 1000, "1000"},
        {FIELD_BYTES, 0, "0"},
        {FIELD_FREQUENCY, 1e6, "1MHz"},
        {FIELD_FREQUENCY, 1500000, "1500kHz"},
        {FIELD_PERCENT, 0.01, "1%"},
        {FIELD_PERCENT, 1, "100%"},
        {FIELD_INTEGER, -5, "-5"},
        {FIELD_INTEGER, 1000000, "1000000"},
        {FIELD_NUMBER, 0.25, "0.25"},
        {FIELD_DURATION, 1, "1ms"},
        {FIELD_DURATION, 604800000, "1w"},
        {FIELD_DURATION, 31536000000 + 604800000 + 86400000 + 3661001, "1y1w1d1h1m1s1ms"},
        {FIELD_BYTES, 1073741824, "1GiB"},
        {FIELD_BYTES, 1025, "1025"},
        {FIELD_FREQUENCY, 1500, "1500Hz"},
        {FIELD_FREQUENCY, 0, "0Hz"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[VALUE_TEXT_SIZE];
        value_write(rows[i].type, rows[i].value, text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_percent),
        cmocka_unit_test(test_range),
        cmocka_unit_test(test_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
