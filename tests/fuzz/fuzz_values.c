/*
 * Single values: the first byte chooses how the rest is read. What is read and written again is
 * read as the same.
 */
#include "base/clock.h"
#include "config/sections/pattern.h"
#include "config/yaml/values.h"
#include "fuzz/fuzz.h"
#include "prometheus/http/url.h"

#include <string.h>

static void read_duration(const char *text)
{
    int64_t ms, again;
    char written[VALUE_TEXT_SIZE];
    if (!value_duration(text, &ms))
        return;
    must(ms >= 0);
    value_write(FIELD_DURATION, (double)ms, written);
    if (ms < INT64_C(1) << 52)
        must(value_duration(written, &again) && again == ms);
}

static void read_numbers(const char *text)
{
    int64_t number;
    double fraction;
    size_t first, last;
    if (value_bytes(text, &number))
        must(number >= 0);
    if (value_frequency(text, &number))
        must(number >= 0);
    value_percent(text, &fraction);
    value_range(text, &first, &last);
    if (text_integer(text, -5, 5, &number))
        must(number >= -5 && number <= 5);
    int64_t time = clock_parse_rfc3339(text);
    char written[CLOCK_RFC3339_SIZE];
    if (time >= 0 && strstr(text, ":60.") == NULL) { /* a leap second is the next minute's first */
        clock_rfc3339(time, written);
        must(clock_parse_rfc3339(written) == time);
    }
}

static void read_pattern(const char *text)
{
    struct error error = {0};
    bool good = pattern_check(text, 63, &error);
    must(good == (error.text[0] == '\0'));
}

static void read_url(const char *text)
{
    char place[64], port[8];
    struct text out = {0};
    must(url_origin_length(text) <= strlen(text));
    url_place(text, place, sizeof place);
    url_port(text, port, sizeof port);
    must(strlen(place) < sizeof place && strlen(port) < sizeof port);
    if (url_origin_length(text) > 0)
        must(url_same_origin(text, text));
    url_has_user(text);
    url_is_loopback(text);
    if (url_is_https(text)) {
        url_rename(&out, text, "name.example");
        url_connect_to(&out, text, "name.example");
    }
    text_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(const char *) = {read_duration, read_numbers, read_pattern,
                                                    read_url};
    if (size == 0)
        return 0;
    char *text = malloc(size);
    must(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    readers[data[0] % (sizeof readers / sizeof readers[0])](text);
    free(text);
    return 0;
}
