#include "chips/apa102.h"

#include <string.h>

/*
 * Current at 5 V (FastLED's power model, WLED's limiter): a LED draws 60 mA at full white and 1 mA
 * dark. To the latter the most is added that rounding up may cost it: half a step of 1/255 in each
 * of three channels of 20 mA.
 */
#define FULL_UA 60000
#define DARK_UA 1118

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

static const struct field apa102_fields[] = {
    {.key = "pixels",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct apa102_settings, pixels),
     .min = 1,
     .max = FRAME_PIXELS_MAX,
     .required = true,
     .help = "how many LEDs the strip has"},
    {.key = "order",
     .type = FIELD_WORD,
     .offset = offsetof(struct apa102_settings, order),
     .words = order_words,
     .fallback = "bgr",
     .help = "the colours' order on the wire; another one when red and green or blue are swapped"},
    {.key = "max_ma",
     .type = FIELD_INTEGER,
     .offset = offsetof(struct apa102_settings, max_ma),
     .min = 10,
     .max = 100000,
     .fallback = "500",
     .help = "what the supply can give the whole strip, in mA; brighter frames are dimmed to it"},
    {.key = "brightness_field",
     .type = FIELD_WORD,
     .offset = offsetof(struct apa102_settings, brightness_field),
     .words = field_words,
     .fallback = "scaled",
     .help = "scaled: fine steps in the dark; fixed: no slow modulation, for cameras and SK9822"},
    {.key = "end",
     .type = FIELD_WORD,
     .offset = offsetof(struct apa102_settings, end),
     .words = end_words,
     .fallback = "zeros",
     .help = "ones: for strips whose last LEDs ignore zeros; a LED beyond `pixels` turns white"},
    {.key = NULL},
};

static bool apa102_check(const void *settings, struct error *error)
{
    const struct apa102_settings *apa102 = settings;
    if (apa102->max_ma * 1000 > apa102->pixels * DARK_UA)
        return true;
    return error_set(error,
                     "max_ma %d is what %d dark pixels draw already (1.1 mA each); "
                     "set max_ma to what the supply can give",
                     (int)apa102->max_ma, (int)apa102->pixels);
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

static uint64_t total_light(const struct pixel pixels[], size_t count)
{
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += (uint64_t)pixels[i].red + pixels[i].green + pixels[i].blue;
    return total;
}

static struct scale scale_of(const struct apa102_settings *settings, const struct frame *frame,
                             size_t lit, bool raw)
{
    struct scale scale = {.limit = 65536,
                          .fixed = raw || settings->brightness_field == APA102_FIELD_FIXED};
    int64_t budget_ua = settings->max_ma * 1000 - settings->pixels * DARK_UA;
    if (raw || budget_ua >= (int64_t)lit * FULL_UA)
        return scale;
    uint64_t budget = (uint64_t)(budget_ua > 0 ? budget_ua : 0) * 3 * LIGHT_MAX / FULL_UA;
    uint64_t total = total_light(frame->pixels, lit);
    if (total > budget)
        scale.limit = (uint32_t)(budget * 65536 / total);
    return scale;
}

static uint8_t step(uint32_t light, uint32_t field)
{
    uint32_t unit = LIGHT_MAX * field;
    uint32_t level = (light * STEPS + unit / 2) / unit;
    return (uint8_t)(level < 255 ? level : 255);
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

static void put_led(uint8_t *out, const uint8_t *place, struct pixel pixel,
                    const struct scale *scale)
{
    uint32_t red = pixel.red * scale->limit >> 16;
    uint32_t green = pixel.green * scale->limit >> 16;
    uint32_t blue = pixel.blue * scale->limit >> 16;
    uint32_t most = larger(larger(red, green), blue), field = field_of(most, scale);
    uint8_t steps[] = {step(red, field), step(green, field), step(blue, field)};
    out[0] = (uint8_t)(0xE0 | field);
    out[place[0]] = steps[0];
    out[place[1]] = steps[1];
    out[place[2]] = steps[2];
    if (2 * most * STEPS < LIGHT_MAX * field && (pixel.red | pixel.green | pixel.blue) != 0)
        out[place[strongest(pixel)]] = 1;
}

static bool is_same(struct pixel a, struct pixel b)
{
    return a.red == b.red && a.green == b.green && a.blue == b.blue;
}

static void apa102_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    const struct apa102_settings *apa102 = settings;
    const struct pixel *pixels = frame->pixels, dark = {0, 0, 0};
    size_t count = apa102_pixels(settings), lit = frame->count < count ? frame->count : count;
    struct scale scale = scale_of(apa102, frame, lit, raw);
    wire_fill(wire, 0x00, 4);
    uint8_t *out = wire_reserve(wire, 4 * count);
    for (size_t i = 0; out != NULL && i < count; i++, out += 4) {
        if (i > 0 && i < lit && is_same(pixels[i], pixels[i - 1]))
            memcpy(out, out - 4, 4); /* most neighbours are alike */
        else
            put_led(out, places[apa102->order], i < lit ? pixels[i] : dark, &scale);
    }
    wire_fill(wire, apa102->end == APA102_END_ONES ? 0xFF : 0x00, end_size(count));
    wire_end_message(wire);
}

const struct chip chip_apa102 = {
    .name = "apa102",
    .summary = "APA102 (DotStar) and SK9822 LEDs on data and clock",
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
