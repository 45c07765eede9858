/*
 * Shows every state, or one, on the lights themselves.
 */
#include "base/clock.h"
#include "base/ending.h"
#include "base/log.h"
#include "base/say.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "commands/common/running.h"
#include "commands/preview/scenes.h"
#include "daemon/outputs.h"
#include "daemon/terminal.h"

#include <stdio.h>
#include <string.h>

#define SCENE_MS \
    5000 /* of the tour: longer than any motion but the ripple takes to be understood */
#define SECONDS_MAX 3600.0

enum { OPTION_CONFIG, OPTION_BOARD, OPTION_STATE, OPTION_PROGRESS, OPTION_SECONDS };

static const struct option_spec options_table[] = {
    [OPTION_CONFIG] = CONFIG_OPTION,
    [OPTION_BOARD] = {"--board", "-b", "BOARD", "a board's name or file instead of the config's"},
    [OPTION_STATE] = {"--state", NULL, "S", "one state, e.g. failed; default: one after the other"},
    [OPTION_PROGRESS] = {"--progress", NULL, "P",
                         "how far its bar is, 0..1 or 0%..100%; default 43%"},
    [OPTION_SECONDS] = {"--seconds", NULL, "S",
                        "how long each is shown; default 5, and one alone until Ctrl-C"},
    {0},
};

struct trial {
    struct config *config; /* NULL: --board alone */
    struct board own, *board;
    struct picture_settings picture;
    int64_t scene_ms; /* INT64_MAX: until it is stopped */
    struct ending ending;
    bool stopped;
    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame;
};

/* In the picture's own caption where standard output is the picture's. */
static void say_scene(struct trial *trial, const struct scene *scene)
{
    char title[SCENE_TITLE_SIZE];
    scene_title(scene, title);
    snprintf(trial->frame.caption, sizeof trial->frame.caption, "%s: %s", title, scene->words);
    if (board_writes_to_stdout(trial->board))
        return;
    say_line(stdout, "%s", trial->frame.caption);
    fflush(stdout);
}

static bool draw(struct trial *trial, struct outputs *outputs, const struct scene *scene,
                 const struct show *show)
{
    int64_t now = clock_monotonic_ms();
    struct subject subject = scene_subject(scene, show);
    trial->frame.time_ms = now;
    picture_draw(&trial->picture, &subject, board_digits(trial->board), now, &trial->frame);
    bool shown = outputs_show(outputs, &trial->frame, now);
    outputs_update(outputs, now);
    return shown;
}

/* False: the lights failed. */
static bool play(struct trial *trial, struct outputs *outputs, const struct scene *scene)
{
    int64_t begun = clock_monotonic_ms();
    struct show show = scene_show(scene, begun);
    say_scene(trial, scene);
    do {
        if (!draw(trial, outputs, scene, &show))
            return false;
        trial->stopped = ending_wait(&trial->ending, PICTURE_FRAME_MS);
    } while (!trial->stopped && clock_monotonic_ms() - begun < trial->scene_ms);
    return true;
}

static int show_scenes(struct trial *trial, const struct scene scene_list[], size_t count)
{
    struct error error = {0};
    log_threshold(LOG_LEVEL_ERROR); /* one sentence says what fails */
    terminal_prepare(trial->board);
    struct outputs *outputs = outputs_open(trial->board, &error);
    if (outputs == NULL) {
        say_line(stderr, "amberbar try: %s", error.text);
        return EXIT_STATUS_FAULT;
    }
    trial->frame = (struct frame){.pixels = trial->pixels, .count = board_pixels(trial->board)};
    bool shown = true;
    for (size_t i = 0; shown && !trial->stopped && i < count; i++)
        shown = play(trial, outputs, &scene_list[i]);
    if (!shown) /* the others may be lit */
        say_line(stderr, "amberbar try: %s", outputs_fault(outputs));
    bool dark = outputs_darken(outputs, clock_monotonic_ms());
    if (shown && !dark)
        say_line(stderr, "amberbar try: the lights may still be lit: %s", outputs_fault(outputs));
    shown = shown && dark;
    outputs_close(outputs);
    return shown ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

/* Signals end what is shown instead of the program, which darkens first. */
static int show_heeding_signals(struct trial *trial, const struct scene scene_list[], size_t count)
{
    ending_begin(&trial->ending);
    int status = show_scenes(trial, scene_list, count);
    return ending_end(&trial->ending, status);
}

static bool read_seconds(const char *word, struct trial *trial)
{
    double seconds;
    if (word == NULL)
        return true;
    if (!text_number(word, &seconds) || !(seconds > 0 && seconds <= SECONDS_MAX)) {
        say_line(stderr, "amberbar try: --seconds cannot be '%.*s'; write 0.1 to %.0f",
                 (int)text_fit(word, 60), word, SECONDS_MAX);
        return false;
    }
    trial->scene_ms = (int64_t)(seconds * 1000);
    return true;
}

static bool read_board(const char *name, struct trial *trial)
{
    struct complaints complaints = {0};
    bool fine = board_read_to_light(name, &trial->own, &complaints);
    if (!fine)
        say_lines(stderr, complaints.text.data);
    complaints_free(&complaints);
    trial->board = &trial->own;
    trial->picture = picture_usual(1);
    board_fit_picture(trial->board, &trial->picture);
    return fine;
}

/* The lights, with the config's display settings where they are the config's. False: it was said
   what is wrong. */
static bool prepare(struct trial *trial, const struct options *options)
{
    if (options->values[OPTION_BOARD] != NULL)
        return read_board(options->values[OPTION_BOARD], trial);
    trial->config = load_config(options->values[OPTION_CONFIG]);
    if (trial->config == NULL)
        return false;
    trial->board = &trial->config->board;
    trial->picture = trial->config->picture;
    board_fit_picture(trial->board, &trial->picture);
    return true;
}

static int try_scenes(struct trial *trial, const struct options *options, struct scene *one)
{
    bool single = options->values[OPTION_STATE] != NULL || options->values[OPTION_PROGRESS] != NULL;
    trial->scene_ms = single ? INT64_MAX : SCENE_MS;
    if (!read_seconds(options->values[OPTION_SECONDS], trial) || !prepare(trial, options))
        return EXIT_STATUS_USAGE;
    if (!board_writes_to_stdout(trial->board) && running_refuses("try"))
        return EXIT_STATUS_FAULT;
    if (!board_writes_to_stdout(trial->board))
        say_line(stdout, "Ctrl-C ends it; the lights are dark then.");
    struct scene scenes[SCENE_COUNT];
    scenes_make(scenes);
    return show_heeding_signals(trial, single ? one : scenes, single ? 1 : SCENE_COUNT);
}

static int run_try(const struct options *options)
{
    static struct trial trial; /* large */
    struct scene one = scene_of(STATE_PROGRESSING);
    const char *state = options->values[OPTION_STATE];
    const char *progress = options->values[OPTION_PROGRESS];
    if ((state != NULL && !scene_find("try", state, &one)) ||
        (progress != NULL && !scene_progress("try", progress, &one)))
        return EXIT_STATUS_USAGE;
    int status = try_scenes(&trial, options, &one);
    board_free(&trial.own);
    config_free(trial.config);
    return status;
}

const struct command command_try = {
    .name = "amberbar try",
    .brief = "show any state on the lights themselves",
    .summary = "Shows every state, one after the other, on the lights of the config, as bright as "
               "they are by\nday; or one of them. Asks no Prometheus. Ends dark. Beside a daemon "
               "that drives the lights\nit refuses; `amberbar preview` draws in the terminal.",
    .options = options_table,
    .run = run_try,
};
