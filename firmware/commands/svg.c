#include "commands/svg.h"

#include "chips/segments.h"

#define WIDTH 760
#define ROW_HEIGHT 64
#define MARGIN 20
#define TITLE_X MARGIN
#define STRIP_X 300
#define STRIP_WIDTH 290
#define RADIUS_MAX 14.0
#define DIGITS_X 622
#define DIGIT_PITCH 30

/* A seven-segment digit of 20 by 34, slanted by the group it stands in. */
static const struct {
    uint8_t segment;
    const char *path;
} segments[] = {
    {SEGMENT_A, "M3 1h14l-3 4h-8z"},         {SEGMENT_B, "M18 2v13l-2 1l-2-2v-8z"},
    {SEGMENT_C, "M18 32v-13l-2-1l-2 2v8z"},  {SEGMENT_D, "M3 33h14l-3-4h-8z"},
    {SEGMENT_E, "M2 32v-13l2-1l2 2v8z"},     {SEGMENT_F, "M2 2v13l2 1l2-2v-8z"},
    {SEGMENT_G, "M4 17l2-2h8l2 2l-2 2h-8z"},
};

void svg_begin(struct text *out, size_t rows)
{
    size_t height = rows * ROW_HEIGHT + 2 * MARGIN;
    text_addf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" "
        "viewBox=\"0 0 %d %zu\">\n"
        "<defs><filter id=\"glow\" x=\"-100%%\" y=\"-100%%\" width=\"300%%\" height=\"300%%\">"
        "<feGaussianBlur stdDeviation=\"5\"/></filter></defs>\n"
        "<rect width=\"100%%\" height=\"100%%\" rx=\"12\" fill=\"#14161a\"/>\n",
        WIDTH, height, WIDTH, height);
}

static void add_words(struct text *out, const struct svg_row *row, size_t top)
{
    text_addf(out,
              "<text x=\"%d\" y=\"%zu\" font-family=\"sans-serif\" font-size=\"17\" "
              "font-weight=\"bold\" fill=\"#e8e6e3\">%s</text>\n",
              TITLE_X, top + 28, row->title);
    text_addf(out,
              "<text x=\"%d\" y=\"%zu\" font-family=\"sans-serif\" font-size=\"12\" "
              "fill=\"#9a9aa0\">%s</text>\n",
              TITLE_X, top + 46, row->words);
}

/* A light in its socket: what the socket throws back adds to what the light sends out. */
static unsigned lit(unsigned socket, unsigned light)
{
    return 255 - (255 - socket) * (255 - light) / 255;
}

/* One light: its glow on what is around it, and itself. */
static void add_light(struct text *out, double x, double y, double radius, struct srgb colour)
{
    if (colour.red != 0 || colour.green != 0 || colour.blue != 0)
        text_addf(out,
                  "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#%02x%02x%02x\" "
                  "opacity=\".6\" filter=\"url(#glow)\"/>",
                  x, y, radius * 1.25, colour.red, colour.green, colour.blue);
    text_addf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#%02x%02x%02x\"/>\n", x, y,
              radius, lit(0x25, colour.red), lit(0x28, colour.green), lit(0x2E, colour.blue));
}

static void add_strip(struct text *out, const struct frame *frame, size_t top)
{
    double pitch = (double)STRIP_WIDTH / (double)frame->count;
    double radius = pitch * 0.4 < RADIUS_MAX ? pitch * 0.4 : RADIUS_MAX;
    for (size_t i = 0; i < frame->count; i++)
        add_light(out, STRIP_X + pitch * ((double)i + 0.5), (double)(top + ROW_HEIGHT / 2), radius,
                  pixel_to_srgb(frame->pixels[i]));
}

static void add_digits(struct text *out, const struct svg_row *row, size_t top)
{
    uint8_t digits[FRAME_TEXT_SIZE];
    segments_text(row->frame->text, digits, row->digits);
    for (size_t i = 0; i < row->digits; i++) {
        text_addf(out, "<g transform=\"translate(%zu %zu) skewX(-6)\">", DIGITS_X + i * DIGIT_PITCH,
                  top + 15);
        for (size_t k = 0; k < sizeof segments / sizeof segments[0]; k++)
            text_addf(out, "<path d=\"%s\" fill=\"%s\"/>", segments[k].path,
                      (digits[i] & segments[k].segment) != 0 ? "#ffb000" : "#25282e");
        text_add(out, "</g>\n");
    }
}

void svg_add(struct text *out, size_t index, const struct svg_row *row)
{
    size_t top = MARGIN + index * ROW_HEIGHT;
    add_words(out, row, top);
    if (row->frame->count > 0)
        add_strip(out, row->frame, top);
    if (row->digits > 0)
        add_digits(out, row, top);
}

void svg_end(struct text *out)
{
    text_add(out, "</svg>\n");
}
