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
#define STEPS 7905u /* levels of light of one channel: 255 at each field */

static const char *const order_words[] = {"bgr", "brg", "gbr", "grb", "rbg", "rgb", NULL};
static const char *const field_words[] = {"scaled", "fixed", NULL};
static const char *const end_words[] = {"zeros", "ones", NULL};

/* An SK9822's field is a current, which may change its hue: there it is fixed unless asked for. */
// clang-format off
#define APA102_FIELDS(usual_field) \
    {KEY("pixels", FIELD_INTEGER, offsetof(struct apa102_settings, pixels)), \
     RANGE(1, FRAME_PIXELS_MAX), .required = true, \
     .help = "how many LEDs the strip has"}, \
    {KEY("order", FIELD_WORD, offsetof(struct apa102_settings, order)), .words = order_words, \
     .fallback = "bgr", \
     .help = "the colours' order on the wire; another one when colours are swapped"}, \
    {KEY("max_ma", FIELD_INTEGER, offsetof(struct apa102_settings, max_ma)), \
     RANGE(10, 100000), .fallback = "500", \
     .help = "what the supply can give the whole strip, in mA; brighter frames are dimmed to it"}, \
    {KEY("brightness_field", FIELD_WORD, offsetof(struct apa102_settings, brightness_field)), \
     .words = field_words, .fallback = (usual_field), \
     .help = "scaled: fine steps in the dark; fixed: no slow modulation, for cameras and SK9822"}, \
    {KEY("end", FIELD_WORD, offsetof(struct apa102_settings, end)), .words = end_words, \
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

/*
 * Light becomes a field and three levels by factors in 1/2^48 and 1/2^40, so that nothing is
 * divided while lights move: old boards have no instruction for it.
 *
 * The field is the smallest whose 255.5 steps hold the strongest channel. Its factor is rounded up,
 * which adds up to 2^16 of 2^48: less than lies between any light's share and the next whole
 * number, 1/(511 * LIGHT_MAX) or 2^23 at least. A level is the nearest. Its factor is rounded down,
 * which takes up to 2^16 of 2^40: less than lies between any level and the next half, 1/(2 *
 * LIGHT_MAX * field) or 2^18 at least, unless it is one. So both are exact.
 */
#define FIELD_BITS 48
#define LEVEL_BITS 40
#define FIELD_PER_LIGHT (((uint64_t)2 * STEPS << FIELD_BITS) / ((uint64_t)511 * LIGHT_MAX) + 1)
#define LEVEL_PER_LIGHT(field) (((uint64_t)STEPS << LEVEL_BITS) / ((uint64_t)LIGHT_MAX * (field)))
#define LEVEL_PER_LIGHT_4(field)                                                        \
    LEVEL_PER_LIGHT(field), LEVEL_PER_LIGHT((field) + 1), LEVEL_PER_LIGHT((field) + 2), \
        LEVEL_PER_LIGHT((field) + 3)

static const uint64_t level_per_light[] = {
    [4] = LEVEL_PER_LIGHT_4(4u), /* less there is not */
    LEVEL_PER_LIGHT_4(8u),       LEVEL_PER_LIGHT_4(12u), LEVEL_PER_LIGHT_4(16u),
    LEVEL_PER_LIGHT_4(20u),      LEVEL_PER_LIGHT_4(24u), LEVEL_PER_LIGHT_4(28u),
};
#define FIELDS (sizeof level_per_light / sizeof level_per_light[0])
_Static_assert(STEPS == 255 * APA102_FIELD_MAX, "as the field has it");
_Static_assert(APA102_FIELD_MIN == 4 && FIELDS == APA102_FIELD_MAX + 1, "one for each field");

/* How light becomes bytes in one frame. */
struct scale {
    uint64_t field_per_light;
    const uint64_t *level_per_light; /* of each field */
    uint64_t limited[FIELDS];        /* the same, of what the supply allows of a light */
    uint32_t least;                  /* field: where it is fixed, its only one */
};

static void limit_scale(struct scale *scale, uint32_t limit)
{
    scale->field_per_light = scale->field_per_light * limit / LEDSTRIP_LIMIT_NONE + 1;
    for (size_t i = 0; i < FIELDS; i++)
        scale->limited[i] = level_per_light[i] * limit / LEDSTRIP_LIMIT_NONE;
    scale->level_per_light = scale->limited;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t field_of(uint32_t most, const struct scale *scale)
{
    const uint64_t almost_one = ((uint64_t)1 << FIELD_BITS) - 1;
    uint64_t field = (most * scale->field_per_light + almost_one) >> FIELD_BITS;
    return larger((uint32_t)field, scale->least);
}

/* A half is rounded down; so 255.5, which no field exceeds, is 255. */
static uint32_t level_of(uint32_t light, uint64_t per_light)
{
    const uint64_t almost_half = ((uint64_t)1 << (LEVEL_BITS - 1)) - 1;
    return (uint32_t)((light * per_light + almost_half) >> LEVEL_BITS);
}

/* Which byte of a LED is the last to go out: that of its strongest channel. */
static size_t strongest(const struct pixel *pixel)
{
    if (pixel->red >= pixel->green && pixel->red >= pixel->blue)
        return 3;
    return pixel->green >= pixel->blue ? 2 : 1;
}

static void put_led(uint8_t *out, const struct pixel *pixel, const struct scale *scale)
{
    uint32_t most = larger(larger(pixel->red, pixel->green), pixel->blue);
    uint32_t field = field_of(most, scale);
    uint64_t per_light = scale->level_per_light[field];
    uint32_t blue, green, red;
    out[0] = (uint8_t)(0xE0 | field);
    out[1] = (uint8_t)(blue = level_of(pixel->blue, per_light));
    out[2] = (uint8_t)(green = level_of(pixel->green, per_light));
    out[3] = (uint8_t)(red = level_of(pixel->red, per_light));
    if ((blue | green | red) == 0 && most > 0)
        out[strongest(pixel)] = 1;
}

static bool is_same(const struct pixel *a, const struct pixel *b)
{
    return a->red == b->red && a->green == b->green && a->blue == b->blue;
}

/* Up to the first pixel that is as the one before, or the end; returns how many. */
static __attribute__((noinline)) size_t put_different(uint8_t *out, const struct pixel pixels[],
                                                      size_t count, const struct scale *scale)
{
    size_t i = 0;
    do {
        put_led(out + 4 * i, pixels + i, scale);
        i++;
    } while (i < count && !is_same(pixels + i, pixels + i - 1));
    return i;
}

#define AT_ONCE 4 /* LEDs */

static uint64_t word_of(const struct pixel pixels[], size_t index)
{
    uint64_t word;
    memcpy(&word, (const uint8_t *)pixels + index * sizeof word, sizeof word);
    return word;
}

/* AT_ONCE of them. */
static bool are_same(const struct pixel a[], const struct pixel b[])
{
    _Static_assert(AT_ONCE * sizeof *a == 3 * sizeof(uint64_t), "as many words");
    return word_of(a, 0) == word_of(b, 0) && word_of(a, 1) == word_of(b, 1) &&
           word_of(a, 2) == word_of(b, 2);
}

/* The LED before once more for each pixel that is as the one before; returns how many. */
static size_t put_same(uint8_t *out, const struct pixel pixels[], size_t count)
{
    uint8_t leds[AT_ONCE][4];
    size_t i = 0;
    for (size_t k = 0; k < AT_ONCE; k++)
        memcpy(leds[k], out - 4, 4);
    for (; count - i >= AT_ONCE && are_same(pixels + i, pixels + i - 1); i += AT_ONCE)
        memcpy(out + 4 * i, leds, sizeof leds);
    for (; i < count && is_same(pixels + i, pixels + i - 1); i++)
        memcpy(out + 4 * i, leds, 4);
    return i;
}

/* Long strips are mostly stretches of one light: it is reckoned once. Dark beyond the frame. */
static void put_leds(uint8_t *out, size_t count, const struct frame *frame,
                     const struct scale *scale)
{
    const struct pixel *pixels = frame->pixels;
    size_t lit = frame->count < count ? frame->count : count;
    const uint8_t dark[4] = {(uint8_t)(0xE0 | scale->least)};
    for (size_t i = 0; i < lit;) {
        i += put_different(out + 4 * i, pixels + i, lit - i, scale);
        i += put_same(out + 4 * i, pixels + i, lit - i);
    }
    for (size_t i = lit; i < count; i++)
        memcpy(out + 4 * i, dark, sizeof dark);
}

/* From blue, green and red to the order of a strip that has another. */
static void reorder(uint8_t *out, size_t count, const char *order)
{
    const size_t b = 1 + strcspn(order, "b"), g = 1 + strcspn(order, "g"),
                 r = 1 + strcspn(order, "r");
    for (size_t i = 0; i < count; i++, out += 4) {
        const uint8_t blue = out[1], green = out[2], red = out[3];
        out[b] = blue;
        out[g] = green;
        out[r] = red;
    }
}

static void apa102_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    const struct apa102_settings *apa102 = settings;
    bool fixed = raw || apa102->brightness_field == APA102_FIELD_FIXED;
    size_t count = apa102_pixels(settings);
    struct ledstrip_supply supply = supply_of(apa102);
    uint32_t limit = raw ? LEDSTRIP_LIMIT_NONE : ledstrip_limit(&supply, frame, LEDSTRIP_WHITE_OFF);
    struct scale scale;
    scale.least = fixed ? APA102_FIELD_MAX : APA102_FIELD_MIN;
    scale.field_per_light = FIELD_PER_LIGHT;
    scale.level_per_light = level_per_light;
    wire->limited = limit < LEDSTRIP_LIMIT_NONE;
    if (wire->limited)
        limit_scale(&scale, limit);
    uint8_t *out = wire_reserve(wire, apa102_wire_size(settings));
    if (out != NULL) {
        uint8_t *leds = out + 4;
        memset(out, 0x00, 4);
        put_leds(leds, count, frame, &scale);
        if (apa102->order != APA102_ORDER_BGR)
            reorder(leds, count, order_words[apa102->order]);
        memset(leds + 4 * count, apa102->end == APA102_END_ONES ? 0xFF : 0x00, end_size(count));
    }
    wire_end_message(wire);
}

/*
 * The first LEDs only: those behind them see zeros, which no LED takes for light. Ones they would:
 * so a strip that wants ones at its end is always sent whole.
 */
static bool apa102_cut(const void *settings, const struct wire *whole, size_t changed,
                       struct wire *brief)
{
    const struct apa102_settings *apa102 = settings;
    size_t leds = changed > 4 ? (changed - 4 + 3) / 4 : 0;
    if (leds == 0 || leds >= apa102_pixels(settings) || apa102->end == APA102_END_ONES)
        return false;
    uint8_t *out = wire_reserve(brief, 4 + 4 * leds + end_size(leds));
    if (out == NULL)
        return false;
    memcpy(out, whole->bytes, 4 + 4 * leds);
    memset(out + 4 + 4 * leds, 0x00, end_size(leds));
    wire_end_message(brief);
    return true;
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
    .cut = apa102_cut,
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
    .cut = apa102_cut,
};
