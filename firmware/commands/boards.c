/* `amberbar boards` */
#include "base/intake.h"
#include "base/say.h"
#include "bus/look.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "commands/common/view.h"
#include "config/board/board_find.h"
#include "config/board/needs.h"
#include "config/yaml/tree.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct option_spec options_table[] = {{0}};

/*
 * The 40-pin header, the same on every Raspberry Pi that has 40 pins (raspberrypi.com
 * documentation, "GPIO and the 40-pin header"). Odd pins are the left column when pin 1 is at the
 * top.
 */
#define PINS 40
#define NAME_COLUMNS 26
#define TITLE_COLUMNS 41
#define LIGHTS_COLUMNS 18
#define NO_LINE (-1) /* power, ground, and the two lines of the HAT's own memory */

static const struct pin {
    const char *label;
    int line;
} pins[PINS] = {
    {"3V3", NO_LINE},  {"5V", NO_LINE},    {"GPIO2 SDA", 2},    {"5V", NO_LINE},
    {"GPIO3 SCL", 3},  {"GND", NO_LINE},   {"GPIO4", 4},        {"GPIO14 TXD", 14},
    {"GND", NO_LINE},  {"GPIO15 RXD", 15}, {"GPIO17", 17},      {"GPIO18", 18},
    {"GPIO27", 27},    {"GND", NO_LINE},   {"GPIO22", 22},      {"GPIO23", 23},
    {"3V3", NO_LINE},  {"GPIO24", 24},     {"GPIO10 MOSI", 10}, {"GND", NO_LINE},
    {"GPIO9 MISO", 9}, {"GPIO25", 25},     {"GPIO11 SCLK", 11}, {"GPIO8 CE0", 8},
    {"GND", NO_LINE},  {"GPIO7 CE1", 7},   {"ID_SD", NO_LINE},  {"ID_SC", NO_LINE},
    {"GPIO5", 5},      {"GND", NO_LINE},   {"GPIO6", 6},        {"GPIO12", 12},
    {"GPIO13", 13},    {"GND", NO_LINE},   {"GPIO19", 19},      {"GPIO16", 16},
    {"GPIO26", 26},    {"GPIO20", 20},     {"GND", NO_LINE},    {"GPIO21", 21},
};

#define CELL_SIZE 96 /* "strip clock > GPIO24" */

/* The header's GPIO of a line's name, "GPIO23" or "23", or NO_LINE. */
static int line_of(const char *name)
{
    int64_t line;
    const char *digits = strncmp(name, "GPIO", 4) == 0 ? name + 4 : name;
    return text_integer(digits, 0, 27, &line) ? (int)line : NO_LINE;
}

/* The header's pin of a line, from 1; 0: none. */
static int pin_of(const char *name)
{
    int line = line_of(name);
    for (int i = 0; line != NO_LINE && i < PINS; i++)
        if (pins[i].line == line)
            return i + 1;
    return 0;
}

static bool has_header(const struct board *board)
{
    struct line_use uses[OUTPUT_LINES_MAX];
    for (size_t i = 0; i < board->output_count; i++) {
        size_t count = output_lines(&board->outputs[i], uses);
        for (size_t j = 0; j < count; j++)
            if (uses[j].on_header)
                return true;
    }
    return false;
}

/* What a pin is used for: "strip data"; "" for a free one. */
static void name_use(const struct board *board, int pin, char out[static CELL_SIZE])
{
    struct line_use uses[OUTPUT_LINES_MAX];
    out[0] = '\0';
    for (size_t i = 0; i < board->output_count; i++) {
        size_t count = output_lines(&board->outputs[i], uses);
        for (size_t j = 0; j < count; j++) {
            if (uses[j].on_header && pin_of(uses[j].line) == pin) {
                snprintf(out, CELL_SIZE, "%.*s %.*s", BUS_NAME_SIZE - 1, board->outputs[i].name,
                         LINE_USE_SIZE - 1, uses[j].use);
            }
        }
    }
}

static void print_row(const struct board *board, int left)
{
    char use[2][CELL_SIZE];
    char cell[2 * CELL_SIZE];
    name_use(board, left, use[0]);
    name_use(board, left + 1, use[1]);
    snprintf(cell, sizeof cell, "%s%s%s", use[0], use[0][0] != '\0' ? " > " : "",
             pins[left - 1].label);
    say_line(stdout, "%24s %2d %c %c %-2d %s%s%s", cell, left, use[0][0] != '\0' ? '#' : '.',
             use[1][0] != '\0' ? '#' : '.', left + 1, pins[left].label,
             use[1][0] != '\0' ? " < " : "", use[1]);
}

static void print_header(const struct board *board)
{
    say_lines(stdout,
              "\nOn the 40-pin header, pin 1 at the corner of the Raspberry Pi; # is a pin in "
              "use:\n\n");
    for (int pin = 1; pin < PINS; pin += 2)
        print_row(board, pin);
}

static void add_lines(struct text *line, const struct output_settings *output)
{
    struct line_use uses[OUTPUT_LINES_MAX];
    size_t count = output_lines(output, uses);
    for (size_t i = 0; i < count; i++) {
        int pin = uses[i].on_header ? pin_of(uses[i].line) : 0;
        text_addf(line, "%s %s %s", i == 0 ? ":" : ",", uses[i].use, uses[i].line);
        if (pin > 0)
            text_addf(line, " (pin %d)", pin);
    }
}

/* Prints the line that was gathered, and frees it. False: there was no memory for it. */
static bool print_line(struct text *line)
{
    bool fine = !line->failed;
    if (fine)
        say_line(stdout, "%s", line->data);
    else
        say_line(stderr, "amberbar boards: not enough memory");
    text_free(line);
    return fine;
}

static bool print_output(const struct output_settings *output)
{
    struct text line = {0};
    size_t pixels = output_pixels(output);
    size_t digits = output->chip->digits(output->chip_settings);
    text_addf(&line, "%s: %s", output->name, output->chip->name);
    if (pixels > 0)
        text_addf(&line, ", %zu pixel%s", pixels, pixels == 1 ? "" : "s");
    if (digits > 0)
        text_addf(&line, ", %zu digit%s", digits, digits == 1 ? "" : "s");
    text_addf(&line, ", on %s", bus_word(output->bus.kind));
    add_lines(&line, output);
    return print_line(&line);
}

static bool needs_hardware(const struct board *board)
{
    for (size_t i = 0; i < board->output_count; i++)
        if (board->outputs[i].bus.kind != BUS_FILE)
            return true;
    return false;
}

static void print_notes(const char *title, const struct board_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        if (i == 0) {
            say_lines(stdout, "\n");
            say_line(stdout, "%s", title);
        }
        say_line(stdout, "    %s", notes->lines[i]);
    }
}

/* The comment that its file begins with: which lamp is which, what supply, what to be careful of.
 */
static void print_beginning(const char *path)
{
    struct text text = {0};
    intake_file(path, INTAKE_FILE, TREE_BYTES_MAX, &text);
    char *rest = text.data;
    for (const char *line; (line = strsep(&rest, "\n")) != NULL && line[0] == '#';)
        say_line(stdout, "    %s", line + 1 + (line[1] == ' '));
    text_free(&text);
}

/* Where this is run on a machine that says what it is: what it lacks for the board. */
static void print_machine(const struct board *board)
{
    struct machine machine;
    struct text found = {0};
    look_at(&machine, "");
    board_remarks(&machine, board, &found);
    if (machine.model[0] != '\0' && needs_hardware(board)) {
        say_lines(stdout, "\n");
        say_line(stdout, "On this machine, %s:", machine.model);
        if (found.length == 0)
            say_lines(stdout, "    nothing has to be done\n");
        char *rest = found.data;
        for (const char *line; (line = strsep(&rest, "\n")) != NULL && line[0] != '\0';)
            say_line(stdout, "    %s", line);
    }
    text_free(&found);
    look_away(&machine);
}

static bool print_board(const char *name, const struct board *board)
{
    bool fine = true;
    say_line(stdout, "%s (board: %s)", board->title, name);
    say_line(stdout, "%s", board->path);
    print_beginning(board->path);
    for (size_t i = 0; i < board->output_count; i++)
        fine = print_output(&board->outputs[i]) && fine;
    print_notes("To be enabled on a Raspberry Pi in /boot/firmware/config.txt, followed by a "
                "restart:",
                &board->enable);
    print_notes("Conflicts:", &board->conflicts);
    print_machine(board);
    if (has_header(board))
        print_header(board);
    else if (!needs_hardware(board))
        say_line(stdout, "It needs no hardware: what it shows is written to standard output.");
    return fine;
}

static int show(const char *name)
{
    struct board board;
    struct complaints complaints = {0};
    bool good = board_read(name, NULL, &board, &complaints);
    if (good)
        good = print_board(name, &board);
    else
        say_lines(stderr, complaints.text.data);
    complaints_free(&complaints);
    board_free(&board);
    return good ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}

/* "8 pixels", "8x8 lights", "8 lights, 8 digits": what hangs there. */
static void add_lights(struct text *line, const struct board *board)
{
    struct picture_settings picture = {0};
    struct text words = {0};
    board_fit_picture(board, &picture);
    const struct view view = view_of(board, picture.width);
    const char *what = view.lights == 1 ? "light" : "lights";
    if (view.width > 0)
        text_addf(&words, "%zux%zu %s", view.width, view.lights / view.width, what);
    else if (view.lights > 0)
        text_addf(&words, "%zu %s", view.lights, what);
    if (view.digits > 0)
        text_addf(&words, "%s%zu digit%s", words.length > 0 ? ", " : "", view.digits,
                  view.digits == 1 ? "" : "s");
    text_add_cell(line, words.data != NULL ? words.data : "", LIGHTS_COLUMNS, SIZE_MAX);
    line->failed = line->failed || words.failed;
    text_free(&words);
}

static bool print_listed(const char *name, const struct board *board)
{
    struct text line = {0};
    text_add_cell(&line, name, NAME_COLUMNS, SIZE_MAX);
    text_add(&line, " ");
    text_add_cell(&line, board->title, TITLE_COLUMNS, SIZE_MAX);
    text_add(&line, " ");
    add_lights(&line, board);
    for (size_t i = 0; i < board->output_count; i++)
        text_addf(&line, "%s%s", i > 0 ? ", " : " chip: ", board->outputs[i].chip->name);
    return print_line(&line);
}

/* Drives the chip, or one of its kin that is named after it: ws2812-pio beside ws2812. */
static bool has_chip(const struct board *board, const char *chip)
{
    size_t length = strlen(chip);
    for (size_t i = 0; i < board->output_count; i++) {
        const char *name = board->outputs[i].chip->name;
        if (strncmp(name, chip, length) == 0 && (name[length] == '\0' || name[length] == '-'))
            return true;
    }
    return false;
}

/* `chip` NULL: whatever its chips are. */
static bool list_board(const char *name, const char *chip)
{
    struct board board;
    struct complaints complaints = {0};
    bool good = board_read(name, NULL, &board, &complaints);
    if (!good)
        say_lines(stderr, complaints.text.data);
    else if (chip == NULL || has_chip(&board, chip))
        good = print_listed(name, &board);
    complaints_free(&complaints);
    board_free(&board);
    return good;
}

static int list(const char *chip)
{
    static char names[BOARDS_MAX][BUS_NAME_SIZE];
    size_t count = board_names(names, BOARDS_MAX);
    bool good = count > 0;
    if (count == 0) {
        say_line(stderr,
                 "amberbar boards: there are none in %s; say `sudo cmake --install build`, or set "
                 "AMBERBAR_BOARDS to the boards of the source",
                 board_directory());
    }
    for (size_t i = 0; i < count; i++)
        good = list_board(names[i], chip) && good;
    return good ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}

/* A chip by its name, as people write it, too: WS2812. NULL: there is none. */
static const char *chip_called(const char *word)
{
    for (size_t i = 0; chips[i] != NULL; i++)
        if (strcasecmp(chips[i]->name, word) == 0)
            return chips[i]->name;
    return NULL;
}

/* The chip that a word names, which is no board's: its own name, or one that it is sold under. */
static const char *chip_of(const char *word)
{
    char path[CONFIG_PATH_SIZE];
    struct error error;
    if (board_find(word, NULL, path, &error))
        return NULL;
    const char *chip = chip_called(word);
    return chip != NULL ? chip : chip_same_wire(word, strlen(word));
}

static int show_or_list(const char *word)
{
    const char *chip = chip_of(word);
    if (chip == NULL)
        return show(word);
    if (strcmp(chip, word) == 0)
        say_line(stdout, "%s is a chip; these boards have it:", word);
    else if (strcasecmp(chip, word) == 0)
        say_line(stdout, "%s is the chip %s; these boards have it:", word, chip);
    else
        say_line(stdout, "%s is driven as the chip %s; these boards have it:", word, chip);
    return list(chip);
}

static int run_boards(const struct options *options)
{
    return options->operand != NULL ? show_or_list(options->operand) : list(NULL);
}

const struct command command_boards = {
    .name = "amberbar boards",
    .brief = "list the boards, or show one with its header pins",
    .operand = "[NAME]",
    .summary =
        "Lists the boards that a config file can name; with a name or a path shows that one,\n"
        "with its pins on the Raspberry Pi's header, what must be enabled and what it cannot "
        "share;\n"
        "with a chip's name, or one that its lights are sold under (neopixel), those that have it.",
    .options = options_table,
    .run = run_boards,
};
