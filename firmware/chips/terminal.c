#include "chips/terminal.h"

#include "chips/canvas.h"
#include "chips/screen.h"

#include <stdio.h>
#include <string.h>

/*
 * A frame begins as one update (DEC private mode 2026; terminals without it ignore it), without
 * cursor and without wrapping at the right margin, and ends with the wrapping back. chip->leave()
 * gives the cursor back.
 */
#define FRAME_BEGIN "\x1b[?2026h\x1b[?25l\x1b[?7l"
#define FRAME_END "\x1b[?7h\x1b[?2026l"
#define NUMBER_SIZE 24
/* Before the words: behind ones that just fit, the cursor stands on the last of them. */
#define ROW_CLEAR "\x1b[0m\x1b[K"
#define ROW_END ROW_CLEAR "\r\n"

/* The words have two lines: what explains an indicator is often the end of a long sentence. */
#define CAPTION_ROWS 2
#define CAPTION_ROW_SIZE (CANVAS_MARGIN + FRAME_CAPTION_SIZE + sizeof " ..." ROW_END)

static const char *const colour_words[] = {"auto", "truecolour", "256", "none", NULL};

static const struct field terminal_fields[] = {
    {KEY("pixels", FIELD_INTEGER, offsetof(struct terminal_settings, pixels)),
     RANGE(0, FRAME_PIXELS_MAX), .fallback = "8",
     .help = "how many lights the strip has; 0: no strip"},
    {KEY("digits", FIELD_INTEGER, offsetof(struct terminal_settings, digits)),
     RANGE(0, FRAME_TEXT_SIZE - 1), .fallback = "4",
     .help = "how many seven-segment digits stand below it; 0: none"},
    {KEY("colours", FIELD_WORD, offsetof(struct terminal_settings, colours)), .words = colour_words,
     .fallback = "auto",
     .help = "auto asks the environment (COLORTERM, TERM, NO_COLOR); none draws with characters"},
    {KEY("width", FIELD_INTEGER, offsetof(struct terminal_settings, width)), RANGE(0, 1000),
     .fallback = "0", .help = "columns to draw on; 0: those of the terminal"},
    {.key = NULL},
};

static bool has_word(const char *text, const char *word)
{
    return text != NULL && strstr(text, word) != NULL;
}

static enum terminal_colours colours_of(const struct terminal_facts *facts)
{
    if (facts->no_color != NULL && facts->no_color[0] != '\0') /* https://no-color.org */
        return COLOURS_NONE;
    if (has_word(facts->colorterm, "truecolor") || has_word(facts->colorterm, "24bit") ||
        has_word(facts->term, "direct"))
        return COLOURS_TRUECOLOUR;
    if (facts->term == NULL || strcmp(facts->term, "dumb") == 0 || has_word(facts->term, "vt100"))
        return COLOURS_NONE;
    return COLOURS_256;
}

void terminal_adapt(struct terminal_settings *settings, const struct terminal_facts *facts)
{
    settings->plain =
        !facts->is_terminal || (facts->term != NULL && strcmp(facts->term, "dumb") == 0);
    if (settings->width == 0)
        settings->width = facts->columns > 0 ? facts->columns : 80;
    if (settings->colours == COLOURS_AUTO)
        settings->colours = (int)colours_of(facts);
}

static size_t terminal_pixels(const void *settings)
{
    return (size_t)((const struct terminal_settings *)settings)->pixels;
}

static size_t terminal_digits(const void *settings)
{
    return (size_t)((const struct terminal_settings *)settings)->digits;
}

static size_t terminal_wire_size(const void *settings)
{
    struct canvas canvas;
    canvas_lay_out(&canvas, settings);
    size_t row = canvas.columns * SCREEN_CELL_SIZE + sizeof ROW_END;
    return canvas.rows * row + CAPTION_ROWS * CAPTION_ROW_SIZE + sizeof FRAME_BEGIN +
           sizeof FRAME_END + sizeof "\x1b[A" + NUMBER_SIZE;
}

/* Without a terminal: the words, when there are any. Not the digits, which glide from count to
 * count. */
static void encode_plain(const struct frame *frame, struct wire *wire)
{
    if (frame->caption[0] == '\0')
        return;
    screen_words(frame->caption, FRAME_CAPTION_SIZE, wire);
    wire_add(wire, '\n');
    wire_end_message(wire);
}

static void encode_caption(const struct canvas *canvas, const char *caption, struct wire *wire)
{
    const size_t columns = canvas->width - CANVAS_MARGIN;
    const struct screen_halves halves = screen_halve(caption, columns);
    char first[FRAME_CAPTION_SIZE];
    snprintf(first, sizeof first, "%.*s", (int)halves.first, caption);
    wire_text(wire, ROW_CLEAR);
    wire_fill(wire, ' ', CANVAS_MARGIN);
    screen_words(first, columns, wire);
    wire_text(wire, "\r\n" ROW_CLEAR);
    wire_fill(wire, ' ', CANVAS_MARGIN);
    screen_words(caption + halves.second, columns, wire);
    wire_text(wire, "\r");
}

static void terminal_encode(const void *settings, const struct frame *frame, bool raw,
                            struct wire *wire)
{
    const struct terminal_settings *terminal = settings;
    (void)raw; /* what is lifted for the screen is not a correction of a light's */
    if (terminal->plain) {
        encode_plain(frame, wire);
        return;
    }
    struct canvas canvas;
    canvas_lay_out(&canvas, terminal);
    canvas_show(&canvas, frame);
    wire_text(wire, FRAME_BEGIN);
    for (size_t row = 0; row < canvas.rows; row++)
        screen_row(&canvas, row, (enum terminal_colours)terminal->colours, wire);
    encode_caption(&canvas, frame->caption, wire);
    wire_text(wire, "\x1b[");
    wire_number(wire, (int64_t)(canvas.rows + CAPTION_ROWS - 1));
    wire_text(wire, "A");
    wire_text(wire, FRAME_END);
    wire_end_message(wire);
}

size_t terminal_rows(const struct terminal_settings *settings)
{
    if (settings->plain)
        return 0;
    struct canvas canvas;
    canvas_lay_out(&canvas, settings);
    return canvas.rows + CAPTION_ROWS;
}

/* Below the board, with the cursor back. */
static void terminal_leave(const void *settings, struct wire *wire)
{
    size_t rows = terminal_rows(settings);
    if (rows == 0)
        return;
    wire_fill(wire, '\n', rows);
    wire_text(wire, "\x1b[?25h");
    wire_end_message(wire);
}

const struct chip chip_terminal = {
    .name = "terminal",
    .summary = "a strip and digits drawn in a terminal, with words; no hardware",
    .fields = terminal_fields,
    .settings_size = sizeof(struct terminal_settings),
    .buses = BUS_BIT(BUS_FILE),
    .pixels = terminal_pixels,
    .digits = terminal_digits,
    .wire_size = terminal_wire_size,
    .encode = terminal_encode,
    .leave = terminal_leave,
    .captioned = true,
};
