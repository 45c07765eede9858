#include "chips/canvas.h"

#include "chips/segments.h"

#define DIGIT_WIDTH 5
#define DIGIT_HEIGHT 7 /* half rows */
#define DIGIT_PITCH 8
#define DIGIT_ROWS 4 /* with the half row below */

static const struct srgb board = {20, 21, 24};
static const struct srgb socket = {46, 47, 51};
static const struct srgb segment_on = {255, 236, 214};
static const struct srgb segment_off = {36, 36, 39};

/* From large to small; the first that fits on one row is taken, else the last, on several. */
static const struct lamps sizes[] = {
    {.pitch = 8, .width = 6, .height = 6}, {.pitch = 5, .width = 4, .height = 4},
    {.pitch = 4, .width = 3, .height = 4}, {.pitch = 3, .width = 2, .height = 4},
    {.pitch = 2, .width = 1, .height = 4}, {.pitch = 1, .width = 1, .height = 4},
    {.pitch = 1, .width = 1, .height = 2},
};
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])

/* Of a matrix, whose rows are many: one line each, or half a line where it is wide. */
static const struct lamps roomy = {.pitch = 3, .width = 2, .height = 2};
static const struct lamps dense = {.pitch = 1, .width = 1, .height = 1};

/* Quarters of a half cell that a round light of six or four covers: one corner, the rest mirrored.
 */
static const uint8_t round_six[3][3] = {{0, 2, 4}, {2, 4, 4}, {4, 4, 4}};
static const uint8_t round_four[2][2] = {{1, 4}, {4, 4}};

static size_t fold(size_t at, size_t length)
{
    return at < length - 1 - at ? at : length - 1 - at;
}

static unsigned coverage(const struct lamps *lamps, size_t x, size_t y)
{
    if (lamps->width == 6)
        return round_six[fold(y, 6)][fold(x, 6)];
    if (lamps->width == 4)
        return round_four[fold(y, 4)][fold(x, 4)];
    return 4;
}

static struct lamps choose(size_t pixels, size_t room)
{
    size_t i = 0;
    while (i + 1 < SIZE_COUNT && pixels * sizes[i].pitch > room)
        i++;
    struct lamps lamps = sizes[i];
    size_t most = room / lamps.pitch;
    lamps.rows = (pixels + most - 1) / most;
    lamps.per_row = lamps.rows > 0 ? (pixels + lamps.rows - 1) / lamps.rows : 0;
    return lamps;
}

/* A matrix; false: it is too wide, and drawn as a strip is. */
static bool fit_matrix(size_t pixels, size_t per_row, size_t room, struct lamps *lamps)
{
    if (per_row == 0 || per_row > room)
        return false;
    *lamps = per_row * roomy.pitch <= room ? roomy : dense;
    lamps->per_row = per_row;
    lamps->rows = (pixels + per_row - 1) / per_row;
    return true;
}

void canvas_lay_out(struct canvas *canvas, const struct terminal_settings *settings)
{
    canvas->width = settings->width > 0 ? (size_t)settings->width : 80;
    if (canvas->width < 2 * CANVAS_MARGIN + DIGIT_PITCH)
        canvas->width = 2 * CANVAS_MARGIN + DIGIT_PITCH;
    size_t room = canvas->width - 2 * CANVAS_MARGIN;
    canvas->pixels = (size_t)settings->pixels;
    canvas->glows = settings->colours == COLOURS_TRUECOLOUR || settings->colours == COLOURS_AUTO;
    canvas->digits = (size_t)settings->digits < room / DIGIT_PITCH ? (size_t)settings->digits
                                                                   : room / DIGIT_PITCH;
    canvas->above = 0;
    if (!fit_matrix(canvas->pixels, (size_t)settings->per_row, room, &canvas->lamps)) {
        canvas->lamps = choose(canvas->pixels, room);
        canvas->above = 1;
    }
    size_t strip = canvas->lamps.per_row * canvas->lamps.pitch;
    size_t digits = canvas->digits * DIGIT_PITCH;
    size_t half_rows = canvas->lamps.rows * canvas->lamps.height;
    canvas->columns = 2 * CANVAS_MARGIN + (strip > digits ? strip : digits);
    canvas->strip_rows = half_rows > 0 ? (half_rows + 2 * canvas->above + 1) / 2 : 0;
    canvas->rows = canvas->strip_rows + (canvas->digits > 0 ? DIGIT_ROWS : 0);
}

/*
 * A screen's white is faint beside a light's, and a light at a tenth of its power still dazzles. So
 * it is shown as a photograph would: exposed fivefold, and bent so that full light stays the most.
 * That keeps hue and order, and the contrast of what is dim.
 */
static struct srgb on_screen(struct pixel light)
{
    uint32_t most = light.red > light.green ? light.red : light.green;
    most = most > light.blue ? most : light.blue;
    uint32_t bend = 65535 + 4 * most; /* 5 * light * 65535 / bend; 65535 for the strongest */
    struct pixel exposed = {(uint16_t)(5 * (uint64_t)light.red * 65535 / bend),
                            (uint16_t)(5 * (uint64_t)light.green * 65535 / bend),
                            (uint16_t)(5 * (uint64_t)light.blue * 65535 / bend)};
    return pixel_to_srgb(exposed);
}

static uint8_t blend_channel(uint8_t from, uint8_t to, unsigned quarters)
{
    return (uint8_t)((from * (4 - quarters) + to * quarters) / 4);
}

static struct srgb blend(struct srgb from, struct srgb to, unsigned quarters)
{
    return (struct srgb){blend_channel(from.red, to.red, quarters),
                         blend_channel(from.green, to.green, quarters),
                         blend_channel(from.blue, to.blue, quarters)};
}

/* Light over what is there without it, which it outshines as it grows. */
static struct srgb shine(struct srgb ground, struct srgb light)
{
    unsigned most = light.red > light.green ? light.red : light.green;
    unsigned rest = 255 - (most > light.blue ? most : light.blue);
    return (struct srgb){(uint8_t)(light.red + ground.red * rest / 255),
                         (uint8_t)(light.green + ground.green * rest / 255),
                         (uint8_t)(light.blue + ground.blue * rest / 255)};
}

/* A segment that is lit, with the light that the frame's digits lack. */
static struct srgb segment_lit(uint16_t dimmed)
{
    uint32_t left = UINT16_MAX - (uint32_t)dimmed;
    struct pixel full = pixel_from_srgb(segment_on);
    struct pixel light = {(uint16_t)(full.red * left / UINT16_MAX),
                          (uint16_t)(full.green * left / UINT16_MAX),
                          (uint16_t)(full.blue * left / UINT16_MAX)};
    return shine(segment_off, on_screen(light));
}

void canvas_show(struct canvas *canvas, const struct frame *frame)
{
    for (size_t i = 0; i < canvas->pixels; i++)
        canvas->lights[i] =
            on_screen(i < frame->count ? frame->pixels[i] : (struct pixel){0, 0, 0});
    segments_text(frame->text, canvas->segments, canvas->digits);
    canvas->segment_on = frame->text_dimmed > 0 ? segment_lit(frame->text_dimmed) : segment_on;
}

static struct srgb strip_at(const struct canvas *canvas, size_t x, size_t y)
{
    const struct lamps *lamps = &canvas->lamps;
    size_t row = y / lamps->height, column = x / lamps->pitch;
    size_t index = row * lamps->per_row + column;
    if (row >= lamps->rows || column >= lamps->per_row || index >= canvas->pixels)
        return board;
    struct srgb light = canvas->lights[index];
    struct srgb halo = {light.red / 6, light.green / 6, light.blue / 6};
    struct srgb around = canvas->glows ? shine(board, halo) : board;
    size_t inset = (lamps->pitch - lamps->width) / 2, at = x % lamps->pitch;
    if (at < inset || at >= inset + lamps->width)
        return around;
    struct srgb lamp = shine(socket, light);
    unsigned quarters = coverage(lamps, at - inset, y % lamps->height);
    if (!canvas->glows) /* few colours: no soft edges either */
        quarters = quarters >= 2 ? 4 : 0;
    return blend(around, lamp, quarters);
}

/* Which segments cover each place of a digit. */
static const uint8_t digit_map[DIGIT_HEIGHT][DIGIT_WIDTH] = {
    {SEGMENT_A | SEGMENT_F, SEGMENT_A, SEGMENT_A, SEGMENT_A, SEGMENT_A | SEGMENT_B},
    {SEGMENT_F, 0, 0, 0, SEGMENT_B},
    {SEGMENT_F, 0, 0, 0, SEGMENT_B},
    {SEGMENT_E | SEGMENT_F | SEGMENT_G, SEGMENT_G, SEGMENT_G, SEGMENT_G,
     SEGMENT_B | SEGMENT_C | SEGMENT_G},
    {SEGMENT_E, 0, 0, 0, SEGMENT_C},
    {SEGMENT_E, 0, 0, 0, SEGMENT_C},
    {SEGMENT_D | SEGMENT_E, SEGMENT_D, SEGMENT_D, SEGMENT_D, SEGMENT_C | SEGMENT_D},
};

static struct srgb digits_at(const struct canvas *canvas, size_t x, size_t y)
{
    size_t digit = x / DIGIT_PITCH, at = x % DIGIT_PITCH;
    uint8_t map = 0;
    if (digit >= canvas->digits || y >= DIGIT_HEIGHT)
        return board;
    if (at < DIGIT_WIDTH)
        map = digit_map[y][at];
    else if (at == DIGIT_WIDTH + 1 && y == DIGIT_HEIGHT - 1)
        map = SEGMENT_DOT;
    if (map == 0)
        return board;
    return (canvas->segments[digit] & map) != 0 ? canvas->segment_on : segment_off;
}

struct srgb canvas_at(const struct canvas *canvas, size_t x, size_t y)
{
    size_t digits_from = 2 * canvas->strip_rows;
    if (x < CANVAS_MARGIN)
        return board;
    if (y >= digits_from)
        return digits_at(canvas, x - CANVAS_MARGIN, y - digits_from);
    return y >= canvas->above ? strip_at(canvas, x - CANVAS_MARGIN, y - canvas->above) : board;
}
