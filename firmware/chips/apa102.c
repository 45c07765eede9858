#include "chips/apa102.h"

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

/* Four bytes: header, red, green, blue. */
struct led {
    uint8_t header, red, green, blue;
};

static struct led led_of(struct pixel light, const struct scale *scale)
{
    uint32_t red = (uint32_t)(((uint64_t)light.red * scale->limit) >> 16);
    uint32_t green = (uint32_t)(((uint64_t)light.green * scale->limit) >> 16);
    uint32_t blue = (uint32_t)(((uint64_t)light.blue * scale->limit) >> 16);
    uint32_t most = red > green ? red : green;
    most = most > blue ? most : blue;
    /* The smallest field whose 255.5 steps hold the strongest channel. */
    uint32_t field = scale->fixed ? APA102_FIELD_MAX
                                  : (2 * most * STEPS + 511 * LIGHT_MAX - 1) / (511 * LIGHT_MAX);
    if (field < APA102_FIELD_MIN)
        field = APA102_FIELD_MIN;
    struct led led = {(uint8_t)(0xE0 | field), step(red, field), step(green, field),
                      step(blue, field)};
    if ((led.red | led.green | led.blue) != 0 || (light.red | light.green | light.blue) == 0)
        return led;
    if (light.red >= light.green && light.red >= light.blue)
        led.red = 1;
    else if (light.green >= light.blue)
        led.green = 1;
    else
        led.blue = 1;
    return led;
}

static bool is_same(struct pixel a, struct pixel b)
{
    return a.red == b.red && a.green == b.green && a.blue == b.blue;
}

static void apa102_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    const struct apa102_settings *apa102 = settings;
    size_t count = apa102_pixels(settings), lit = frame->count < count ? frame->count : count;
    const uint8_t *place = places[apa102->order];
    struct scale scale = scale_of(apa102, frame, lit, raw);
    struct pixel last = {0, 0, 0};
    struct led led = led_of(last, &scale);
    wire_fill(wire, 0x00, 4);
    uint8_t *out = wire_reserve(wire, 4 * count);
    for (size_t i = 0; out != NULL && i < count; i++, out += 4) {
        struct pixel light = i < lit ? frame->pixels[i] : (struct pixel){0, 0, 0};
        if (!is_same(light, last)) { /* most neighbours are alike */
            led = led_of(light, &scale);
            last = light;
        }
        out[0] = led.header;
        out[place[0]] = led.red;
        out[place[1]] = led.green;
        out[place[2]] = led.blue;
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
    .check = apa102_check,
    .pixels = apa102_pixels,
    .digits = apa102_digits,
    .wire_size = apa102_wire_size,
    .encode = apa102_encode,
};
