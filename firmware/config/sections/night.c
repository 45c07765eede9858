#include "config/sections/sections.h"
#include "config/yaml/values.h"

#include <string.h>

/* The night as the file has it. */
struct night_text {
    char from[8], to[8], brightness[16];
    double failed;
};

const struct field night_fields[] = {
    {.key = "from",
     .type = FIELD_STRING,
     .offset = offsetof(struct night_text, from),
     .size = sizeof(((struct night_text *)NULL)->from),
     .required = true,
     .help = "When the night begins, by the local clock: \"19:00\"."},
    {.key = "to",
     .type = FIELD_STRING,
     .offset = offsetof(struct night_text, to),
     .size = sizeof(((struct night_text *)NULL)->to),
     .required = true,
     .help = "When it ends; earlier than `from` is on the next day."},
    {.key = "brightness",
     .type = FIELD_STRING,
     .offset = offsetof(struct night_text, brightness),
     .size = sizeof(((struct night_text *)NULL)->brightness),
     .fallback = "3%",
     .help = "As display.brightness, at night; off: dark. Digits dim by the same ratio."},
    {.key = "failed",
     .type = FIELD_PERCENT,
     .offset = offsetof(struct night_text, failed),
     .max = 1,
     .fallback = "0%",
     .help = "What has failed is at least so bright at night, even where all else is off."},
    {.key = NULL},
};

/* "19:00", "7:30" */
static bool parse_minute(const char *text, int64_t *minute)
{
    char hours[8];
    int64_t hour, rest;
    size_t length = strcspn(text, ":");
    if (text[length] == '\0' || strlen(text + length) != 3 || length >= sizeof(hours)) {
        return false;
    }
    memcpy(hours, text, length);
    hours[length] = '\0';
    if (!text_integer(hours, 0, 23, &hour) || !text_integer(text + length + 1, 0, 59, &rest)) {
        return false;
    }
    *minute = 60 * hour + rest;
    return true;
}

static void read_minute(const struct reading *reading, const struct node *night, const char *key,
                        int64_t *minute)
{
    const struct node *node = node_get(night, key);
    if (node != NULL && node->type == NODE_SCALAR && !parse_minute(node->text, minute)) {
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
    if (!node_is(reading, node, NODE_MAP, "{from: \"19:00\", to: \"07:30\", brightness: 3%}")) {
        return;
    }
    fields_read(reading, node, &keys, 1);
    if (reading->complaints->count != before) {
        return;
    }
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
