#include "commands/preview/svg.h"

#include "chips/segments.h"

#include <string.h>

#define WIDTH 760
#define ROW_HEIGHT 64
#define MARGIN 20
#define STRIP_X 300
#define STRIP_WIDTH 290
#define STRIP_MOST 24 /* pixels; a longer one has a line of its own, under the words */
#define LINE_HEIGHT 26
#define MATRIX_PITCH 12.0
#define RADIUS_MAX 14.0
#define DIGITS_END 742
#define DIGITS_WIDTH 240 /* beside a strip, at most */
#define DIGITS_GAP 32    /* between the strip and the first */
#define DIGIT_PITCH 30
#define SOCKET "#25282e"
#define SEGMENT_LIT "#ffb000"

/* A seven-segment digit of 20 by 34, slanted by the group it stands in; in the order of its bits.
 */
static const char *const segment_paths[SVG_SEGMENTS] = {
    "M3 1h14l-3 4h-8z",         "M18 2v13l-2 1l-2-2v-8z", "M18 32v-13l-2-1l-2 2v8z",
    "M3 33h14l-3-4h-8z",        "M2 32v-13l2-1l2 2v8z",   "M2 2v13l2 1l2-2v-8z",
    "M4 17l2-2h8l2 2l-2 2h-8z", "M21 29h4v4h-4z",
};

/* Where the pixels of a row are. */
struct grid {
    double x, y; /* of the first one's middle, below the row's top */
    double pitch, radius;
    size_t per_line;
};

size_t svg_lights(const struct svg_sheet *sheet)
{
    return sheet->pixels + sheet->digits * SVG_SEGMENTS;
}

/* How large a digit is drawn; 1 where there is room. */
static double digit_scale(const struct svg_sheet *sheet)
{
    double width = (double)(sheet->digits * DIGIT_PITCH);
    return width > DIGITS_WIDTH ? DIGITS_WIDTH / width : 1;
}

static double digits_x(const struct svg_sheet *sheet)
{
    return DIGITS_END - (double)(sheet->digits * DIGIT_PITCH) * digit_scale(sheet);
}

static bool is_long(const struct svg_sheet *sheet)
{
    return sheet->width == 0 && sheet->pixels > STRIP_MOST;
}

static double matrix_pitch(const struct svg_sheet *sheet)
{
    double most = (digits_x(sheet) - STRIP_X) / (double)sheet->width;
    return most < MATRIX_PITCH ? most : MATRIX_PITCH;
}

static struct grid grid_of(const struct svg_sheet *sheet)
{
    struct grid grid = {.x = STRIP_X, .y = ROW_HEIGHT / 2.0, .per_line = sheet->pixels};
    double before_digits = digits_x(sheet) - DIGITS_GAP - STRIP_X;
    double room = before_digits < STRIP_WIDTH ? before_digits : STRIP_WIDTH;
    if (is_long(sheet)) {
        grid.x = MARGIN;
        grid.y = ROW_HEIGHT + 4;
        room = WIDTH - 2 * MARGIN;
    }
    grid.pitch = sheet->pixels > 0 ? room / (double)sheet->pixels : room;
    if (sheet->width > 0) {
        grid.per_line = sheet->width;
        grid.pitch = matrix_pitch(sheet);
        grid.y = MATRIX_PITCH;
    }
    grid.radius = grid.pitch * 0.4 < RADIUS_MAX ? grid.pitch * 0.4 : RADIUS_MAX;
    return grid;
}

static size_t row_height(const struct svg_sheet *sheet)
{
    if (is_long(sheet))
        return ROW_HEIGHT + LINE_HEIGHT;
    size_t lines = sheet->width > 0 ? (sheet->pixels + sheet->width - 1) / sheet->width : 1;
    size_t matrix = (size_t)(MATRIX_PITCH * (double)(lines + 1));
    return matrix > ROW_HEIGHT ? matrix : ROW_HEIGHT;
}

void svg_begin(struct text *out, const struct svg_sheet *sheet)
{
    size_t height = sheet->rows * row_height(sheet) + (size_t)2 * MARGIN;
    text_addf(out,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" "
              "viewBox=\"0 0 %d %zu\">\n"
              "<style>.l{mix-blend-mode:screen}"
              "@media (prefers-reduced-motion:reduce){*{animation:none!important}}</style>\n"
              "<defs><filter id=\"glow\" x=\"-100%%\" y=\"-100%%\" width=\"300%%\" "
              "height=\"300%%\"><feGaussianBlur stdDeviation=\"%g\"/></filter></defs>\n"
              "<rect width=\"100%%\" height=\"100%%\" rx=\"12\" fill=\"#14161a\"/>\n",
              WIDTH, height, WIDTH, height, grid_of(sheet).radius > 7 ? 5.0 : 2.0);
}

static void add_words(struct text *out, const struct svg_row *row, size_t top)
{
    text_addf(out,
              "<text x=\"%d\" y=\"%zu\" font-family=\"sans-serif\" font-size=\"17\" "
              "font-weight=\"bold\" fill=\"#e8e6e3\">%s</text>\n",
              MARGIN, top + 28, row->title);
    text_addf(out,
              "<text x=\"%d\" y=\"%zu\" font-family=\"sans-serif\" font-size=\"12\" "
              "fill=\"#9a9aa0\">%s</text>\n",
              MARGIN, top + 46, row->words);
}

/* One light through the moments of its row. */
struct course {
    const struct svg_row *row;
    size_t count; /* lights of a moment */
    size_t light;
};

static struct srgb colour_at(const struct course *course, size_t moment)
{
    return course->row->lights[moment * course->count + course->light];
}

static bool is_same(struct srgb a, struct srgb b)
{
    return a.red == b.red && a.green == b.green && a.blue == b.blue;
}

static bool is_black(struct srgb colour)
{
    return colour.red == 0 && colour.green == 0 && colour.blue == 0;
}

static bool moves(const struct course *course)
{
    for (size_t i = 1; i < course->row->moments; i++)
        if (!is_same(colour_at(course, i), colour_at(course, 0)))
            return true;
    return false;
}

static bool is_ever_lit(const struct course *course)
{
    for (size_t i = 0; i < course->row->moments; i++)
        if (!is_black(colour_at(course, i)))
            return true;
    return false;
}

static bool is_like(const struct course *a, const struct course *b)
{
    for (size_t i = 0; i < a->row->moments; i++)
        if (!is_same(colour_at(a, i), colour_at(b, i)))
            return false;
    return true;
}

/* The first light of its row with the same course: they share their keyframes. */
static size_t leader(const struct course *course)
{
    struct course other = *course;
    for (other.light = 0; other.light < course->light; other.light++)
        if (is_like(&other, course))
            break;
    return other.light;
}

static void add_colour(struct text *out, struct srgb colour, bool is_segment)
{
    if (is_segment)
        text_add(out, is_black(colour) ? SOCKET : SEGMENT_LIT);
    else
        text_addf(out, "#%02x%02x%02x", colour.red, colour.green, colour.blue);
}

/* Every moment that is no straight way between its neighbours. */
static void add_keyframes(struct text *out, const struct course *course, size_t index,
                          bool is_segment)
{
    const struct svg_row *row = course->row;
    text_addf(out, "<style>.m%zu-%zu{animation:m%zu-%zu %gs %s infinite}@keyframes m%zu-%zu{",
              index, course->light, index, course->light,
              (double)row->step_ms * (double)row->moments / 1000,
              is_segment ? "step-end" : "linear", index, course->light);
    for (size_t i = 0; i <= row->moments; i++) {
        struct srgb now = colour_at(course, i % row->moments);
        bool inner = i > 0 && i < row->moments;
        if (inner && is_same(now, colour_at(course, i - 1)) &&
            is_same(now, colour_at(course, (i + 1) % row->moments)))
            continue;
        text_addf(out, "%g%%{fill:", 100 * (double)i / (double)row->moments);
        add_colour(out, now, is_segment);
        text_add(out, "}");
    }
    text_add(out, "}</style>\n");
}

/* ` class="..."` of a light that moves, its keyframes before it. */
static void add_fill(struct text *out, const struct course *course, size_t index, bool is_segment)
{
    text_addf(out, " class=\"%s", is_segment ? "" : "l ");
    if (moves(course))
        text_addf(out, "m%zu-%zu", index, leader(course));
    text_add(out, "\" fill=\"");
    add_colour(out, colour_at(course, 0), is_segment);
    text_add(out, "\"");
}

static void prepare(struct text *out, const struct course *course, size_t index, bool is_segment)
{
    if (moves(course) && leader(course) == course->light)
        add_keyframes(out, course, index, is_segment);
}

/* A socket, and the light in it with its glow on what is around: light adds to light. */
static void add_pixel(struct text *out, const struct course *course, size_t index,
                      const struct grid *grid, size_t top)
{
    double x = grid->x + grid->pitch * ((double)(course->light % grid->per_line) + 0.5);
    size_t line = course->light / grid->per_line;
    double y = (double)top + grid->y + grid->pitch * (double)line;
    text_addf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"" SOCKET "\"/>\n", x, y,
              grid->radius);
    if (!is_ever_lit(course))
        return;
    prepare(out, course, index, false);
    text_add(out, "<g");
    add_fill(out, course, index, false);
    text_addf(out,
              "><circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" opacity=\".6\" "
              "filter=\"url(#glow)\"/><circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/></g>\n",
              x, y, grid->radius * 1.25, x, y, grid->radius);
}

static void add_digit(struct text *out, const struct svg_sheet *sheet, const struct svg_row *row,
                      size_t index, size_t digit)
{
    size_t top = MARGIN + index * row_height(sheet);
    struct course course = {.row = row, .count = svg_lights(sheet)};
    for (size_t k = 0; k < SVG_SEGMENTS; k++) {
        course.light = sheet->pixels + digit * SVG_SEGMENTS + k;
        prepare(out, &course, index, true);
    }
    double scale = digit_scale(sheet);
    text_addf(out, "<g transform=\"translate(%g %zu) skewX(-6)",
              digits_x(sheet) + scale * (double)(digit * DIGIT_PITCH), top + 15);
    if (scale < 1)
        text_addf(out, " scale(%g)", scale);
    text_add(out, "\">");
    for (size_t k = 0; k < SVG_SEGMENTS; k++) {
        course.light = sheet->pixels + digit * SVG_SEGMENTS + k;
        if (k == SVG_SEGMENTS - 1 && !is_ever_lit(&course))
            continue; /* most modules have no dot to see */
        text_addf(out, "<path d=\"%s\"", segment_paths[k]);
        add_fill(out, &course, index, true);
        text_add(out, "/>");
    }
    text_add(out, "</g>\n");
}

void svg_add(struct text *out, const struct svg_sheet *sheet, size_t index,
             const struct svg_row *row)
{
    size_t top = MARGIN + index * row_height(sheet);
    struct grid grid = grid_of(sheet);
    struct course course = {.row = row, .count = svg_lights(sheet)};
    add_words(out, row, top);
    for (course.light = 0; course.light < sheet->pixels; course.light++)
        add_pixel(out, &course, index, &grid, top);
    for (size_t i = 0; i < sheet->digits; i++)
        add_digit(out, sheet, row, index, i);
}

void svg_end(struct text *out)
{
    text_add(out, "</svg>\n");
}
