#include "picture/displays.h"

#include "chips/apa102.h"
#include "chips/ddp.h"
#include "chips/ht16k33_bicolour.h"
#include "chips/is31fl3731.h"
#include "chips/lamps.h"
#include "chips/max7219_matrix.h"
#include "chips/segments.h"
#include "chips/sense_hat.h"
#include "chips/tm1638.h"
#include "chips/usblight.h"
#include "picture/colour.h"

/* LEDs of 256 levels of light in a row, as they stand in the bytes that are sent: `at` is where
   red, green and blue of the first are. */
static void levels_of(const uint8_t bytes[], size_t pixels, const size_t at[3],
                      struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    for (size_t i = 0; i < pixels; i++, bytes += 3)
        lights[i] = (struct pixel){(uint16_t)(257 * bytes[at[0]]), (uint16_t)(257 * bytes[at[1]]),
                                   (uint16_t)(257 * bytes[at[2]])};
}

/* A frame of a look on lights that are few, which blink as lamps do, or are not. */
static void draw_on(size_t pixels, const struct picture_settings *settings,
                    const struct model *model, int64_t now_ms, struct frame *frame)
{
    struct picture_settings own = *settings;
    own.blinks = pixels <= 2;
    draw_model(&own, model, pixels, now_ms, frame);
}

/* As an APA102 shows it: field and level of each LED, multiplied. */
static size_t strip_lights(const struct picture_settings *settings, const struct model *model,
                           size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    uint8_t bytes[16 + 5 * DISPLAY_LIGHTS_MAX];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    struct apa102_settings strip = {.pixels = (int64_t)pixels, .max_ma = 100000};
    struct frame frame;
    draw_on(pixels, settings, model, now_ms, &frame);
    chip_apa102.encode(&strip, &frame, false, &wire);
    for (size_t i = 0; i < pixels; i++) {
        const uint8_t *led = bytes + 4 + 4 * i;
        double unit = (led[0] & 31) * 65535.0 / (31 * 255);
        lights[i] = (struct pixel){(uint16_t)(led[3] * unit), (uint16_t)(led[2] * unit),
                                   (uint16_t)(led[1] * unit)};
    }
    return pixels;
}

static size_t blinkstick_lights(const struct picture_settings *settings, const struct model *model,
                                size_t pixels, int64_t now_ms,
                                struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    const struct blinkstick_settings stick = {
        .strip = {
            .pixels = (int64_t)pixels, .order = LEDSTRIP_ORDER_RGB, .max_ma = 450, .led_ma = 55}};
    const size_t many[] = {2, 3, 4}, one[] = {1, 2, 3};
    uint8_t bytes[2 + 3 * 64];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    struct frame frame;
    draw_on(pixels, settings, model, now_ms, &frame);
    chip_blinkstick.encode(&stick, &frame, false, &wire);
    levels_of(bytes, pixels, pixels > 1 ? many : one, lights);
    return pixels;
}

/* Both sides alike; one report for all where they are. */
static size_t luxafor_lights(const struct picture_settings *settings, const struct model *model,
                             size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    const struct luxafor_settings flag = {.pixels = (int64_t)pixels};
    uint8_t bytes[9 * LUXAFOR_PIXELS_MAX];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    struct frame frame;
    draw_on(pixels, settings, model, now_ms, &frame);
    chip_luxafor.encode(&flag, &frame, false, &wire);
    for (size_t i = 0; i < pixels; i++) {
        const uint8_t *report = bytes + (wire.messages > 1 ? 9 * i : 0);
        levels_of(report, 1, (const size_t[]){3, 4, 5}, &lights[i]);
    }
    return pixels;
}

/* A strip behind a controller that takes levels as they are. */
static size_t ddp_lights(const struct picture_settings *settings, const struct model *model,
                         size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    const struct ddp_settings ddp = {.pixels = (int64_t)pixels, .order = LEDSTRIP_ORDER_RGB};
    uint8_t bytes[DDP_HEADER_SIZE + 3 * DISPLAY_LIGHTS_MAX];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    struct frame frame;
    draw_on(pixels, settings, model, now_ms, &frame);
    chip_ddp.encode(&ddp, &frame, false, &wire);
    levels_of(bytes + DDP_HEADER_SIZE, pixels, (const size_t[]){0, 1, 2}, lights);
    return pixels;
}

/* LEDs of 256 levels, which blink as lamps do. */
static size_t blink1_lights(const struct picture_settings *settings, const struct model *model,
                            size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    uint8_t bytes[64];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    const struct blink1_settings blink1 = {.pixels = (int64_t)pixels};
    struct frame frame;
    draw_on(pixels, settings, model, now_ms, &frame);
    chip_blink1.encode(&blink1, &frame, false, &wire);
    for (size_t i = 0; i < pixels; i++) {
        const uint8_t *report = bytes + (i > 0 ? wire.ends[i - 1] : 0);
        lights[i] = (struct pixel){(uint16_t)(257 * report[2]), (uint16_t)(257 * report[3]),
                                   (uint16_t)(257 * report[4])};
    }
    return pixels;
}

/* Three lamps, as bright as they are whatever the picture's brightness. */
static size_t lamp_lights(const struct picture_settings *settings, const struct model *model,
                          size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    static const struct lamps_settings lamps = {
        .count = 3,
        .lamps = {{LAMP_RED, -1, false}, {LAMP_AMBER, -1, false}, {LAMP_GREEN, -1, false}}};
    static const struct pixel colours[] = {{65535, 0, 0}, {65535, 26214, 0}, {0, 40000, 6000}};
    uint8_t bytes[3];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    double share = colour_luminance(settings->brightness);
    struct picture_settings blinking = *settings;
    blinking.blinks = true;
    struct frame frame;
    draw_model(&blinking, model, pixels, now_ms, &frame);
    chip_lamps.encode(&lamps, &frame, false, &wire);
    for (size_t i = 0; i < 3; i++)
        lights[i] = (struct pixel){(uint16_t)(bytes[i] * colours[i].red * share),
                                   (uint16_t)(bytes[i] * colours[i].green * share),
                                   (uint16_t)(bytes[i] * colours[i].blue * share)};
    return 3;
}

/* Four digits of red segments. */
static size_t digit_lights(const struct picture_settings *settings, const struct model *model,
                           size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    uint8_t shapes[4];
    double full = 65535 * colour_luminance(settings->brightness);
    struct show show = show_of_model(model);
    struct frame frame;
    draw(settings, &show, pixels, now_ms, &frame);
    segments_text(frame.text, shapes, 4);
    for (size_t i = 0; i < 32; i++)
        lights[i] = (struct pixel){(shapes[i / 8] >> i % 8 & 1) != 0 ? (uint16_t)full : 0, 0, 0};
    return 32;
}

#define MATRIX_CHIPS 4
#define MATRIX_DIGIT_0 4 /* its message, a word a chip */

/* A chain of matrices of red lights, 8 columns each: on or off, all of one intensity. */
static size_t see_matrix(const struct picture_settings *settings, const struct frame *frame,
                         bool text, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    const struct max7219_matrix_settings matrix = {.chips = MATRIX_CHIPS, .text = text};
    uint8_t bytes[256];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    uint16_t full = (uint16_t)(65535 * colour_luminance(settings->brightness));
    chip_max7219_matrix.encode(&matrix, frame, false, &wire);
    for (size_t i = 0; i < 64 * MATRIX_CHIPS; i++) {
        size_t word = (MATRIX_DIGIT_0 + i / 8 % 8) * MATRIX_CHIPS + i / 64;
        lights[i] = (struct pixel){(bytes[2 * word + 1] >> i % 8 & 1) != 0 ? full : 0, 0, 0};
    }
    return 64 * MATRIX_CHIPS;
}

static size_t matrix_lights(const struct picture_settings *settings, const struct model *model,
                            size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    struct frame frame;
    draw_model(settings, model, pixels, now_ms, &frame);
    return see_matrix(settings, &frame, false, lights);
}

/* The graph low, and a number or a word over it. */
static size_t matrix_words(const struct picture_settings *settings, const struct model *model,
                           size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    struct show show = show_of_model(model);
    struct frame frame;
    draw(settings, &show, pixels, now_ms, &frame);
    return see_matrix(settings, &frame, true, lights);
}

/* Red and green lights, on or off: a bar of 24, or a square whose columns are the pixels. */
static size_t bicolour_lights(const struct picture_settings *settings, const struct model *model,
                              size_t pixels, int64_t now_ms,
                              struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    const struct ht16k33_bicolour_settings bicolour = {
        .shape = pixels == 24 ? HT16K33_BAR : HT16K33_MATRIX, .brightness = 15};
    const size_t rows = pixels == 24 ? 3 : 8, red = pixels == 24 ? 0 : 1;
    uint8_t bytes[32];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    double share = colour_luminance(settings->brightness);
    struct frame frame;
    draw_model(settings, model, pixels, now_ms, &frame);
    chip_ht16k33_bicolour.encode(&bicolour, &frame, false, &wire);
    for (size_t i = 0; i < 8 * rows; i++) {
        const uint8_t *com = &bytes[2 + i / 8 * 2];
        bool is_red = (com[red] >> i % 8 & 1) != 0, is_green = (com[1 - red] >> i % 8 & 1) != 0;
        lights[i] = (struct pixel){(uint16_t)(is_red ? 65535 * share : 0),
                                   (uint16_t)(is_green ? 40000 * share : 0), 0};
    }
    return 8 * rows;
}

#define PWM_BEGINS (2 + 2 * 19 + 1) /* of the bytes of a frame */

/* White lights whose columns are the pixels, on or off, all of one brightness. */
static size_t see_scroll(const struct frame *frame, bool text,
                         struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    const struct is31fl3731_settings scroll = {.text = text};
    uint8_t bytes[256];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    chip_is31fl3731_scroll.encode(&scroll, frame, false, &wire);
    for (size_t i = 0; i < IS31FL3731_LIGHTS; i++) {
        uint16_t light = (uint16_t)(257 * bytes[PWM_BEGINS + i]);
        lights[i] = (struct pixel){light, light, light};
    }
    return IS31FL3731_LIGHTS;
}

static size_t scroll_lights(const struct picture_settings *settings, const struct model *model,
                            size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    struct frame frame;
    draw_model(settings, model, pixels, now_ms, &frame);
    return see_scroll(&frame, false, lights);
}

static size_t scroll_words(const struct picture_settings *settings, const struct model *model,
                           size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    struct show show = show_of_model(model);
    struct frame frame;
    draw(settings, &show, pixels, now_ms, &frame);
    return see_scroll(&frame, true, lights);
}

/* Where a colour of a LED is among the levels: the one that is not 0 when it alone is lit. */
static size_t shim_place(size_t led, size_t colour, size_t pixels)
{
    static const struct is31fl3731_settings shim;
    struct pixel all[DISPLAY_LIGHTS_MAX] = {{0, 0, 0}};
    const struct frame frame = {.pixels = all, .count = pixels};
    uint8_t bytes[256];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    size_t place = 0;
    all[led] =
        (struct pixel){colour == 0 ? 65535 : 0, colour == 1 ? 65535 : 0, colour == 2 ? 65535 : 0};
    chip_is31fl3731_shim.encode(&shim, &frame, true, &wire);
    while (place < IS31FL3731_LIGHTS && bytes[PWM_BEGINS + place] == 0)
        place++;
    return PWM_BEGINS + place;
}

static size_t shim_lights(const struct picture_settings *settings, const struct model *model,
                          size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    static const struct is31fl3731_settings shim;
    static size_t places[DISPLAY_LIGHTS_MAX][3];
    uint8_t bytes[256];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    struct frame frame;
    for (size_t i = 0; places[pixels - 1][2] == 0 && i < 3 * pixels; i++)
        places[i / 3][i % 3] = shim_place(i / 3, i % 3, pixels);
    draw_model(settings, model, pixels, now_ms, &frame);
    chip_is31fl3731_shim.encode(&shim, &frame, false, &wire);
    for (size_t i = 0; i < pixels; i++)
        levels_of(bytes, 1, places[i], &lights[i]);
    return pixels;
}

/* A level of five bits, as the kernel's driver makes it of a number of five. */
static uint16_t sense_light(unsigned number)
{
    static const unsigned levels[32] = {0,  0,  0,  0,  0,  1,  1,  1,  2,  2,  3,
                                        3,  4,  4,  5,  6,  7,  8,  10, 11, 12, 14,
                                        15, 17, 18, 20, 21, 23, 25, 27, 29, 31};
    return (uint16_t)(levels[number] * 65535 / 31);
}

/* A square of colours, whose columns are the pixels. */
static size_t sense_lights(const struct picture_settings *settings, const struct model *model,
                           size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    static const struct sense_hat_settings hat;
    uint8_t bytes[128];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    struct frame frame;
    draw_model(settings, model, pixels, now_ms, &frame);
    chip_sense_hat.encode(&hat, &frame, false, &wire);
    for (size_t i = 0; i < 64; i++) {
        unsigned word = bytes[2 * i] | (unsigned)bytes[2 * i + 1] << 8;
        lights[i] = (struct pixel){sense_light(word >> 11), sense_light(word >> 6 & 31),
                                   sense_light(word & 31)};
    }
    return 64;
}

/* Eight lights over eight digits, all red. */
static size_t board_lights(const struct picture_settings *settings, const struct model *model,
                           size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX])
{
    static const struct tm1638_settings board = {.brightness = 7};
    uint8_t bytes[32];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    uint16_t full = (uint16_t)(65535 * colour_luminance(settings->brightness));
    struct show show = show_of_model(model);
    struct frame frame;
    draw(settings, &show, pixels, now_ms, &frame);
    chip_tm1638.encode(&board, &frame, false, &wire);
    for (size_t i = 0; i < 128; i++)
        lights[i] = (struct pixel){(bytes[3 + i / 8] >> i % 8 & 1) != 0 ? full : 0, 0, 0};
    return 128;
}

const struct display displays[DISPLAYS] = {
    {"3 pixels", strip_lights, 3, LOOKS},
    {"8 pixels", strip_lights, 8, LOOKS},
    {"60 pixels", strip_lights, 60, LOOKS},
    {"144 pixels", strip_lights, 144, LOOKS},
    {"4 matrices", matrix_lights, 32, LOOKS},
    {"4 matrices with words", matrix_words, 32, ROLLOUT_LOOKS},
    {"a bar of two colours", bicolour_lights, 24, LOOKS},
    {"a square of two colours", bicolour_lights, 8, LOOKS},
    {"a LED SHIM", shim_lights, 28, LOOKS},
    {"17 by 7 lights", scroll_lights, 17, LOOKS},
    {"17 by 7 lights with words", scroll_words, 17, ROLLOUT_LOOKS},
    {"a square of colours", sense_lights, 8, LOOKS},
    {"a BlinkStick", blinkstick_lights, 8, LOOKS},
    {"a Luxafor Flag", luxafor_lights, 3, LOOKS},
    {"30 pixels by DDP", ddp_lights, 30, LOOKS},
    {"8 lights and digits", board_lights, 8, ROLLOUT_LOOKS},
    {"4 digits", digit_lights, 0, ROLLOUT_LOOKS},
    {"a traffic light", lamp_lights, 1, LOOKS},
};

const struct display few_displays[FEW_DISPLAYS] = {
    {"a blink(1)", blink1_lights, 2, ROLLOUT_LOOKS},
    {"a blink(1) of one", blink1_lights, 1, ROLLOUT_LOOKS},
    {"a BlinkStick of one", blinkstick_lights, 1, ROLLOUT_LOOKS},
    {"a Luxafor Flag of one", luxafor_lights, 1, ROLLOUT_LOOKS},
    {"2 pixels", strip_lights, 2, ROLLOUT_LOOKS},
};
