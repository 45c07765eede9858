#include "chips/columns.h"

#include "chips/lamps.h"
#include "chips/segments.h"

#include <ctype.h>
#include <string.h>

#define LETTER_COLUMNS 3
#define LETTER_ROWS 5
#define COLUMNS_MOST (SEGMENTS_DIGITS_MAX * COLUMNS_LETTER)

/* Rows from the top, an octal digit each. */
static const struct {
    char character;
    uint16_t shape;
} letters[] = {
    {'0', 075557}, {'1', 026227}, {'2', 071747}, {'3', 071717}, {'4', 055711}, {'5', 074717},
    {'6', 074757}, {'7', 071122}, {'8', 075757}, {'9', 075717}, {'A', 025755}, {'B', 065656},
    {'C', 034443}, {'D', 065556}, {'E', 074647}, {'F', 074644}, {'G', 034553}, {'H', 055755},
    {'I', 072227}, {'J', 011152}, {'K', 055655}, {'L', 044447}, {'M', 057755}, {'N', 065555},
    {'O', 025552}, {'P', 065644}, {'Q', 025563}, {'R', 065655}, {'S', 034216}, {'T', 072222},
    {'U', 055557}, {'V', 055552}, {'W', 055775}, {'X', 055255}, {'Y', 055222}, {'Z', 071247},
    {'-', 000700}, {'_', 000007}, {'+', 002720}, {'/', 011244}, {'%', 051245}, {'=', 007070},
    {'?', 071202}, {'!', 022202},
};

static uint16_t shape_of(char character)
{
    char large = (char)toupper((unsigned char)character);
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (letters[i].character == large)
            return letters[i].shape;
    return 0;
}

/* The lights of one column of a letter. */
static uint8_t letter_column(uint16_t shape, size_t column)
{
    unsigned lit = 0;
    for (unsigned row = 0; row < LETTER_ROWS; row++) {
        unsigned dots = (unsigned)shape >> 3 * (LETTER_ROWS - 1 - row) & 7;
        lit |= (dots >> (LETTER_COLUMNS - 1 - column) & 1) << row;
    }
    return (uint8_t)lit;
}

static void draw_text(const char *text, uint8_t lit[], size_t count)
{
    struct segments_cell cells[SEGMENTS_DIGITS_MAX];
    size_t places = count / COLUMNS_LETTER;
    segments_lay_out(text, true, cells, places);
    for (size_t i = 0; i < places; i++) {
        uint16_t shape = shape_of(cells[i].character);
        uint8_t *letter = &lit[COLUMNS_LETTER * i];
        for (size_t column = 0; column < LETTER_COLUMNS; column++)
            letter[column] |= letter_column(shape, column);
        letter[LETTER_COLUMNS] |=
            (uint8_t)((cells[i].dot ? 0x10 : 0) | (cells[i].colon ? 0x0A : 0));
    }
}

uint16_t columns_light(struct pixel pixel)
{
    unsigned red = pixel.red, green = pixel.green, blue = pixel.blue;
    unsigned most = red > green ? red : green;
    most = most > blue ? most : blue;
    bool white = 2 * red > most && 2 * green > most && 2 * blue > most;
    if (white || green == most)
        most = most * 8 / 5;
    return (uint16_t)(most < UINT16_MAX ? most : UINT16_MAX);
}

bool columns_reach(const struct frame *frame, uint16_t light, double lightness)
{
    return light > 0 && (!(frame->brightness > 0) || light >= frame_light(frame, lightness));
}

/* The last pixel of a bar, which is held back until all is done. */
static bool is_last(const struct frame *frame, size_t pixel, size_t count)
{
    return pixel == count - 1 && lamps_meaning(frame->pixels[pixel]) == LAMP_BIT(LAMP_AMBER);
}

size_t columns_height(const struct frame *frame, size_t pixel, size_t rows)
{
    size_t height = 1;
    uint16_t light = pixel < frame->count ? columns_light(frame->pixels[pixel]) : 0;
    if (light == 0 || rows < 2)
        return rows == 1 && columns_lit(frame, pixel, frame->count);
    double tall = is_last(frame, pixel, frame->count) ? COLUMNS_LAST : COLUMNS_TALL;
    if (rows == 2)
        return columns_reach(frame, light, tall) ? 2 : 1;
    while (height < rows && columns_reach(frame, light, ((double)height + 0.5) / (double)rows))
        height++;
    return height;
}

bool columns_lit(const struct frame *frame, size_t pixel, size_t count)
{
    struct pixel light = pixel < frame->count ? frame->pixels[pixel] : (struct pixel){0, 0, 0};
    unsigned meaning = lamps_meaning(light);
    double least = COLUMNS_LIT;
    if ((meaning & (LAMP_BIT(LAMP_RED) | LAMP_BIT(LAMP_BLUE))) != 0)
        least = COLUMNS_CALLING;
    else if (meaning != 0 && is_last(frame, pixel, count))
        least = COLUMNS_LAST;
    return columns_reach(frame, columns_light(light), least);
}

void columns_draw(const struct columns *columns, const struct frame *frame, uint8_t lit[])
{
    size_t graph = columns->text ? columns->rows - COLUMNS_TEXT_ROWS : columns->rows;
    for (size_t i = 0; i < columns->count; i++) {
        unsigned height = (unsigned)columns_height(frame, i, graph);
        lit[i] = (uint8_t)(((1u << height) - 1) << (columns->rows - height));
    }
    if (columns->text)
        draw_text(frame->text, lit, columns->count < COLUMNS_MOST ? columns->count : COLUMNS_MOST);
}

void columns_see(const struct columns *columns, const struct frame *frame,
                 const struct pixel colours[], struct pixel lights[])
{
    uint8_t lit[COLUMNS_MAX];
    columns_draw(columns, frame, lit);
    for (size_t y = 0; y < columns->rows; y++)
        for (size_t x = 0; x < columns->count; x++)
            *lights++ = (lit[x] >> y & 1) != 0 ? colours[x] : (struct pixel){0, 0, 0};
}

static uint16_t dimmed(const struct frame *frame, uint16_t channel)
{
    return (uint16_t)(channel * (uint32_t)(UINT16_MAX - frame->text_dimmed) / UINT16_MAX);
}

struct pixel columns_on(const struct frame *frame, struct pixel colour)
{
    return (struct pixel){dimmed(frame, colour.red), dimmed(frame, colour.green),
                          dimmed(frame, colour.blue)};
}
