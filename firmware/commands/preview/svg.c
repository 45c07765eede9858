#include "commands/preview/svg.h"

#include "chips/segments.h"

#include <math.h>

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
#define GLOW 1.25 /* of a light's radius */
#define SLACK 2   /* of 255 a colour may be off between keyframes: nobody sees it */
#define SOCKET "#25282e"
#define SEGMENT_LIT "#ffb000"

/* A seven-segment digit of 20 by 34, slanted by the group it stands in; in the order of its bits.
 */
static const char *const segment_paths[SVG_SEGMENTS] = {
    "M3 1h14l-3 4h-8z",         "M18 2v13l-2 1l-2-2v-8z", "M18 32v-13l-2-1l-2 2v8z",
    "M3 33h14l-3-4h-8z",        "M2 32v-13l2-1l2 2v8z",   "M2 2v13l2 1l2-2v-8z",
    "M4 17l2-2h8l2 2l-2 2h-8z", "M21 29h4v4h-4z",
};

/* Where the pixels of a row are, below its top. */
struct grid {
    double x, y; /* of the first one's middle */
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

/* To one digit behind the point, as round(3) does it, which is all that would want libm. */
static double tenths(double value)
{
    return (double)(int64_t)(value * 10 + (value < 0 ? -0.5 : 0.5)) / 10;
}

/* A light is the round end of a line without length. */
static void add_dot(struct text *out, const struct grid *grid, size_t light)
{
    const double x = grid->x + grid->pitch * ((double)(light % grid->per_line) + 0.5);
    const double y = grid->y + grid->pitch * (double)(light / grid->per_line);
    text_addf(out, "M%g %gh0", tenths(x), tenths(y));
}

static void add_sockets(struct text *out, const struct svg_sheet *sheet)
{
    const struct grid grid = grid_of(sheet);
    text_add(out, "<path id=\"sockets\" class=\"d\" stroke=\"" SOCKET "\" d=\"");
    for (size_t light = 0; light < sheet->pixels; light++)
        add_dot(out, &grid, light);
    text_add(out, "\"/>");
}

/* A row's glow is blurred at once, however many lights there are. Light adds to light, and what is
   black hides nothing. */
void svg_begin(struct text *out, const struct svg_sheet *sheet)
{
    const size_t row = row_height(sheet), height = sheet->rows * row + (size_t)2 * MARGIN;
    const double radius = grid_of(sheet).radius;
    text_addf(out,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" "
              "viewBox=\"0 0 %d %zu\">\n"
              "<style>.d{fill:none;stroke-linecap:round;stroke-width:%.1f}"
              ".g{stroke-width:%.1f;opacity:.6;filter:url(#glow)}"
              ".l{mix-blend-mode:screen}.l>path{mix-blend-mode:lighten}"
              "@media (prefers-reduced-motion:reduce){*{animation:none!important}}</style>\n"
              "<defs><filter id=\"glow\" filterUnits=\"userSpaceOnUse\" x=\"0\" y=\"-%d\" "
              "width=\"%d\" height=\"%zu\"><feGaussianBlur stdDeviation=\"%g\"/></filter>",
              WIDTH, height, WIDTH, height, 2 * radius, 2 * radius * GLOW, MARGIN, WIDTH,
              row + (size_t)2 * MARGIN, radius > 7 ? 5.0 : 2.0);
    add_sockets(out, sheet);
    text_add(out, "</defs>\n"
                  "<rect width=\"100%\" height=\"100%\" rx=\"12\" fill=\"#14161a\"/>\n");
}

static void add_words(struct text *out, const struct svg_row *row)
{
    text_addf(out,
              "<text x=\"%d\" y=\"28\" font-family=\"sans-serif\" font-size=\"17\" "
              "font-weight=\"bold\" fill=\"#e8e6e3\">%s</text>\n",
              MARGIN, row->title);
    text_addf(out,
              "<text x=\"%d\" y=\"46\" font-family=\"sans-serif\" font-size=\"12\" "
              "fill=\"#9a9aa0\">%s</text>\n",
              MARGIN, row->words);
}

/* One light through the moments of its row. */
struct course {
    const struct svg_row *row;
    size_t index; /* of the row */
    size_t count; /* lights of a moment */
    size_t first; /* of its kind: pixels, or segments */
    bool is_segment;
    size_t light;
};

/* The first again after the last. */
static struct srgb colour_at(const struct course *course, size_t moment)
{
    return course->row->lights[moment % course->row->moments * course->count + course->light];
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

/* The first of its kind in the row with the same course: they share keyframes, and pixels a path.
 */
static size_t leader(const struct course *course)
{
    struct course other = *course;
    for (other.light = course->first; other.light < course->light; other.light++)
        if (is_like(&other, course))
            break;
    return other.light;
}

static void add_colour(struct text *out, const struct course *course, size_t moment)
{
    const struct srgb colour = colour_at(course, moment);
    if (course->is_segment)
        text_add(out, is_black(colour) ? SOCKET : SEGMENT_LIT);
    else
        text_addf(out, "#%02x%02x%02x", colour.red, colour.green, colour.blue);
}

/* Part `at` of the way of `all` steps from one brightness to another. */
static bool is_between(int from, int to, int now, size_t at, size_t all)
{
    return fabs(from + (to - from) * (double)at / (double)all - now) <= SLACK;
}

/* Whether a straight way from one moment to a later one passes through all between. */
static bool is_straight(const struct course *course, size_t from, size_t to)
{
    const struct srgb a = colour_at(course, from), b = colour_at(course, to);
    for (size_t i = from + 1; i < to; i++) {
        const struct srgb now = colour_at(course, i);
        if (!is_between(a.red, b.red, now.red, i - from, to - from) ||
            !is_between(a.green, b.green, now.green, i - from, to - from) ||
            !is_between(a.blue, b.blue, now.blue, i - from, to - from))
            return false;
    }
    return true;
}

/* The next moment that needs a keyframe: segments jump there, pixels go there straight. */
static size_t next_key(const struct course *course, size_t moment)
{
    const size_t last = course->row->moments;
    size_t next = moment + 1;
    if (course->is_segment)
        while (next < last && is_same(colour_at(course, next), colour_at(course, moment)))
            next++;
    else
        while (next < last && is_straight(course, moment, next + 1))
            next++;
    return next;
}

static void add_keyframes(struct text *out, const struct course *course)
{
    const struct svg_row *row = course->row;
    const char *what = course->is_segment ? "fill" : "stroke";
    text_addf(out, "<style>.m%zu-%zu{animation:m%zu-%zu %gs %s infinite}@keyframes m%zu-%zu{",
              course->index, course->light, course->index, course->light,
              (double)row->step_ms * (double)row->moments / 1000,
              course->is_segment ? "step-end" : "linear", course->index, course->light);
    for (size_t i = 0; i <= row->moments; i = next_key(course, i)) {
        text_addf(out, "%g%%{%s:", 100 * (double)i / (double)row->moments, what);
        add_colour(out, course, i);
        text_add(out, "}");
    }
    text_add(out, "}</style>\n");
}

static void prepare(struct text *out, const struct course *course)
{
    if (moves(course) && leader(course) == course->light)
        add_keyframes(out, course);
}

/* ` class="..."` of what moves, and its colour at the first moment. */
static void add_paint(struct text *out, const struct course *course)
{
    if (moves(course))
        text_addf(out, " class=\"m%zu-%zu\"", course->index, leader(course));
    text_addf(out, " %s=\"", course->is_segment ? "fill" : "stroke");
    add_colour(out, course, 0);
    text_add(out, "\"");
}

/* A path for all pixels of one course. */
static void add_paths(struct text *out, const struct svg_sheet *sheet, struct course course)
{
    const struct grid grid = grid_of(sheet);
    for (course.light = 0; course.light < sheet->pixels; course.light++) {
        if (leader(&course) != course.light || !is_ever_lit(&course))
            continue;
        struct course like = course;
        text_add(out, "<path");
        add_paint(out, &course);
        text_add(out, " d=\"");
        for (; like.light < sheet->pixels; like.light++)
            if (is_like(&like, &course))
                add_dot(out, &grid, like.light);
        text_add(out, "\"/>\n");
    }
}

/* Sockets, and the lights in them with their glow on what is around. */
static void add_pixels(struct text *out, const struct svg_sheet *sheet, struct course course)
{
    for (course.light = 0; course.light < sheet->pixels; course.light++)
        prepare(out, &course);
    text_add(out, "<use href=\"#sockets\"/>\n<g class=\"d l\"><g class=\"g\">\n");
    add_paths(out, sheet, course);
    text_add(out, "</g>\n");
    add_paths(out, sheet, course);
    text_add(out, "</g>\n");
}

static void add_digit(struct text *out, const struct svg_sheet *sheet, struct course course,
                      size_t digit)
{
    const size_t first = course.first + digit * SVG_SEGMENTS;
    for (course.light = first; course.light < first + SVG_SEGMENTS; course.light++)
        prepare(out, &course);
    double scale = digit_scale(sheet);
    text_addf(out, "<g transform=\"translate(%g 15) skewX(-6)",
              digits_x(sheet) + scale * (double)(digit * DIGIT_PITCH));
    if (scale < 1)
        text_addf(out, " scale(%g)", scale);
    text_add(out, "\">");
    for (size_t k = 0; k < SVG_SEGMENTS; k++) {
        course.light = first + k;
        if (k == SVG_SEGMENTS - 1 && !is_ever_lit(&course))
            continue; /* most modules have no dot to see */
        text_addf(out, "<path d=\"%s\"", segment_paths[k]);
        add_paint(out, &course);
        text_add(out, "/>");
    }
    text_add(out, "</g>\n");
}

void svg_add(struct text *out, const struct svg_sheet *sheet, size_t index,
             const struct svg_row *row)
{
    struct course course = {.row = row, .index = index, .count = svg_lights(sheet)};
    text_addf(out, "<g transform=\"translate(0 %zu)\">\n", MARGIN + index * row_height(sheet));
    add_words(out, row);
    if (sheet->pixels > 0)
        add_pixels(out, sheet, course);
    course.first = sheet->pixels;
    course.is_segment = true;
    for (size_t i = 0; i < sheet->digits; i++)
        add_digit(out, sheet, course, i);
    text_add(out, "</g>\n");
}

void svg_end(struct text *out)
{
    text_add(out, "</svg>\n");
}
