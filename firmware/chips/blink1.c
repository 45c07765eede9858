/*
 * A blink(1), by the reports that usblight.h describes.
 */
#include "chips/usblight.h"

#define REPORT_SIZE 9
#define NUMBER 1
#define FADE_TICKS 3 /* shorter than from one picture to the next */
#define DARK_LINE 15 /* the last one that all firmwares have but the first model's */
#define DARK_TICKS 100
#define TICK_MS 10
#define KEEP_STATE 1
#define HIGH(ticks) ((uint8_t)((ticks) >> 8))
#define LOW(ticks) ((uint8_t)((ticks)&0xff))

static const struct ledstrip_nature nature = {.steps = 255};

static const struct field blink1_fields[] = {
    {KEY("pixels", FIELD_INTEGER, offsetof(struct blink1_settings, pixels)),
     RANGE(1, BLINK1_PIXELS_MAX), .fallback = "2",
     .help = "2: top and bottom by themselves; 1: both alike, and for the first model"},
    {KEY("timer", FIELD_BOOL, offsetof(struct blink1_settings, timer)), .fallback = "true",
     .help = "true: it goes dark by itself 10 s after the last picture; false for the first model, "
             "whose memory that would wear out"},
    {.key = NULL},
};

static size_t blink1_pixels(const void *settings)
{
    return (size_t)((const struct blink1_settings *)settings)->pixels;
}

static size_t blink1_wire_size(const void *settings)
{
    return REPORT_SIZE * (3 + blink1_pixels(settings));
}

static void add_report(struct wire *wire, char command, const uint8_t arguments[static 6])
{
    wire_add(wire, NUMBER);
    wire_add(wire, (uint8_t)command);
    for (size_t i = 0; i < 6; i++)
        wire_add(wire, arguments[i]);
    wire_add(wire, 0);
    wire_end_message(wire);
}

static void add_timer(struct wire *wire)
{
    static const uint8_t all_leds[6] = {0};
    static const uint8_t dark[6] = {0, 0, 0, HIGH(DARK_TICKS), LOW(DARK_TICKS), DARK_LINE};
    static const uint8_t timer[6] = {1,
                                     HIGH(BLINK1_TIMER_MS / TICK_MS),
                                     LOW(BLINK1_TIMER_MS / TICK_MS),
                                     KEEP_STATE,
                                     DARK_LINE,
                                     DARK_LINE};
    add_report(wire, 'l', all_leds);
    add_report(wire, 'P', dark);
    add_report(wire, 'D', timer);
}

static void blink1_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    const struct blink1_settings *blink1 = settings;
    const struct ledstrip_settings rgb = {.order = LEDSTRIP_ORDER_RGB};
    struct ledstrip strip;
    size_t count = blink1_pixels(settings);
    ledstrip_begin(&strip, &nature, &rgb, frame, raw);
    if (blink1->timer)
        add_timer(wire);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *levels = ledstrip_levels(&strip, i);
        uint8_t led = count == 1 ? 0 : (uint8_t)(i + 1);
        add_report(wire, 'c',
                   (const uint8_t[6]){levels[0], levels[1], levels[2], HIGH(FADE_TICKS),
                                      LOW(FADE_TICKS), led});
    }
}

/* Else the timer would end what another program shows later. */
static void blink1_leave(const void *settings, struct wire *wire)
{
    static const uint8_t off[6] = {0, 0, 0, KEEP_STATE, 0, 0};
    if (((const struct blink1_settings *)settings)->timer)
        add_report(wire, 'D', off);
}

const struct chip chip_blink1 = {
    .name = "blink1",
    .summary = "a blink(1) of ThingM on USB, which goes dark when this machine dies",
    .fields = blink1_fields,
    .settings_size = sizeof(struct blink1_settings),
    .buses = BUS_BIT(BUS_HIDRAW),
    .hid = {.product = "blink(1)", .vendor = 0x27b8, .id = 0x01ed, .features = true},
    .repeat_ms = BLINK1_REPEAT_MS,
    .pixels = blink1_pixels,
    .digits = ledstrip_digits,
    .wire_size = blink1_wire_size,
    .encode = blink1_encode,
    .leave = blink1_leave,
};
