/* Which board: what announces itself is proposed, the rest is a short list. */
#include "base/say.h"
#include "base/table.h"
#include "bus/look.h"
#include "commands/commands.h"
#include "commands/common/view.h"
#include "commands/setup/setup.h"
#include "config/board/needs.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HAT "/proc/device-tree/hat/"
#define NAME_COLUMNS 20
#define TITLE_COLUMNS 26
#define DOTS_MAX 12

struct hat {
    char vendor[MACHINE_NAME_SIZE], product[MACHINE_NAME_SIZE];
};

static void read_line(const struct machine *machine, const char *path, char *out, size_t size)
{
    struct text text = {0};
    if (look_read(machine, path, &text))
        text_printable(out, size, text.data);
    text_free(&text);
}

static bool is_plugged(const struct board *board)
{
    char path[BUS_PATH_SIZE];
    struct error ignored;
    for (size_t i = 0; i < board->output_count; i++)
        if (board->outputs[i].bus.kind == BUS_HIDRAW &&
            hidraw_find(&board->outputs[i].bus.hidraw, path, &ignored))
            return true;
    return false;
}

static bool is_ready(const struct machine *machine, const struct board *board)
{
    struct text lacks = {0};
    board_remarks(machine, board, &lacks);
    const bool ready = lacks.length == 0 && !lacks.failed;
    text_free(&lacks);
    return ready;
}

static enum sign sign_of(const struct machine *machine, const struct hat *hat,
                         const struct board *board)
{
    if (candidates_is_hat(board->title, hat->vendor, hat->product))
        return SIGN_HAT;
    if (is_plugged(board))
        return SIGN_PLUGGED;
    return is_ready(machine, board) ? SIGN_READY : SIGN_NONE;
}

/* A picture in a line: "o o o o o o o o", "8x8", "88:88". */
static void add_shape(struct text *out, const struct board *board)
{
    const size_t pixels = board_pixels(board), digits = board_digits(board);
    const struct output_settings *first = &board->outputs[0];
    struct picture_settings picture = {0};
    board_fit_picture(board, &picture);
    const struct view view = view_of(board, picture.width);
    if (view.width > 0)
        text_addf(out, "a matrix of %zux%zu", view.width, view.lights / view.width);
    else if (first->chip->lamps)
        text_addf(out, "%zu lamp%s", pixels, pixels == 1 ? "" : "s");
    else if (pixels > 0 && pixels <= DOTS_MAX)
        for (size_t i = 0; i < pixels; i++)
            text_add(out, "\u25CF");
    else if (pixels > 0)
        text_addf(out, "\u25CF\u25CF\u25CF... %zu of them", pixels);
    if (digits > 0)
        text_addf(out, "%s%zu digit%s", pixels > 0 ? " and " : "", digits, digits == 1 ? "" : "s");
}

static void deal(struct setup *setup)
{
    static char names[BOARDS_MAX][BUS_NAME_SIZE];
    const size_t count = board_names(names, BOARDS_MAX);
    struct hat hat = {.product = ""};
    read_line(&setup->machine, HAT "vendor", hat.vendor, sizeof hat.vendor);
    read_line(&setup->machine, HAT "product", hat.product, sizeof hat.product);
    if (hat.product[0] != '\0')
        setup_say(setup, "   The HAT says that it is: %s, %s.", hat.vendor, hat.product);
    setup->card_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct board board;
        struct complaints complaints = {0};
        struct card *card = &setup->cards[setup->card_count];
        if (board_read(names[i], NULL, &board, &complaints)) {
            text_copy(card->name, sizeof card->name, names[i]);
            text_copy(card->title, sizeof card->title, board.title);
            card->sign = sign_of(&setup->machine, &hat, &board);
            setup->card_count++;
        }
        complaints_free(&complaints);
        board_free(&board);
    }
    setup->listed_count = candidates_choose(setup->cards, setup->card_count,
                                            machine_is_pi(&setup->machine), setup->listed);
}

static const char *words_of(enum sign sign)
{
    switch (sign) {
        ROW(SIGN_NONE, "");
        ROW(SIGN_READY, "");
        ROW(SIGN_PLUGGED, ", which is plugged in");
        ROW(SIGN_HAT, ", which is on the header");
    }
    NO_OTHER_ROW;
}

static void list(const struct setup *setup)
{
    for (size_t i = 0; i < setup->listed_count; i++) {
        const struct card *card = &setup->cards[setup->listed[i]];
        struct text line = {0};
        struct board board;
        struct complaints complaints = {0};
        text_addf(&line, "   %zu  ", i + 1);
        text_add_cell(&line, card->name, NAME_COLUMNS, SIZE_MAX);
        text_add(&line, " ");
        text_add_cell(&line, card->title, TITLE_COLUMNS, SIZE_MAX);
        text_add(&line, " ");
        if (board_read(card->name, NULL, &board, &complaints))
            add_shape(&line, &board);
        text_add(&line, words_of(card->sign));
        if (board.outputs[0].bus.kind == BUS_FILE)
            text_add(&line, ", drawn in a terminal: no light needed");
        if (!line.failed)
            setup_say(setup, "%s", line.data);
        text_free(&line);
        complaints_free(&complaints);
        board_free(&board);
    }
}

/* What was found is proposed; on a Raspberry Pi the most usual board, elsewhere none. */
static void look_for_lights(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    deal(setup);
    list(setup);
    if (!former_board(&setup->former, proposed, ANSWER_SIZE) && setup->listed_count > 0)
        text_copy(proposed, ANSWER_SIZE, setup->cards[setup->listed[0]].name);
}

/* The output that somebody looks at: the first with lights of every colour, else the first. */
static struct output_settings *strip_of(struct board *board)
{
    for (size_t i = 0; i < board->output_count; i++) {
        struct output_settings *output = &board->outputs[i];
        if (!output->chip->own_colours && !output->chip->lamps && output_pixels(output) > 0)
            return output;
    }
    return board->output_count > 0 ? &board->outputs[0] : NULL;
}

/* A value that an option gives for the strip; the board's file is written with it. */
static bool take_value(struct setup *setup, enum setup_option option, const char *key,
                       struct error *error)
{
    struct complaints complaints = {0};
    const char *value = setup->options->values[option];
    char *into = option == SETUP_ORDER ? setup->order : setup->count;
    const size_t size = option == SETUP_ORDER ? sizeof setup->order : sizeof setup->count;
    bool good = true;
    if (value == NULL)
        return true;
    if (setup->strip == NULL || chip_field(setup->strip->chip, key) == NULL)
        return error_set(error, "the lights of this board have no `%s`; leave --%s out", key,
                         option == SETUP_ORDER ? "order" : "count");
    good = output_override(setup->strip, key, value, option == SETUP_ORDER ? "--order" : "--count",
                           &complaints) &&
           text_copy(into, size, value);
    if (!good && complaints.text.data != NULL)
        error_set(error, "%.*s", (int)strcspn(complaints.text.data, "\n"), complaints.text.data);
    complaints_free(&complaints);
    return good;
}

/* By its number in the list, its name, or its file. */
static const char *board_of(const struct setup *setup, const char *answer)
{
    int64_t number;
    if (text_integer(answer, 1, (int64_t)setup->listed_count, &number))
        return setup->cards[setup->listed[number - 1]].name;
    return answer;
}

/* What has to be done before these lights can be lit: said, and no reason to refuse them. */
static void say_needs(const struct setup *setup)
{
    struct text needs = {0};
    board_remarks(&setup->machine, &setup->board, &needs);
    char *rest = needs.data, *line;
    while (rest != NULL && (line = strsep(&rest, "\n")) != NULL && line[0] != '\0')
        say_sentence(stdout, "   %s", line);
    text_free(&needs);
}

/* A file is named by its whole path, from wherever the config will be. */
static void name_board(struct setup *setup, const char *name)
{
    char whole[PATH_MAX];
    const bool is_path = strchr(name, '/') != NULL;
    text_copy(setup->board_name, sizeof setup->board_name,
              is_path && realpath(setup->board.path, whole) != NULL ? whole : name);
}

static enum tried try_board(struct setup *setup, const char *answer, struct error *error)
{
    struct complaints complaints = {0};
    const char *name = board_of(setup, answer);
    if (strcmp(answer, "list") == 0 || strcmp(answer, "?") == 0) {
        command_boards.run(&(const struct options){.operand = NULL});
        return TRIED_AGAIN;
    }
    glow_close(&setup->glow);
    if (setup->has_board)
        board_free(&setup->board);
    setup->has_board = true;
    setup->order[0] = setup->count[0] = setup->controller[0] = '\0';
    const bool good = board_read(name, ".", &setup->board, &complaints);
    if (!good && complaints.text.data != NULL) {
        const char *said = complaints.text.data;
        error_set(error, "%.*s", (int)strcspn(said, "\n"), said);
    }
    complaints_free(&complaints);
    if (!good)
        return TRIED_REFUSED;
    board_settle_lights(&setup->machine, &setup->board);
    name_board(setup, name);
    setup->strip = strip_of(&setup->board);
    if (!take_value(setup, SETUP_ORDER, "order", error) ||
        !take_value(setup, SETUP_PIXELS, "pixels", error))
        return TRIED_REFUSED;
    if (setup->options->values[SETUP_CONTROLLER] != NULL && setup->strip->bus.kind != BUS_UDP) {
        error_set(error, "the lights of this board are in no network; leave --controller out");
        return TRIED_REFUSED;
    }
    say_needs(setup);
    return TRIED_FINE;
}

static void word_board(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "Which lights? A number, another name (`list` has all), or a board's file");
}

const struct question question_board = {SETUP_BOARD,     "the board", word_board, NULL,
                                        look_for_lights, try_board,   false};
