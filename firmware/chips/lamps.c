#include "chips/lamps.h"

/* Weaker light is not looked at: in so few steps vermilion and red are the same. */
#define LIGHT_LEAST 4
#define ORANGE_LEAST 16 /* and in so few amber and orange, which are amber then */

#define THINNED (LAMP_BIT(LAMP_GREEN) | LAMP_BIT(LAMP_AMBER)) /* what lime stands for */

static const char *const colour_words[] = {"red", "amber", "green", "blue", "white", NULL};

const struct field lamp_fields[] = {
    {KEY("colour", FIELD_WORD, offsetof(struct lamp, colour)), .words = colour_words,
     .required = true, .help = "the lamp's colour, which says what it stands for"},
    {KEY("pixel", FIELD_INTEGER, offsetof(struct lamp, pixel)),
     RANGE(LAMPS_ANY_PIXEL, FRAME_PIXELS_MAX - 1), .fallback = "-1",
     .help = "the pixel it shows, from 0; -1: every one"},
    {KEY("relay", FIELD_BOOL, offsetof(struct lamp, relay)), .fallback = "false",
     .help = "true: a mechanical relay switches it; it changes once a second at most"},
    {.key = NULL},
};

/* The lamps are a list. */
static const struct field lamps_fields[] = {{.key = NULL}};

static bool lamps_check(const void *settings, struct error *error)
{
    if (((const struct lamps_settings *)settings)->count > 0)
        return true;
    return error_set(error, "there is no lamp; list them under lamps");
}

/* One, for the state as a whole, or as many as lamps name. */
static size_t lamps_pixels(const void *settings)
{
    const struct lamps_settings *lamps = settings;
    int64_t last = 0;
    for (int64_t i = 0; i < lamps->count; i++)
        last = lamps->lamps[i].pixel > last ? lamps->lamps[i].pixel : last;
    return (size_t)last + 1;
}

static size_t lamps_digits(const void *settings)
{
    (void)settings;
    return 0;
}

static size_t lamps_wire_size(const void *settings)
{
    return (size_t)((const struct lamps_settings *)settings)->count;
}

static int64_t lamps_hold_ms(const void *settings)
{
    const struct lamps_settings *lamps = settings;
    for (int64_t i = 0; i < lamps->count; i++)
        if (lamps->lamps[i].relay)
            return LAMPS_RELAY_HOLD_MS;
    return 0;
}

/* Each channel is seen as a share of the strongest. */
unsigned lamps_meaning(struct pixel light)
{
    unsigned red = light.red, green = light.green, blue = light.blue;
    unsigned most = red > green ? red : green;
    most = most > blue ? most : blue;
    if (most < LIGHT_LEAST)
        return 0;
    if (2 * red > most && 2 * green > most && 2 * blue > most)
        return LAMP_BIT(LAMP_WHITE);
    if (blue == most && 2 * red <= most)
        return LAMP_BIT(LAMP_BLUE);
    if (green == most && 2 * red <= most) /* lime 38 % red, green none */
        return 4 * red > most ? THINNED : LAMP_BIT(LAMP_GREEN);
    if (20 * green > (most < ORANGE_LEAST ? 5 : 7) * most) /* amber 8, orange 6, vermilion 3 */
        return LAMP_BIT(LAMP_AMBER);
    if (4 * blue > most)
        return LAMP_BIT(LAMP_RED) | LAMP_BIT(LAMP_BLUE);
    return 16 * green > most ? LAMP_BIT(LAMP_RED) | LAMP_BIT(LAMP_AMBER) : LAMP_BIT(LAMP_RED);
}

#define PAIR (LAMP_BIT(LAMP_RED) | LAMP_BIT(LAMP_GREEN))
#define ALL_THREE (PAIR | LAMP_BIT(LAMP_BLUE))

/* Paused is amber where there is no blue lamp; a light without an amber one mixes it, and white. */
static unsigned on_lamps_there_are(unsigned meaning, unsigned there)
{
    if (meaning == LAMP_BIT(LAMP_BLUE) && (there & meaning) == 0)
        meaning = LAMP_BIT(LAMP_AMBER);
    if (meaning == THINNED && (there & THINNED) != THINNED) /* green alone would be a lie */
        meaning = LAMP_BIT(LAMP_AMBER);
    if ((there & (meaning | LAMP_BIT(LAMP_AMBER))) != 0)
        return meaning;
    if (meaning == LAMP_BIT(LAMP_AMBER) && (there & PAIR) == PAIR)
        return PAIR;
    if (meaning == LAMP_BIT(LAMP_WHITE) && (there & ALL_THREE) == ALL_THREE)
        return ALL_THREE;
    return meaning;
}

static unsigned meaning_at(const struct frame *frame, int64_t pixel, unsigned there)
{
    unsigned meanings = 0;
    for (size_t i = 0; i < frame->count; i++)
        if (pixel == LAMPS_ANY_PIXEL || pixel == (int64_t)i)
            meanings |= on_lamps_there_are(lamps_meaning(frame->pixels[i]), there);
    return meanings;
}

static void lamps_encode(const void *settings, const struct frame *frame, bool raw,
                         struct wire *wire)
{
    const struct lamps_settings *lamps = settings;
    unsigned there = 0;
    (void)raw; /* nothing is corrected here */
    for (int64_t i = 0; i < lamps->count; i++)
        there |= LAMP_BIT(lamps->lamps[i].colour);
    for (int64_t i = 0; i < lamps->count; i++) {
        const struct lamp *lamp = &lamps->lamps[i];
        unsigned meaning = meaning_at(frame, lamp->pixel, there);
        wire_add(wire, (meaning & LAMP_BIT(lamp->colour)) != 0);
    }
    wire_end_message(wire);
}

const struct chip chip_lamps = {
    .name = "lamps",
    .summary = "lamps, stack lights and relays on GPIO lines, one line each",
    .fields = lamps_fields,
    .settings_size = sizeof(struct lamps_settings),
    .buses = BUS_BIT(BUS_GPIO),
    .wiring = WIRING_LINES,
    .check = lamps_check,
    .pixels = lamps_pixels,
    .digits = lamps_digits,
    .wire_size = lamps_wire_size,
    .hold_ms = lamps_hold_ms,
    .encode = lamps_encode,
    .lamps = true,
};

const struct chip chip_sysfs_led = {
    .name = "sysfs-led",
    .summary = "the machine's own lights (ACT, PWR), through /sys/class/leds",
    .fields = lamps_fields,
    .settings_size = sizeof(struct lamps_settings),
    .buses = BUS_BIT(BUS_LEDS),
    .check = lamps_check,
    .pixels = lamps_pixels,
    .digits = lamps_digits,
    .wire_size = lamps_wire_size,
    .encode = lamps_encode,
    .lamps = true,
};
