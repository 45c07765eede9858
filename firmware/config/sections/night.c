/* `night:` of `display:`. */
#include "config/sections/sections.h"
#include "config/yaml/values.h"

#include <stdio.h>
#include <string.h>

/* The night as the file has it. */
struct night_text {
    char from[32], to[32], brightness[16];
    double failed;
};

const struct field night_fields[] = {
    {KEY("from", FIELD_STRING, offsetof(struct night_text, from)),
     .size = sizeof(((struct night_text *)NULL)->from), .required = true,
     .form = "a time such as \"19:00\"",
     .help = "When the night begins, by the local clock: \"19:00\"."},
    {KEY("to", FIELD_STRING, offsetof(struct night_text, to)),
     .size = sizeof(((struct night_text *)NULL)->to), .required = true,
     .form = "a time such as \"07:30\"",
     .help = "When it ends; earlier than `from` is on the next day."},
    {KEY("brightness", FIELD_STRING, offsetof(struct night_text, brightness)),
     .size = sizeof(((struct night_text *)NULL)->brightness), .fallback = "3%",
     .help = "As display.brightness, at night; off: dark. Digits dim by the same ratio. LEDs of "
             "255 levels (WS2812) keep three, so as to tell amber from red."},
    {KEY("failed", FIELD_PERCENT, offsetof(struct night_text, failed)), .max = 1, .fallback = "0%",
     .help = "What has failed is at least so bright at night, even where all else is off."},
    {.key = NULL},
};

/* "19:00", "7:30" */
static bool parse_minute(const char *text, int64_t *minute)
{
    char hours[8];
    int64_t hour, rest;
    size_t length = strcspn(text, ":");
    if (text[length] == '\0' || strlen(text + length) != 3 || length >= sizeof hours ||
        strchr(text, '-') != NULL)
        return false;
    memcpy(hours, text, length);
    hours[length] = '\0';
    if (!text_integer(hours, 0, 23, &hour) || !text_integer(text + length + 1, 0, 59, &rest))
        return false;
    *minute = 60 * hour + rest;
    return true;
}

/* "19:00:00", "24:00": what was meant. */
static bool complain_meant(const struct reading *reading, const struct node *node, const char *key)
{
    char minutes[8];
    int64_t minute;
    const char *seconds = strrchr(node->text, ':');
    size_t length = seconds != NULL ? (size_t)(seconds - node->text) : 0;
    snprintf(minutes, sizeof minutes, "%.*s", (int)(length < sizeof minutes ? length : 0),
             node->text);
    if (strcmp(node->text, "24:00") == 0) {
        complain_at(reading, node, "%s cannot be '24:00'; write \"00:00\"", key);
    } else if (parse_minute(minutes, &minute)) {
        complain_at(reading, node, "%s cannot be '%.*s'; write \"%s\", without the seconds", key,
                    reading_shown(node->text), node->text, minutes);
    } else {
        return false;
    }
    return true;
}

static void read_minute(const struct reading *reading, const struct node *night, const char *key,
                        int64_t *minute)
{
    const struct node *node = node_get(night, key);
    if (node != NULL && node->type == NODE_SCALAR && !parse_minute(node->text, minute) &&
        !complain_meant(reading, node, key)) {
        complain_at(reading, node, "%s cannot be '%.*s'; write a time such as \"19:00\"", key,
                    reading_shown(node->text), node->text);
    }
}

static void read_brightness(const struct reading *reading, const struct node *night,
                            const char *text, double *brightness)
{
    if (strcmp(text, "off") == 0) {
        *brightness = 0;
    } else if (!value_percent(text, brightness) || !(*brightness >= 0.01 && *brightness <= 1)) {
        complain_at(reading, node_get(night, "brightness"),
                    "brightness cannot be '%.*s'; write 1%% to 100%%, or off", reading_shown(text),
                    text);
    }
}

void night_read_section(const struct reading *reading, const struct node *node, void *settings)
{
    struct config *config = settings;
    struct night_text text = {0};
    const struct keys keys = {.fields = night_fields, .settings = &text};
    size_t before = reading->complaints->count;
    if (!node_is(reading, node, NODE_MAP, "{from: \"19:00\", to: \"07:30\", brightness: 3%}"))
        return;
    fields_read(reading, node, &keys, 1);
    if (reading->complaints->count != before)
        return;
    read_minute(reading, node, "from", &config->night.from_minute);
    read_minute(reading, node, "to", &config->night.to_minute);
    read_brightness(reading, node, text.brightness, &config->picture.night.brightness);
    config->picture.night.failed = text.failed;
    config->night.kept = true;
    if (reading->complaints->count == before &&
        config->night.from_minute == config->night.to_minute) {
        complain_at(reading, node_get(node, "to"),
                    "the night ends when it begins; correct it, or lower display.brightness");
    }
}
