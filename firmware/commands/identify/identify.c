/*
 * Lights one thing after the other on each output of a board and says what one should see.
 */
#include "base/clock.h"
#include "base/ending.h"
#include "base/log.h"
#include "base/say.h"
#include "bus/look.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "commands/identify/steps.h"
#include "config/board/needs.h"
#include "daemon/outputs.h"
#include "daemon/terminal.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SECONDS_MS 2000 /* of a step when nobody presses Enter; relays take one second */
#define SECONDS_MAX 3600.0
#define TICK_MS 40

enum { OPTION_CONFIG, OPTION_BOARD, OPTION_ORDER, OPTION_COUNT, OPTION_SECONDS };

static const struct option_spec options_table[] = {
    [OPTION_CONFIG] = CONFIG_OPTION,
    [OPTION_BOARD] = {"--board", "-b", "BOARD", "a board's name or file instead of the config's"},
    [OPTION_ORDER] = {"--order", NULL, "ORDER", "try another order of the colours, e.g. rgb"},
    [OPTION_COUNT] = {"--count", NULL, "N", "try another number of pixels, or of digits"},
    [OPTION_SECONDS] = {"--seconds", NULL, "S", "go on after S seconds instead of at Enter"},
    {0},
};

struct walk {
    bool waits;      /* for Enter */
    int64_t step_ms; /* else: so long a step */
    bool above;      /* standard output is an output's: words go above its picture */
    struct ending ending;
    bool stopped;
    bool introduced; /* it was said what Enter does */
    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame;
    struct step steps[STEPS_MAX];
};

static void say(const struct walk *walk, const char *line)
{
    if (walk->above) {
        log_line(LOG_LEVEL_INFO, "%s", line);
        return;
    }
    say_line(stdout, "%s", line);
    fflush(stdout);
}

static void say_step(struct walk *walk, const char *output, size_t index, size_t count)
{
    char line[2 * STEP_WORDS_SIZE];
    const struct step *step = &walk->steps[index];
    if (walk->waits && !walk->introduced)
        say(walk, "Enter goes on, Ctrl-C ends it; both leave the lights dark at the end.");
    walk->introduced = true;
    snprintf(line, sizeof line, "%s %zu/%zu: %s", output, index + 1, count, step->see);
    say(walk, line);
    if (step->otherwise[0] == '\0')
        return;
    snprintf(line, sizeof line, "    %s", step->otherwise);
    say(walk, line);
}

/* Waits a tick; true when Enter was pressed or there is nobody any more to press it. */
static bool wait_tick(struct walk *walk)
{
    char typed[256];
    struct pollfd waits[] = {{.fd = walk->ending.fd, .events = POLLIN},
                             {.fd = walk->waits ? STDIN_FILENO : -1, .events = POLLIN}};
    if (poll(waits, 2, TICK_MS) <= 0)
        return false;
    walk->stopped = (waits[0].revents & POLLIN) != 0;
    if (waits[1].revents == 0)
        return false;
    if (read(STDIN_FILENO, typed, sizeof typed) <= 0)
        walk->stopped = true;
    return true;
}

static int64_t length_of(const struct walk *walk, const struct step *step)
{
    int64_t once = step->runs ? (int64_t)(step->last - step->first + 1) * STEP_PIXEL_MS : 0;
    return walk->step_ms > once ? walk->step_ms : once;
}

/* The outputs' own log says that they try again, which nobody does here. False: it failed. */
static bool draw(struct walk *walk, struct outputs *outputs, int64_t now_ms)
{
    log_threshold(LOG_LEVEL_ERROR);
    walk->frame.time_ms = now_ms;
    const bool shown = outputs_show(outputs, &walk->frame, now_ms);
    outputs_update(outputs, now_ms);
    log_threshold(LOG_LEVEL_INFO);
    return shown;
}

/* Shows a step for its time, or until Enter, and says what it is once it is lit. False: the output
   failed. */
static bool play(struct walk *walk, struct outputs *outputs, const struct output_settings *output,
                 size_t index, size_t count)
{
    const struct step *step = &walk->steps[index];
    int64_t begun = clock_monotonic_ms(), now = begun;
    bool said = false, done = false;
    text_copy(walk->frame.caption, sizeof walk->frame.caption, step->see);
    while (!walk->stopped && !done) {
        step_draw(output, step, now - begun, &walk->frame);
        if (!draw(walk, outputs, now))
            return false;
        if (!said)
            say_step(walk, output->name, index, count);
        if (!said && outputs_limited(outputs))
            say(walk, "    Dimmed to what max_ma allows: set it to what the supply can give.");
        said = true;
        done = wait_tick(walk);
        now = clock_monotonic_ms();
        done = done || (!walk->waits && now - begun >= length_of(walk, step));
    }
    return true;
}

/* Dark at the end. False: it cannot be, and what is wrong was said. */
static bool darken(const struct output_settings *output, struct outputs *outputs)
{
    log_threshold(LOG_LEVEL_ERROR);
    const bool dark = outputs_darken(outputs, clock_monotonic_ms());
    const char *fault = outputs_fault(outputs);
    log_threshold(LOG_LEVEL_INFO);
    if (!dark)
        say_line(stderr, "amberbar identify: %s may still be lit: %s", output->name,
                 fault != NULL ? fault : "it cannot be darkened");
    return dark;
}

/* One output alone, so that one knows which it is. False: it failed. */
static bool walk_output(struct walk *walk, const struct output_settings *output)
{
    struct error error = {0};
    struct board alone = {.output_count = 1};
    alone.outputs[0] = *output;
    struct outputs *outputs = outputs_open(&alone, &error);
    size_t count = steps_of(output, walk->steps);
    bool fine = outputs != NULL;
    if (!fine)
        say_line(stderr, "amberbar identify: %s", error.text);
    walk->frame = (struct frame){.pixels = walk->pixels, .count = board_pixels(&alone)};
    for (size_t i = 0; fine && !walk->stopped && i < count; i++) {
        fine = play(walk, outputs, output, i, count);
        if (!fine)
            say_line(stderr, "amberbar identify: output %s: %s", output->name,
                     outputs_fault(outputs));
    }
    if (fine)
        fine = darken(output, outputs);
    else if (outputs != NULL)
        outputs_darken(outputs, clock_monotonic_ms()); /* what it can; the fault was said */
    outputs_close(outputs);
    return fine;
}

static int walk_board(struct walk *walk, struct board *board)
{
    bool fine = true;
    struct termios before, quiet;
    bool echoes = walk->waits && tcgetattr(STDIN_FILENO, &before) == 0;
    terminal_prepare(board);
    walk->above = board_writes_to_stdout(board);
    if (echoes) { /* Enter must not push the picture away */
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
        tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
    }
    for (size_t i = 0; i < board->output_count && !walk->stopped; i++)
        fine = walk_output(walk, &board->outputs[i]) && fine;
    if (echoes)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return fine ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

/* Signals end the walk instead of the program. */
static int walk_heeding_signals(struct walk *walk, struct board *board)
{
    ending_begin(&walk->ending);
    int status = walk_board(walk, board);
    return ending_end(&walk->ending, status);
}

/* Tries a value on every output that has the key. False: no output has it, or it cannot be. */
static bool try_value(struct board *board, const char *const keys[2], const char *option,
                      const char *value, struct complaints *complaints)
{
    bool found = false;
    for (size_t i = 0; value != NULL && i < board->output_count; i++) {
        struct output_settings *output = &board->outputs[i];
        const char *key = chip_field(output->chip, keys[0]) != NULL ? keys[0] : keys[1];
        if (key == NULL || chip_field(output->chip, key) == NULL)
            continue;
        found = true;
        if (!output_override(output, key, value, option, complaints))
            return false;
    }
    if (value != NULL && !found)
        complain(complaints, option, 0, 0, "no output of this board has the key '%s'; leave it out",
                 keys[0]);
    return value == NULL || found;
}

static bool read_seconds(const struct options *options, struct walk *walk,
                         struct complaints *complaints)
{
    double seconds = 0;
    const char *word = options->values[OPTION_SECONDS];
    walk->waits = word == NULL && isatty(STDIN_FILENO) == 1;
    walk->step_ms = SECONDS_MS;
    if (word == NULL)
        return true;
    if (!text_number(word, &seconds) || !(seconds > 0 && seconds <= SECONDS_MAX)) {
        complain(complaints, "--seconds", 0, 0, "it cannot be '%.*s'; write 0.1 to %.0f",
                 (int)text_fit(word, 60), word, SECONDS_MAX);
        return false;
    }
    walk->step_ms = (int64_t)(seconds * 1000);
    return true;
}

/* So that the words say how each light is driven here. */
static void settle_lights(struct board *board)
{
    struct machine machine;
    look_at(&machine, "");
    board_settle_lights(&machine, board);
    look_away(&machine);
}

static bool prepare(const struct options *options, struct board *board, struct walk *walk,
                    struct complaints *complaints)
{
    static const char *const order[2] = {"order", NULL};
    static const char *const count[2] = {"pixels", "digits"};
    settle_lights(board);
    return read_seconds(options, walk, complaints) &&
           try_value(board, order, "--order", options->values[OPTION_ORDER], complaints) &&
           try_value(board, count, "--count", options->values[OPTION_COUNT], complaints);
}

static int identify(const struct options *options, struct board *board,
                    struct complaints *complaints)
{
    static struct walk walk; /* large */
    walk = (struct walk){0};
    if (prepare(options, board, &walk, complaints))
        return walk_heeding_signals(&walk, board);
    say_lines(stderr, complaints->text.data);
    return EXIT_STATUS_USAGE;
}

static int identify_board(const struct options *options, struct complaints *complaints)
{
    struct board board;
    int status = EXIT_STATUS_USAGE;
    if (board_read_to_light(options->values[OPTION_BOARD], &board, complaints))
        status = identify(options, &board, complaints);
    else
        say_lines(stderr, complaints->text.data);
    board_free(&board);
    return status;
}

static int run_identify(const struct options *options)
{
    struct complaints complaints = {0};
    int status = EXIT_STATUS_USAGE;
    if (options->values[OPTION_BOARD] != NULL) {
        status = identify_board(options, &complaints);
    } else {
        struct config *config = load_config(options->values[OPTION_CONFIG]);
        if (config != NULL)
            status = identify(options, &config->board, &complaints);
        config_free(config);
    }
    complaints_free(&complaints);
    return status;
}

const struct command command_identify = {
    .name = "amberbar identify",
    .brief = "light each pixel, colour and digit in turn, for mounting",
    .summary = "Lights each pixel, colour, digit, segment and lamp in turn, says what one should "
               "see, and\nwhich key of the board file to change when one sees something else.\n"
               "Stop the daemon first.",
    .options = options_table,
    .run = run_identify,
};
