#include "chips/sense_hat.h"

#include "chips/columns.h"
#include "chips/matrix.h"

#define SIDE 8
#define LED_BYTES 2
#define MOST 31   /* the brightest level */
#define LEAST 2   /* of what is lit */
#define UNSAID 12 /* of a frame that says no brightness: at full they hurt */

/* The driver's (gamma_default of Linux's rpisense-fb.c): the level of each number of 5 bits. */
static const uint8_t levels[MOST + 1] = {0,  0,  0,  0,  0,  0,  1,  1,  2,  2,  3,
                                         3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 14,
                                         15, 17, 18, 20, 21, 23, 25, 27, 29, 31};

static const struct field sense_hat_fields[] = {
    {KEY("first", FIELD_WORD, offsetof(struct sense_hat_settings, first)),
     .words = matrix_corner_words, .fallback = "top-left",
     .help = "the corner of a HAT that hangs turned which is the top left of one that does not"},
    {KEY("wired", FIELD_WORD, offsetof(struct sense_hat_settings, wired)),
     .words = matrix_way_words, .fallback = "rows",
     .help = "columns: the HAT hangs turned by a quarter"},
    {.key = NULL},
};

static size_t sense_hat_pixels(const void *settings)
{
    (void)settings;
    return SIDE;
}

static size_t sense_hat_digits(const void *settings)
{
    (void)settings;
    return 0;
}

static size_t sense_hat_wire_size(const void *settings)
{
    (void)settings;
    return SIDE * SIDE * LED_BYTES;
}

/* The first number of 5 bits whose level is no less. */
static unsigned number_of(unsigned level)
{
    unsigned number = 0;
    while (levels[number] < level)
        number++;
    return number;
}

/* The level of what is brightest. */
static unsigned full(const struct frame *frame)
{
    unsigned level = UNSAID;
    if (frame->brightness > 0)
        level = (frame_light(frame, 1) * MOST + UINT16_MAX / 2u) / UINT16_MAX;
    return level > LEAST ? level : LEAST;
}

/* A pixel's colour, its strongest channel at `level`. */
static unsigned colour_of(struct pixel light, unsigned level)
{
    unsigned most = light.red > light.green ? light.red : light.green;
    most = most > light.blue ? most : light.blue;
    if (most == 0)
        return 0;
    unsigned red = number_of((light.red * level + most / 2) / most);
    unsigned green = number_of((light.green * level + most / 2) / most);
    unsigned blue = number_of((light.blue * level + most / 2) / most);
    return red << 11 | green << 6 | blue;
}

static void sense_hat_encode(const void *settings, const struct frame *frame, bool raw,
                             struct wire *wire)
{
    const struct sense_hat_settings *hat = settings;
    const struct columns columns = {.count = SIDE, .rows = SIDE};
    const struct matrix matrix = {
        .width = SIDE, .height = SIDE, .first = hat->first, .wired = hat->wired};
    uint8_t lit[SIDE];
    (void)raw; /* nothing is corrected here */
    columns_draw(&columns, frame, lit);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        size_t at = matrix_pixel(&matrix, i), x = at % SIDE;
        bool is_lit = (lit[x] >> at / SIDE & 1) != 0;
        unsigned colour = is_lit ? colour_of(frame->pixels[x], full(frame)) : 0;
        wire_add(wire, (uint8_t)(colour & 0xFF));
        wire_add(wire, (uint8_t)(colour >> 8));
    }
    wire_end_message(wire);
}

static size_t sense_hat_rows(const void *settings)
{
    (void)settings;
    return SIDE;
}

static uint16_t light_of(unsigned number)
{
    return (uint16_t)(levels[number & MOST] * UINT16_MAX / MOST);
}

static void sense_hat_see(const void *settings, const struct frame *frame, struct pixel lights[])
{
    const struct columns columns = {.count = SIDE, .rows = SIDE};
    struct pixel colours[SIDE];
    (void)settings;
    for (size_t x = 0; x < SIDE; x++) {
        unsigned colour = x < frame->count ? colour_of(frame->pixels[x], full(frame)) : 0;
        colours[x] =
            (struct pixel){light_of(colour >> 11), light_of(colour >> 6), light_of(colour)};
    }
    columns_see(&columns, frame, colours, lights);
}

static const struct chip_face face = {sense_hat_rows, sense_hat_see};

const struct chip chip_sense_hat = {
    .name = "sense-hat",
    .summary = "Raspberry Pi Sense HAT, its 8x8 LEDs by the kernel's framebuffer",
    .fields = sense_hat_fields,
    .settings_size = sizeof(struct sense_hat_settings),
    .buses = BUS_BIT(BUS_FRAMEBUFFER),
    .pixels = sense_hat_pixels,
    .digits = sense_hat_digits,
    .wire_size = sense_hat_wire_size,
    .encode = sense_hat_encode,
    .face = &face,
};
