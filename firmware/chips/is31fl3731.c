#include "chips/is31fl3731.h"

#include "chips/columns.h"
#include "chips/ledstrip.h"

#include <string.h>

#define PAGE 0xFD
#define PAGE_FUNCTIONS 0x0B
#define LIGHT_CONTROL 0x00 /* of a page: a bit a light, 0 to 17 */
#define BLINK_CONTROL 0x12 /* 18 to 35 */
#define PWM 0x24           /* 36 to 179 */
#define CONTROL_BYTES (IS31FL3731_LIGHTS / 8)
#define SHUTDOWN 0x0A /* of the functions: 1 runs; all before it are 0 */
#define SHIM_LEDS 28
#define SHIM_COLOURS 3
#define SCROLL_WIDTH 17
#define SCROLL_HEIGHT 7
#define UNSAID 64 /* PWM of a frame that says no brightness: at full they hurt */

static const struct ledstrip_nature nature = {.steps = 255};

/* Red, green and blue of each LED, as the shim lies on a Pi from its pin 1. */
static const uint8_t shim[SHIM_LEDS][SHIM_COLOURS] = {
    {118, 69, 85}, {117, 68, 101}, {116, 84, 100}, {115, 83, 99}, {114, 82, 98}, {113, 81, 97},
    {112, 80, 96}, {134, 21, 37},  {133, 20, 36},  {132, 19, 35}, {131, 18, 34}, {130, 17, 50},
    {129, 33, 49}, {128, 32, 48},  {127, 47, 63},  {121, 41, 57}, {122, 25, 58}, {123, 26, 42},
    {124, 27, 43}, {125, 28, 44},  {126, 29, 45},  {15, 95, 111}, {8, 89, 105},  {9, 90, 106},
    {10, 91, 107}, {11, 92, 108},  {12, 76, 109},  {13, 77, 93},
};

#define UPSIDE_DOWN                                                                        \
    {                                                                                      \
        KEY("upside_down", FIELD_BOOL, offsetof(struct is31fl3731_settings, upside_down)), \
            .fallback = "false", .help = "true: it hangs so"                               \
    }

static const struct field shim_fields[] = {UPSIDE_DOWN, {.key = NULL}};

static const struct field scroll_fields[] = {
    {KEY("text", FIELD_BOOL, offsetof(struct is31fl3731_settings, text)), .fallback = "true",
     .help = "false: no number or word over the graph, which then has all the height"},
    UPSIDE_DOWN,
    {.key = NULL},
};

static size_t shim_pixels(const void *settings)
{
    (void)settings;
    return SHIM_LEDS;
}

static size_t shim_digits(const void *settings)
{
    (void)settings;
    return 0;
}

static size_t scroll_pixels(const void *settings)
{
    (void)settings;
    return SCROLL_WIDTH;
}

static size_t scroll_digits(const void *settings)
{
    bool text = ((const struct is31fl3731_settings *)settings)->text;
    return text ? SCROLL_WIDTH / COLUMNS_LETTER : 0;
}

static size_t is31fl3731_wire_size(const void *settings)
{
    (void)settings;
    return 2 + 2 * (1 + CONTROL_BYTES) + 1 + IS31FL3731_LIGHTS + 2 + 1 + SHUTDOWN + 1;
}

/* What goes over the wire of each light. */
struct lights {
    uint8_t control[CONTROL_BYTES], pwm[IS31FL3731_LIGHTS];
};

static void set(struct lights *lights, size_t light, uint8_t level)
{
    lights->control[light / 8] |= (uint8_t)(1u << light % 8);
    lights->pwm[light] = level;
}

static void fill_shim(const struct is31fl3731_settings *settings, const struct frame *frame,
                      bool raw, struct lights *lights)
{
    const struct ledstrip_settings all = {.order = LEDSTRIP_ORDER_RGB};
    struct ledstrip strip;
    ledstrip_begin(&strip, &nature, &all, frame, raw);
    for (size_t i = 0; i < SHIM_LEDS; i++) {
        const uint8_t *levels = ledstrip_levels(&strip, i);
        const uint8_t *led = shim[settings->upside_down ? SHIM_LEDS - 1 - i : i];
        for (size_t c = 0; c < SHIM_COLOURS; c++)
            set(lights, led[c], levels[c]);
    }
}

/* The two halves of the board are wired to mirror each other, its ninth column with the left. */
static size_t scroll_light(size_t x, size_t y)
{
    return x <= 8 ? (8 - x) * 16 + 6 - y : (x - 8) * 16 + y - 8;
}

static uint8_t scroll_level(const struct frame *frame)
{
    unsigned level = frame->brightness > 0 ? frame_light(frame, 1) / 257u : UNSAID;
    return (uint8_t)(level > 0 ? level : 1);
}

static void fill_scroll(const struct is31fl3731_settings *settings, const struct frame *frame,
                        struct lights *lights)
{
    const struct columns columns = {SCROLL_WIDTH, SCROLL_HEIGHT, settings->text};
    uint8_t lit[SCROLL_WIDTH], level = scroll_level(frame);
    bool turned = settings->upside_down;
    columns_draw(&columns, frame, lit);
    for (size_t x = 0; x < SCROLL_WIDTH; x++)
        for (size_t y = 0; y < SCROLL_HEIGHT; y++)
            set(lights,
                turned ? scroll_light(SCROLL_WIDTH - 1 - x, SCROLL_HEIGHT - 1 - y)
                       : scroll_light(x, y),
                (lit[x] >> y & 1) != 0 ? level : 0);
}

static size_t scroll_rows(const void *settings)
{
    (void)settings;
    return SCROLL_HEIGHT;
}

static void scroll_see(const void *settings, const struct frame *frame, struct pixel lights[])
{
    bool text = ((const struct is31fl3731_settings *)settings)->text;
    const struct columns columns = {SCROLL_WIDTH, SCROLL_HEIGHT, text};
    uint16_t light = (uint16_t)(scroll_level(frame) * UINT16_MAX / UINT8_MAX);
    struct pixel colours[SCROLL_WIDTH];
    for (size_t i = 0; i < SCROLL_WIDTH; i++)
        colours[i] = (struct pixel){light, light, light};
    columns_see(&columns, frame, colours, lights);
}

static const struct chip_face scroll_face = {scroll_rows, scroll_see};

/* A message: an address, and what is from there on. */
static void put(struct wire *wire, uint8_t address, const uint8_t bytes[], size_t count)
{
    wire_add(wire, address);
    for (size_t i = 0; i < count; i++)
        wire_add(wire, bytes[i]);
    wire_end_message(wire);
}

static void put_all(const struct lights *lights, struct wire *wire)
{
    static const uint8_t picture = 0, functions = PAGE_FUNCTIONS;
    static const uint8_t steady[CONTROL_BYTES] = {0}, runs[SHUTDOWN + 1] = {[SHUTDOWN] = 1};
    put(wire, PAGE, &picture, 1);
    put(wire, LIGHT_CONTROL, lights->control, CONTROL_BYTES);
    put(wire, BLINK_CONTROL, steady, CONTROL_BYTES);
    put(wire, PWM, lights->pwm, IS31FL3731_LIGHTS);
    put(wire, PAGE, &functions, 1);
    put(wire, 0, runs, sizeof runs);
}

static void shim_encode(const void *settings, const struct frame *frame, bool raw,
                        struct wire *wire)
{
    struct lights lights = {{0}, {0}};
    fill_shim(settings, frame, raw, &lights);
    put_all(&lights, wire);
}

static void scroll_encode(const void *settings, const struct frame *frame, bool raw,
                          struct wire *wire)
{
    struct lights lights = {{0}, {0}};
    (void)raw; /* nothing is corrected here */
    fill_scroll(settings, frame, &lights);
    put_all(&lights, wire);
}

const struct chip chip_is31fl3731_shim = {
    .name = "is31fl3731-shim",
    .summary = "Pimoroni's LED SHIM, 28 LEDs behind an IS31FL3731 on I2C",
    .fields = shim_fields,
    .settings_size = sizeof(struct is31fl3731_settings),
    .buses = BUS_BIT(BUS_I2C),
    .i2c_address = 0x75,
    .pixels = shim_pixels,
    .digits = shim_digits,
    .wire_size = is31fl3731_wire_size,
    .encode = shim_encode,
};

const struct chip chip_is31fl3731_scroll = {
    .name = "is31fl3731-scroll",
    .summary = "Pimoroni's Scroll pHAT HD, 17 by 7 lights behind an IS31FL3731 on I2C",
    .fields = scroll_fields,
    .settings_size = sizeof(struct is31fl3731_settings),
    .buses = BUS_BIT(BUS_I2C),
    .i2c_address = 0x74,
    .pixels = scroll_pixels,
    .digits = scroll_digits,
    .wire_size = is31fl3731_wire_size,
    .encode = scroll_encode,
    .face = &scroll_face,
    .own_colours = true,
};
