#include "config/yaml/values.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct unit {
    const char *name;
    int64_t size;
};

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const struct unit durations[] = {/* milliseconds; a year has 365 days, as in Prometheus */
                                        {"y", 365 * DAY}, {"w", 7 * DAY}, {"d", DAY}, {"h", HOUR},
                                        {"m", MINUTE},    {"s", SECOND},  {"ms", 1},  {NULL, 0}};
static const struct unit sizes[] = {{"GiB", INT64_C(1) << 30},
                                    {"MiB", INT64_C(1) << 20},
                                    {"KiB", INT64_C(1) << 10},
                                    {"", 1},
                                    {NULL, 0}};
static const struct unit frequencies[] = {
    {"MHz", 1000000}, {"kHz", 1000}, {"Hz", 1}, {"", 1}, {NULL, 0}};

#define DIGITS "0123456789"
#define NUMBER_SIZE 24               /* more characters are no number that anybody writes */
#define EXACT_MAX 9007199254740992.0 /* 2^53: doubles are exact integers up to here */

/* The number at the front of `text`, made of `characters`; what follows it, or NULL. */
static const char *split_number(const char *text, const char *characters,
                                char number[static NUMBER_SIZE])
{
    size_t length = strspn(text, characters);
    if (length == 0 || length >= NUMBER_SIZE)
        return NULL;
    memcpy(number, text, length);
    number[length] = '\0';
    return text + length;
}

/* The number and unit at the front of `*text`, which moves behind them; `*units` behind the unit.
 */
static bool take_duration(const char **text, const struct unit **units, int64_t *ms)
{
    char number[NUMBER_SIZE];
    int64_t count;
    const char *name = split_number(*text, DIGITS, number);
    if (name == NULL || !text_integer(number, 0, INT64_MAX, &count))
        return false;
    size_t length = strcspn(name, DIGITS);
    for (const struct unit *unit = *units; unit->name != NULL; unit++) {
        if (strlen(unit->name) == length && strncmp(unit->name, name, length) == 0) {
            *text = name + length;
            *units = unit + 1;
            return !__builtin_mul_overflow(count, unit->size, ms);
        }
    }
    return false;
}

bool value_duration(const char *text, int64_t *ms)
{
    const struct unit *units = durations;
    int64_t sum = 0;
    int64_t part;

    if (*text == '\0')
        return false;
    if (strcmp(text, "0") == 0) {
        *ms = 0;
        return true;
    }
    while (*text != '\0')
        if (!take_duration(&text, &units, &part) || __builtin_add_overflow(sum, part, &sum))
            return false;
    *ms = sum;
    return true;
}

/* A decimal number and one of `units`, together a whole number. */
static bool read_scaled(const char *text, const struct unit *unit, int64_t *value)
{
    char number[NUMBER_SIZE];
    double count;
    const char *name = split_number(text, DIGITS ".", number);
    if (name == NULL || !text_number(number, &count))
        return false;
    while (unit->name != NULL && strcmp(unit->name, name) != 0)
        unit++;
    double scaled = count * (double)unit->size;
    if (unit->name == NULL || scaled > EXACT_MAX || scaled != (double)(int64_t)scaled)
        return false;
    *value = (int64_t)scaled;
    return true;
}

bool value_bytes(const char *text, int64_t *bytes)
{
    return read_scaled(text, sizes, bytes);
}

bool value_frequency(const char *text, int64_t *hz)
{
    return read_scaled(text, frequencies, hz);
}

bool value_percent(const char *text, double *fraction)
{
    char number[NUMBER_SIZE];
    double value;
    const char *sign = split_number(text, DIGITS ".-", number);
    if (sign == NULL || !text_number(number, &value))
        return false;
    if (strcmp(sign, "%") == 0) {
        *fraction = value / 100.0;
        return true;
    }
    *fraction = value;
    return *sign == '\0' && value < 1; /* 1 may be meant as 1 % or as all of it */
}

bool value_range(const char *text, size_t *first, size_t *last)
{
    char number[NUMBER_SIZE];
    int64_t from;
    int64_t to;
    const char *rest = split_number(text, DIGITS, number);
    if (rest == NULL || !text_integer(number, 0, INT32_MAX, &from))
        return false;
    to = from;
    if (*rest != '\0' && (*rest != '-' || !text_integer(rest + 1, 0, INT32_MAX, &to)))
        return false;
    *first = (size_t)from;
    *last = (size_t)to;
    return true;
}

/* In as many units as it takes: 90000 ms is 1m30s. */
static void write_duration(int64_t ms, char out[static VALUE_TEXT_SIZE])
{
    size_t length = 0;
    for (const struct unit *unit = durations; unit->name != NULL; unit++) {
        int64_t count = ms / unit->size;
        if (count > 0 && length < VALUE_TEXT_SIZE) {
            length += (size_t)snprintf(out + length, VALUE_TEXT_SIZE - length, "%lld%s",
                                       (long long)count, unit->name);
        }
        ms %= unit->size;
    }
    if (length == 0)
        text_copy(out, VALUE_TEXT_SIZE, "0");
}

/* In the largest unit that leaves no fraction. */
static void write_scaled(int64_t value, const struct unit *unit, char out[static VALUE_TEXT_SIZE])
{
    while (unit->size > 1 && (value == 0 || value % unit->size != 0))
        unit++;
    snprintf(out, VALUE_TEXT_SIZE, "%lld%s", (long long)(value / unit->size), unit->name);
}

void value_write(enum field_type type, double value, char out[static VALUE_TEXT_SIZE])
{
    switch (type) {
    case FIELD_DURATION:
        write_duration((int64_t)value, out);
        return;
    case FIELD_BYTES:
        write_scaled((int64_t)value, sizes, out);
        return;
    case FIELD_FREQUENCY:
        write_scaled((int64_t)value, frequencies, out);
        return;
    case FIELD_PERCENT:
        snprintf(out, VALUE_TEXT_SIZE, "%g%%", value * 100.0);
        return;
    case FIELD_STRING:
    case FIELD_PATH:
    case FIELD_INTEGER:
    case FIELD_NUMBER:
    case FIELD_BOOL:
    case FIELD_WORD:
    case FIELD_MAP:
        snprintf(out, VALUE_TEXT_SIZE, "%.15g", value);
        return;
    }
}
