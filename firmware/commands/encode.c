/* `amberbar encode` */
#include "base/say.h"
#include "commands/commands.h"

#include "commands/common/load_config.h"
#include "daemon/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_BOARD, OPTION_PIXELS, OPTION_TEXT, OPTION_RAW };

static const struct option_spec options_of_encode[] = {
    [OPTION_BOARD] = {"--board", "-b", "BOARD", "a board's name, or the path of a board file"},
    [OPTION_PIXELS] = {"--pixels", NULL, "COLOURS", "#rrggbb,...: from the first pixel; rest dark"},
    [OPTION_TEXT] = {"--text", NULL, "TEXT", "what digits show"},
    [OPTION_RAW] = {"--raw", NULL, NULL, "the numbers as they are: no gamma, no limiter"},
    {0},
};

static int wrong(const char *what, const char *which)
{
    char shown[64];
    text_printable(shown, sizeof shown, which);
    say_line(stderr, "amberbar encode: %s '%s'", what, shown);
    return EXIT_STATUS_USAGE;
}

static int hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit != '\0' ? strchr(digits, digit | 0x20) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* "#rrggbb" at the start of `word`. */
static bool read_colour(const char *word, struct srgb *colour)
{
    uint8_t bytes[3];
    if (word[0] != '#')
        return false;
    for (size_t i = 0; i < 3; i++) {
        int high = hex_digit(word[1 + 2 * i]);
        int low = high >= 0 ? hex_digit(word[2 + 2 * i]) : -1;
        if (low < 0)
            return false;
        bytes[i] = (uint8_t)(16 * high + low);
    }
    *colour = (struct srgb){bytes[0], bytes[1], bytes[2]};
    return true;
}

/* The numbers themselves, on the scale of light: a linear chip sends them unchanged. */
static struct pixel raw_pixel(struct srgb colour)
{
    return (struct pixel){(uint16_t)(colour.red * 257), (uint16_t)(colour.green * 257),
                          (uint16_t)(colour.blue * 257)};
}

/* Fills pixels[0 .. ) from "#rrggbb,#rrggbb"; an exit status. */
static int read_pixels(const char *list, bool raw, struct frame *frame)
{
    size_t count = 0;
    for (const char *at = list;; at += 8) {
        struct srgb colour;
        if (!read_colour(at, &colour) || (at[7] != ',' && at[7] != '\0'))
            return wrong("a colour is written '#rrggbb', such as '#ff0000', not", at);
        if (count == frame->count)
            return wrong("the board has fewer pixels than", list);
        frame->pixels[count++] = raw ? raw_pixel(colour) : pixel_from_srgb(colour);
        if (at[7] == '\0')
            return EXIT_STATUS_OK;
    }
}

static int read_frame(const struct options *options, const struct board *board, struct frame *frame)
{
    const char *text = options->values[OPTION_TEXT];
    const char *pixels = options->values[OPTION_PIXELS];
    frame->count = board_pixels(board);
    picture_blank(frame);
    if (text != NULL && !text_copy(frame->text, sizeof frame->text, text))
        return wrong("no display has room for", text);
    if (pixels == NULL)
        return EXIT_STATUS_OK;
    return read_pixels(pixels, options->values[OPTION_RAW] != NULL, frame);
}

static bool print_wire(const char *name, const struct wire *wire)
{
    size_t at = 0;
    struct text line = {0};
    text_add_shown(&line, name);
    text_add(&line, ":");
    for (size_t i = 0; i < wire->messages; i++) {
        text_add(&line, i > 0 ? " |" : "");
        for (; at < wire->ends[i]; at++)
            text_addf(&line, " %02x", wire->bytes[at]);
    }
    text_add(&line, "\n");
    bool fine = !line.failed;
    if (fine)
        say_lines(stdout, line.data); /* however long: no memory is taken any more */
    text_free(&line);
    return fine;
}

static bool print_output(const struct output_settings *output, const struct frame *frame, bool raw)
{
    struct wire wire = {.capacity = output->chip->wire_size(output->chip_settings)};
    wire.bytes = malloc(wire.capacity);
    if (wire.bytes != NULL)
        output_encode(output, frame, raw, &wire);
    bool fine = wire.bytes != NULL && print_wire(output->name, &wire);
    if (!fine)
        say_line(stderr, "amberbar encode: not enough memory for output %s", output->name);
    free(wire.bytes);
    return fine;
}

static int encode(const struct options *options, const struct board *board)
{
    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame = {.pixels = pixels};
    int status = read_frame(options, board, &frame);
    for (size_t i = 0; status == EXIT_STATUS_OK && i < board->output_count; i++)
        if (!print_output(&board->outputs[i], &frame, options->values[OPTION_RAW] != NULL))
            status = EXIT_STATUS_FAULT;
    return status;
}

static int run_encode(const struct options *options)
{
    if (options->values[OPTION_BOARD] == NULL)
        return options_refuse(&command_encode, "say which board with", "--board");
    struct board board = {0};
    struct complaints complaints = {0};
    int status = EXIT_STATUS_USAGE;
    if (board_read(options->values[OPTION_BOARD], NULL, &board, &complaints))
        status = encode(options, &board);
    else
        say_lines(stderr, complaints.text.data);
    board_free(&board);
    complaints_free(&complaints);
    return status;
}

const struct command command_encode = {
    .name = "amberbar encode",
    .brief = "print the bytes that would go over each wire",
    .summary =
        "Prints what would go over each wire of a board, in hexadecimal: one line an output,\n"
        "messages of one frame separated by ' | '. Touches nothing.",
    .options = options_of_encode,
    .run = run_encode,
};
