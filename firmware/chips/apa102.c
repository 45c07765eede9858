#include "chips/apa102.h"

#include "chips/ledstrip.h"

#include <string.h>

/*
 * Current at 5 V (FastLED's power model, WLED's limiter): a LED draws 60 mA at full white and 1 mA
 * dark. To the latter the most is added that rounding up may cost it: half a step of 1/255 in each
 * of three channels of 20 mA.
 */
#define FULL_MA 60
#define DARK_UA (LEDSTRIP_DARK_UA + 118)

#define LIGHT_MAX 65535u
#define STEPS (255u * APA102_FIELD_MAX) /* levels of light of one channel */

static const char *const order_words[] = {"bgr", "brg", "gbr", "grb", "rbg", "rgb", NULL};
static const char *const field_words[] = {"scaled", "fixed", NULL};
static const char *const end_words[] = {"zeros", "ones", NULL};

/* Where red, green and blue stand in a LED's four bytes; the first is the header. */
static const uint8_t places[][3] = {
    [APA102_ORDER_BGR] = {3, 2, 1}, [APA102_ORDER_BRG] = {2, 3, 1}, [APA102_ORDER_GBR] = {3, 1, 2},
    [APA102_ORDER_GRB] = {2, 1, 3}, [APA102_ORDER_RBG] = {1, 3, 2}, [APA102_ORDER_RGB] = {1, 2, 3},
};

/* An SK9822's field is a current, which may change its hue: there it is fixed unless asked for. */
// clang-format off
#define APA102_FIELDS(usual_field) \
    {.key = "pixels", \
     .type = FIELD_INTEGER, \
     .offset = offsetof(struct apa102_settings, pixels), \
     .min = 1, \
     .max = FRAME_PIXELS_MAX, \
     .required = true, \
     .help = "how many LEDs the strip has"}, \
    {.key = "order", \
     .type = FIELD_WORD, \
     .offset = offsetof(struct apa102_settings, order), \
     .words = order_words, \
     .fallback = "bgr", \
     .help = "the colours' order on the wire; another one when colours are swapped"}, \
    {.key = "max_ma", \
     .type = FIELD_INTEGER, \
     .offset = offsetof(struct apa102_settings, max_ma), \
     .min = 10, \
     .max = 100000, \
     .fallback = "500", \
     .help = "what the supply can give the whole strip, in mA; brighter frames are dimmed to it"}, \
    {.key = "brightness_field", \
     .type = FIELD_WORD, \
     .offset = offsetof(struct apa102_settings, brightness_field), \
     .words = field_words, \
     .fallback = (usual_field), \
     .help = "scaled: fine steps in the dark; fixed: no slow modulation, for cameras and SK9822"}, \
    {.key = "end", \
     .type = FIELD_WORD, \
     .offset = offsetof(struct apa102_settings, end), \
     .words = end_words, \
     .fallback = "zeros", \
     .help = "ones: for strips whose last LEDs ignore zeros; a LED beyond `pixels` turns white"}
// clang-format on

static const struct field apa102_fields[] = {APA102_FIELDS("scaled"), {.key = NULL}};
static const struct field sk9822_fields[] = {APA102_FIELDS("fixed"), {.key = NULL}};

static struct ledstrip_supply supply_of(const struct apa102_settings *apa102)
{
    return (struct ledstrip_supply){.pixels = (size_t)apa102->pixels,
                                    .max_ma = apa102->max_ma,
                                    .led_ma = FULL_MA,
                                    .dark_ua = DARK_UA,
                                    .weights = {1, 1, 1, 0}};
}

static bool apa102_check(const void *settings, struct error *error)
{
    struct ledstrip_supply supply = supply_of(settings);
    return ledstrip_supply_check(&supply, error);
}

static size_t apa102_pixels(const void *settings)
{
    return (size_t)((const struct apa102_settings *)settings)->pixels;
}

static size_t apa102_digits(const void *settings)
{
    (void)settings;
    return 0;
}

static size_t end_size(size_t pixels)
{
    return 4 + (pixels + 15) / 16;
}

static size_t apa102_wire_size(const void *settings)
{
    size_t pixels = apa102_pixels(settings);
    return 4 + 4 * pixels + end_size(pixels);
}

/* How light becomes bytes in one frame. */
struct scale {
    uint32_t limit; /* of 65536: what the supply allows of each channel */
    bool fixed;     /* the field is always 31 */
};

static struct scale scale_of(const struct apa102_settings *apa102, const struct frame *frame,
                             bool raw)
{
    struct ledstrip_supply supply = supply_of(apa102);
    return (struct scale){.limit = raw ? LEDSTRIP_LIMIT_NONE
                                       : ledstrip_limit(&supply, frame, LEDSTRIP_WHITE_OFF),
                          .fixed = raw || apa102->brightness_field == APA102_FIELD_FIXED};
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* The smallest field whose 255.5 steps hold the strongest channel. */
static uint32_t field_of(uint32_t most, const struct scale *scale)
{
    uint32_t field = (2 * most * STEPS + 511 * LIGHT_MAX - 1) / (511 * LIGHT_MAX);
    return scale->fixed ? APA102_FIELD_MAX : larger(field, APA102_FIELD_MIN);
}

/* Which of red, green and blue is the strongest: the last to go out. */
static size_t strongest(struct pixel pixel)
{
    if (pixel.red >= pixel.green && pixel.red >= pixel.blue)
        return 0;
    return pixel.green >= pixel.blue ? 1 : 2;
}

/* What the supply allows of it. */
static struct pixel limited(struct pixel pixel, uint32_t limit)
{
    return (struct pixel){(uint16_t)(pixel.red * limit >> 16),
                          (uint16_t)(pixel.green * limit >> 16),
                          (uint16_t)(pixel.blue * limit >> 16)};
}

static void put_led(uint8_t *out, const uint8_t *place, struct pixel pixel,
                    const struct scale *scale)
{
    struct pixel light = scale->limit < LEDSTRIP_LIMIT_NONE ? limited(pixel, scale->limit) : pixel;
    uint32_t most = larger(larger(light.red, light.green), light.blue);
    uint32_t field = field_of(most, scale);
    uint32_t unit = LIGHT_MAX * field, half = unit / 2; /* field_of(): no step is over 255 */
    out[0] = (uint8_t)(0xE0 | field);
    out[place[0]] = (uint8_t)((light.red * STEPS + half) / unit);
    out[place[1]] = (uint8_t)((light.green * STEPS + half) / unit);
    out[place[2]] = (uint8_t)((light.blue * STEPS + half) / unit);
    if (most * STEPS < unit - half && (pixel.red | pixel.green | pixel.blue) != 0)
        out[place[strongest(pixel)]] = 1;
}

static bool is_same(struct pixel a, struct pixel b)
{
    return a.red == b.red && a.green == b.green && a.blue == b.blue;
}

#define RUN 16 /* LEDs that are looked at, and written, at once */

/* How many of the pixels from `first` on, at most RUN, are as the one before. */
static size_t run_of(const struct pixel pixels[], size_t first, size_t end)
{
    if (first == 0 || first >= end || !is_same(pixels[first], pixels[first - 1]))
        return 0;
    bool whole =
        end - first >= RUN && memcmp(pixels + first - 1, pixels + first, RUN * sizeof *pixels) == 0;
    return whole ? RUN : 1;
}

/* RUN times the LED that stands before. */
static void repeat_led(uint8_t *out)
{
    uint32_t led;
    memcpy(&led, out - 4, 4);
    for (size_t k = 0; k < RUN; k++)
        memcpy(out + 4 * k, &led, 4);
}

/* Long strips are mostly stretches of one light: it is reckoned once. */
static void put_leds(uint8_t *out, const struct apa102_settings *apa102, const struct frame *frame,
                     const struct scale *scale)
{
    static const struct pixel dark = {0, 0, 0};
    size_t count = apa102_pixels(apa102), lit = frame->count < count ? frame->count : count;
    for (size_t i = 0, run; i < count; i += run) {
        run = run_of(frame->pixels, i, lit);
        if (run == RUN)
            repeat_led(out + 4 * i);
        else if (run == 1)
            memcpy(out + 4 * i, out + 4 * i - 4, 4);
        if (run == 0)
            put_led(out + 4 * i, places[apa102->order], i < lit ? frame->pixels[i] : dark, scale);
        run += run == 0;
    }
}

static void apa102_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    const struct apa102_settings *apa102 = settings;
    size_t count = apa102_pixels(settings);
    struct scale scale = scale_of(apa102, frame, raw);
    wire->limited = scale.limit < LEDSTRIP_LIMIT_NONE;
    wire_fill(wire, 0x00, 4);
    uint8_t *out = wire_reserve(wire, 4 * count);
    if (out != NULL)
        put_leds(out, apa102, frame, &scale);
    wire_fill(wire, apa102->end == APA102_END_ONES ? 0xFF : 0x00, end_size(count));
    wire_end_message(wire);
}

const struct chip chip_apa102 = {
    .name = "apa102",
    .summary = "APA102 (DotStar) LEDs on data and clock",
    .fields = apa102_fields,
    .settings_size = sizeof(struct apa102_settings),
    .buses = BUS_BIT(BUS_GPIO) | BUS_BIT(BUS_SPI),
    .wiring = WIRING_CLOCKED,
    .spi = {.hz = 1000000, .min_hz = 100000, .max_hz = 12000000}, /* faster only on short wires */
    .check = apa102_check,
    .pixels = apa102_pixels,
    .digits = apa102_digits,
    .wire_size = apa102_wire_size,
    .encode = apa102_encode,
};

const struct chip chip_sk9822 = {
    .name = "sk9822",
    .summary = "SK9822 LEDs on data and clock, which look like APA102",
    .fields = sk9822_fields,
    .settings_size = sizeof(struct apa102_settings),
    .buses = BUS_BIT(BUS_GPIO) | BUS_BIT(BUS_SPI),
    .wiring = WIRING_CLOCKED,
    .spi = {.hz = 1000000, .min_hz = 100000, .max_hz = 12000000}, /* faster only on short wires */
    .check = apa102_check,
    .pixels = apa102_pixels,
    .digits = apa102_digits,
    .wire_size = apa102_wire_size,
    .encode = apa102_encode,
};
