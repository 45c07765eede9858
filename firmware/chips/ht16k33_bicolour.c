#include "chips/ht16k33_bicolour.h"

#include "base/table.h"
#include "chips/columns.h"
#include "chips/ht16k33.h"
#include "chips/lamps.h"
#include "chips/matrix.h"

#define BAR_LIGHTS 24
#define SIDE 8 /* of the matrix */

enum colour { DARK, RED, GREEN, AMBER }; /* a bit each of red and green */

static const char *const shape_words[] = {"bar", "matrix", NULL};

static const struct field bicolour_fields[] = {
    {KEY("shape", FIELD_WORD, offsetof(struct ht16k33_bicolour_settings, shape)),
     .words = shape_words, .required = true, .help = "bar: 24 lights in a row; matrix: 8 by 8"},
    {KEY("first", FIELD_WORD, offsetof(struct ht16k33_bicolour_settings, first)),
     .words = matrix_corner_words, .fallback = "top-left",
     .help = "the corner of a matrix that hangs turned which is the top left of one that does not"},
    {KEY("wired", FIELD_WORD, offsetof(struct ht16k33_bicolour_settings, wired)),
     .words = matrix_way_words, .fallback = "rows",
     .help = "columns: the matrix hangs turned by a quarter"},
    {KEY("brightness", FIELD_INTEGER, offsetof(struct ht16k33_bicolour_settings, brightness)),
     RANGE(0, 15), .fallback = "7",
     .help = "by day, from 0, 1/16 of the time, to 15, all of it; night dims it"},
    {.key = NULL},
};

static size_t pixels(const void *settings)
{
    bool bar = ((const struct ht16k33_bicolour_settings *)settings)->shape == HT16K33_BAR;
    return bar ? BAR_LIGHTS : SIDE;
}

static size_t digits(const void *settings)
{
    (void)settings;
    return 0;
}

static size_t wire_size(const void *settings)
{
    (void)settings;
    return HT16K33_FRAME_SIZE;
}

static unsigned colour_of(unsigned meaning, bool odd)
{
    bool red = (meaning & LAMP_BIT(LAMP_RED)) != 0, green = (meaning & LAMP_BIT(LAMP_GREEN)) != 0;
    bool amber = (meaning & LAMP_BIT(LAMP_AMBER)) != 0;
    if (amber && (red || green))
        amber = odd;
    if (meaning == 0 || amber)
        return meaning == 0 ? DARK : AMBER;
    return red ? RED : green ? GREEN : AMBER;
}

/* A warning, orange, is amber on every light: it may have but one. */
static unsigned meaning_at(const struct frame *frame, size_t pixel)
{
    if (pixel >= frame->count)
        return 0;
    struct pixel light = frame->pixels[pixel];
    unsigned meaning = lamps_meaning(light);
    bool orange = (meaning & LAMP_BIT(LAMP_AMBER)) != 0 && 9 * light.green > 2 * light.red;
    return orange && light.red > light.green ? LAMP_BIT(LAMP_AMBER) : meaning;
}

/* ROW `row` of a COM. */
static void light_up(uint8_t ram[static HT16K33_RAM_SIZE], size_t com, size_t row)
{
    ram[2 * com + row / 8] |= (uint8_t)(1u << row % 8);
}

static void fill_bar(const struct frame *frame, uint8_t ram[static HT16K33_RAM_SIZE])
{
    for (size_t i = 0; i < BAR_LIGHTS; i++) {
        unsigned meaning = meaning_at(frame, i);
        size_t com = i % 12 / 4, row = i % 4 + i / 12 * 4;
        if (!columns_lit(frame, i, BAR_LIGHTS))
            continue;
        if ((colour_of(meaning, i % 2 == 1) & RED) != 0)
            light_up(ram, com, row);
        if ((colour_of(meaning, i % 2 == 1) & GREEN) != 0)
            light_up(ram, com, row + 8);
    }
}

static void fill_matrix(const struct ht16k33_bicolour_settings *settings, const struct frame *frame,
                        uint8_t ram[static HT16K33_RAM_SIZE])
{
    const struct columns columns = {.count = SIDE, .rows = SIDE};
    const struct matrix matrix = {
        .width = SIDE, .height = SIDE, .first = settings->first, .wired = settings->wired};
    uint8_t lit[SIDE];
    columns_draw(&columns, frame, lit);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        size_t at = matrix_pixel(&matrix, i), x = at % SIDE;
        unsigned colour = colour_of(meaning_at(frame, x), x % 2 == 1);
        if ((lit[x] >> at / SIDE & 1) == 0)
            continue;
        if ((colour & GREEN) != 0)
            light_up(ram, i / SIDE, i % SIDE);
        if ((colour & RED) != 0)
            light_up(ram, i / SIDE, i % SIDE + 8);
    }
}

static void encode(const void *settings, const struct frame *frame, bool raw, struct wire *wire)
{
    const struct ht16k33_bicolour_settings *bicolour = settings;
    uint8_t ram[HT16K33_RAM_SIZE] = {0};
    (void)raw; /* nothing is corrected here */
    if (bicolour->shape == HT16K33_BAR)
        fill_bar(frame, ram);
    else
        fill_matrix(bicolour, frame, ram);
    ht16k33_put(ram, bicolour->brightness, frame->text_dimmed, wire);
}

static size_t rows(const void *settings)
{
    bool bar = ((const struct ht16k33_bicolour_settings *)settings)->shape == HT16K33_BAR;
    return bar ? 1 : SIDE;
}

static const struct pixel *shade_of(enum colour colour)
{
    TABLE_OF(struct pixel);
    switch (colour) {
        ROW_OF(DARK, 0, 0, 0);
        ROW_OF(RED, UINT16_MAX, 2200, 1400);
        ROW_OF(GREEN, 0, 40000, 2000);
        ROW_OF(AMBER, UINT16_MAX, 24000, 0);
    }
    NO_OTHER_ROW;
}

static struct pixel seen(const struct frame *frame, size_t i)
{
    unsigned colour = colour_of(meaning_at(frame, i), i % 2 == 1);
    return columns_on(frame, *shade_of((enum colour)colour));
}

static void see(const void *settings, const struct frame *frame, struct pixel lights[])
{
    const struct columns columns = {.count = SIDE, .rows = SIDE};
    struct pixel colours[BAR_LIGHTS];
    size_t count = pixels(settings);
    for (size_t i = 0; i < count; i++)
        colours[i] = seen(frame, i);
    if (count == SIDE)
        columns_see(&columns, frame, colours, lights);
    for (size_t i = 0; count == BAR_LIGHTS && i < BAR_LIGHTS; i++)
        lights[i] = columns_lit(frame, i, BAR_LIGHTS) ? colours[i] : (struct pixel){0, 0, 0};
}

static const struct chip_face face = {rows, see};

const struct chip chip_ht16k33_bicolour = {
    .name = "ht16k33-bicolour",
    .summary = "Adafruit's red and green lights behind an HT16K33: a bar of 24, a matrix of 8x8",
    .fields = bicolour_fields,
    .settings_size = sizeof(struct ht16k33_bicolour_settings),
    .buses = BUS_BIT(BUS_I2C),
    .i2c_address = 0x70,
    .pixels = pixels,
    .digits = digits,
    .wire_size = wire_size,
    .encode = encode,
    .face = &face,
    .own_colours = true,
};
