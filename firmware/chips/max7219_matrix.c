#include "chips/max7219_matrix.h"

#include "chips/columns.h"
#include "chips/matrix.h"
#include "chips/max7219.h"
#include "chips/segments.h"

#define SIDE 8 /* lights of a matrix each way */
#define COLUMNS (MAX7219_CHIPS_MAX * SIDE)

static const char *const side_words[] = {"right", "left", NULL};

static const struct field max7219_matrix_fields[] = {
    {KEY("chips", FIELD_INTEGER, offsetof(struct max7219_matrix_settings, chips)),
     RANGE(1, MAX7219_CHIPS_MAX), .fallback = "4", .help = "how many matrices are chained"},
    {KEY("first", FIELD_WORD, offsetof(struct max7219_matrix_settings, first)),
     .words = matrix_corner_words, .fallback = "top-left",
     .help = "the corner where a matrix's digit 0 has its segment DP, as it hangs"},
    {KEY("wired", FIELD_WORD, offsetof(struct max7219_matrix_settings, wired)),
     .words = matrix_way_words, .fallback = "rows",
     .help = "what a digit of the chip is in its matrix"},
    {KEY("map", FIELD_STRING, offsetof(struct max7219_matrix_settings, map)),
     .size = sizeof((struct max7219_matrix_settings *)NULL)->map, .fallback = "",
     .help =
         "the chip's digit of each row (or column, as `wired` has it) from the first corner, where "
         "they are not in a row: 04152637"},
    {KEY("first_chip", FIELD_WORD, offsetof(struct max7219_matrix_settings, first_chip)),
     .words = side_words, .fallback = "right",
     .help = "where the matrix next to the board is; left when they are swapped"},
    {KEY("text", FIELD_BOOL, offsetof(struct max7219_matrix_settings, text)), .fallback = "true",
     .help = "false: no number or word over the graph, which then has all the height"},
    {KEY("brightness", FIELD_INTEGER, offsetof(struct max7219_matrix_settings, brightness)),
     RANGE(0, 15), .fallback = "3",
     .help = "by day, from 0, 1/32 of the time, to 15, 31/32; night dims it"},
    {.key = NULL},
};

static bool check(const void *settings, struct error *error)
{
    const char *map = ((const struct max7219_matrix_settings *)settings)->map;
    return map[0] == '\0' || segments_is_map(map, MAX7219_DIGITS) ||
           error_set(error,
                     "map '%s' does not name each of the chip's digits 0 to 7 once; write e.g. "
                     "04152637, or leave it out",
                     map);
}

static size_t columns_of(const void *settings)
{
    return SIDE * (size_t)((const struct max7219_matrix_settings *)settings)->chips;
}

static size_t letters_of(const void *settings)
{
    const struct max7219_matrix_settings *matrix = settings;
    return matrix->text ? columns_of(settings) / COLUMNS_LETTER : 0;
}

static size_t wire_size(const void *settings)
{
    return MAX7219_FRAME_SIZE * (size_t)((const struct max7219_matrix_settings *)settings)->chips;
}

/* `lit` has the columns from the left. */
static void fill(const struct max7219_matrix_settings *settings, const uint8_t lit[],
                 struct max7219_digits chain[])
{
    const struct matrix matrix = {
        .width = SIDE, .height = SIDE, .first = settings->first, .wired = settings->wired};
    size_t count = (size_t)settings->chips;
    const char *map = settings->map[0] != '\0' ? settings->map : "01234567";
    for (size_t i = 0; i < count * SIDE * SIDE; i++) {
        size_t chip = i / (SIDE * SIDE), light = i % (SIDE * SIDE);
        size_t digit = (size_t)(map[light / SIDE] - '0');
        size_t block = settings->first_chip == MAX7219_LEFT ? chip : count - 1 - chip;
        size_t at = matrix_pixel(&matrix, light);
        if ((lit[SIDE * block + at % SIDE] >> at / SIDE & 1) != 0)
            chain[chip].digits[digit] |= (uint8_t)(0x80u >> light % SIDE);
    }
}

static void encode(const void *settings, const struct frame *frame, bool raw, struct wire *wire)
{
    const struct max7219_matrix_settings *matrix = settings;
    const struct columns columns = {columns_of(settings), SIDE, matrix->text};
    struct max7219_digits chain[MAX7219_CHIPS_MAX] = {{{0}}};
    uint8_t lit[COLUMNS];
    (void)raw; /* nothing is corrected here */
    columns_draw(&columns, frame, lit);
    fill(matrix, lit, chain);
    max7219_put(chain, (size_t)matrix->chips,
                max7219_intensity(matrix->brightness, frame->text_dimmed), wire);
}

static size_t rows(const void *settings)
{
    (void)settings;
    return SIDE;
}

/* Most are red. */
static void see(const void *settings, const struct frame *frame, struct pixel lights[])
{
    const struct max7219_matrix_settings *matrix = settings;
    const struct columns columns = {columns_of(settings), SIDE, matrix->text};
    struct pixel colours[COLUMNS];
    for (size_t i = 0; i < columns.count; i++)
        colours[i] = columns_on(frame, COLUMNS_RED);
    columns_see(&columns, frame, colours, lights);
}

static const struct chip_face face = {rows, see};

const struct chip chip_max7219_matrix = {
    .name = "max7219-matrix",
    .summary = "8x8 matrices behind a MAX7219 each (FC-16 and others), alone or chained",
    .fields = max7219_matrix_fields,
    .settings_size = sizeof(struct max7219_matrix_settings),
    .buses = BUS_BIT(BUS_GPIO) | BUS_BIT(BUS_SPI),
    .wiring = WIRING_LATCHED,
    .spi = MAX7219_SPI,
    .check = check,
    .pixels = columns_of,
    .digits = letters_of,
    .wire_size = wire_size,
    .encode = encode,
    .face = &face,
    .own_colours = true,
};
