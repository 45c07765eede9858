/*
 * What strips of single LEDs have in common: their keys, the supply's limit, and light as the few
 * levels that a chip knows.
 *
 * These chips dim by linear PWM, and a frame is linear light, so colour needs no gamma here. But
 * 8 bits are few: at 3 % perceived brightness full amber is 1 of 255 in red and nothing in green.
 * So the strongest channel is rounded first, to 1 at least when it is lit at all, and the others
 * follow it in proportion: hue stays as near as whole levels allow, and amber, too dim for its
 * green, turns red and never lime. Where that would be all that is left, a rollout and a failure
 * would look alike: so the brightness that a frame says it is drawn at is never less than
 * LEDSTRIP_LEVELS_LEAST levels, with which amber has its green and what is dim its place below.
 *
 * Current (FastLED, src/power_mgt; WLED's limiter): led_ma at full white, shared among the channels
 * by weight, and 1 mA dark. The limit is applied to light, after everything else, to the whole
 * frame alike, so that hues keep their ratios.
 */
#ifndef AMBERBAR_CHIPS_LEDSTRIP_H
#define AMBERBAR_CHIPS_LEDSTRIP_H

#include "chips/chip.h"

#define LEDSTRIP_CHANNELS 4 /* red, green, blue, white */
#define LEDSTRIP_DARK_UA 1000
#define LEDSTRIP_LEVELS_LEAST 3
#define LEDSTRIP_LIMIT_NONE 65536

enum ledstrip_white { LEDSTRIP_WHITE_EXTRACT, LEDSTRIP_WHITE_OFF };

struct ledstrip_settings {
    int64_t pixels;
    int order; /* of ledstrip_rgbw_orders, of which ledstrip_rgb_orders is the beginning */
    int64_t max_ma;
    int64_t led_ma; /* one LED at full white; 0: no supply that is ours, and no limit */
    int white;      /* enum ledstrip_white; only where the order has a w */
};

#define LEDSTRIP_ORDER_RGB 5                     /* of both */
extern const char *const ledstrip_rgb_orders[];  /* bgr brg gbr grb rbg rgb */
extern const char *const ledstrip_rgbw_orders[]; /* the same, then the 24 with white */

// clang-format off
/* The rows of a chip's table that all strips share: its orders, its usual order and current. */
#define LEDSTRIP_FIELDS(order_words, usual_order, usual_ma) \
    {KEY("pixels", FIELD_INTEGER, offsetof(struct ledstrip_settings, pixels)), \
     RANGE(1, FRAME_PIXELS_MAX), .required = true, \
     .help = "how many LEDs the strip has"}, \
    {KEY("order", FIELD_WORD, offsetof(struct ledstrip_settings, order)), .words = (order_words), \
     .fallback = (usual_order), \
     .help = "the colours' order on the wire; another one when colours are swapped"}, \
    {KEY("max_ma", FIELD_INTEGER, offsetof(struct ledstrip_settings, max_ma)), \
     RANGE(10, 100000), .fallback = "500", \
     .help = "what the supply can give the whole strip, in mA; brighter frames are dimmed to it"}, \
    {KEY("led_ma", FIELD_INTEGER, offsetof(struct ledstrip_settings, led_ma)), \
     RANGE(1, 1000), .fallback = (usual_ma), \
     .help = "what one LED draws at full white, in mA, by its data sheet"}

/* One more, for strips that may have white LEDs. */
#define LEDSTRIP_FIELD_WHITE \
    {KEY("white", FIELD_WORD, offsetof(struct ledstrip_settings, white)), \
     .words = ledstrip_white_words, .fallback = "extract", \
     .help = "with a w in `order`: extract gives the white in a colour to the white LED"}
// clang-format on

extern const char *const ledstrip_white_words[];

/*
 * Night leaves too few levels to tell states apart: light of `full` is raised to `least`, what is
 * weaker in proportion, what is stronger stays.
 */
struct ledstrip_lift {
    uint32_t full, least; /* linear, of 65535 */
};

/* What a supply has to give; 0 <= dark_ua. */
struct ledstrip_supply {
    size_t pixels;
    int64_t max_ma, led_ma;
    int64_t dark_ua; /* of a LED with nothing lit, and the most that rounding up adds */
    uint8_t weights[LEDSTRIP_CHANNELS]; /* shares of the channels in led_ma; 0: there is none */
    struct ledstrip_lift lift;          /* zeros: light is as the frame has it */
};

/* False, with the reason, when dark LEDs alone draw what there is. */
bool ledstrip_supply_check(const struct ledstrip_supply *supply, struct error *error);

/* What the supply allows of every channel's light, of LEDSTRIP_LIMIT_NONE. */
uint32_t ledstrip_limit(const struct ledstrip_supply *supply, const struct frame *frame,
                        enum ledstrip_white white);

/* What a chip makes of light. */
struct ledstrip_nature {
    uint32_t steps;                         /* levels above dark: 255, or 127 */
    uint8_t weights[LEDSTRIP_CHANNELS - 1]; /* red, green, blue in one LED's current; zeros: its
                                               led_ma is 0 */
};

/* One frame on its way to the wire. */
struct ledstrip {
    const struct ledstrip_settings *settings;
    const struct ledstrip_nature *nature;
    const struct frame *frame;
    const char *order;
    size_t channels; /* bytes a LED */
    uint32_t limit;
    struct ledstrip_lift lift;
    bool raw;
    struct pixel last; /* most neighbours are alike */
    uint8_t levels[LEDSTRIP_CHANNELS];
};

void ledstrip_begin(struct ledstrip *strip, const struct ledstrip_nature *nature,
                    const struct ledstrip_settings *settings, const struct frame *frame, bool raw);

/* LED `index` in the wire's order, strip->channels levels of 0..steps; dark beyond the frame. */
const uint8_t *ledstrip_levels(struct ledstrip *strip, size_t index);

/* For a chip's table; `settings` is a struct ledstrip_settings. */
bool ledstrip_check(const struct ledstrip_nature *nature, const void *settings,
                    struct error *error);
size_t ledstrip_pixels(const void *settings);
size_t ledstrip_digits(const void *settings); /* 0 */
size_t ledstrip_channels(const void *settings);

#endif
