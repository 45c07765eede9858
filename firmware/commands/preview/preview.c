#include "base/clock.h"
#include "base/log.h"
#include "base/say.h"
#include "chips/terminal.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "commands/preview/preview_frames.h"
#include "daemon/outputs.h"
#include "daemon/terminal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SCENE_MS 4000 /* of the tour in a terminal */

enum { OPTION_CONFIG, OPTION_BOARD, OPTION_STATE, OPTION_PROGRESS, OPTION_SVG };

static const struct option_spec options_table[] = {
    {"--config", "-c", "FILE", "draw it on this config's board, with its display settings"},
    {"--board", NULL, "B", "the board to draw; default the config's, or terminal"},
    {"--state", NULL, "S", "one state, e.g. failed; default: a tour of them all"},
    {"--progress", NULL, "P", "how far its bar is, 0..1 or 0%..100%; default 43%"},
    {"--svg", NULL, "FILE", "write an SVG picture instead"},
    {0},
};

static const struct command_spec spec = {
    .program = "amberbar",
    .command = "preview",
    .summary = "Draws any state in the terminal, or as an SVG picture. Lights nothing.",
    .options = options_table,
};

/* What the tour shows of each state; the first line is the state's in the README, too. */
static const struct scene {
    const char *name;
    enum state state;
    double p, q;
    int64_t replicas;
    const char *words;
    size_t gauges; /* 0, or 1: the one that follows stands beside the bar */
    struct gauge gauge;
    int64_t lost; /* of the replicas, and calmly so; 0: none, or with alarm */
} scenes[] = {
    {"stable", STATE_STABLE, 1, 1, 12, "the newest version, everywhere", 0, {0}, 0},
    {"progressing", STATE_PROGRESSING, 0.43, 0.7, 12, "bright: serving; dim: created", 0, {0}, 0},
    {"stalled", STATE_STALLED, 0.6, 0.6, 12, "nothing has moved for ten minutes", 0, {0}, 0},
    {"failed", STATE_FAILED, 0.25, 0.5, 12, "the controller gave up", 0, {0}, 0},
    {"paused", STATE_PAUSED, 0.5, 0.5, 12, "somebody paused it", 0, {0}, 0},
    {"degraded", STATE_DEGRADED, 0.75, 1, 12, "nothing rolls, but pods are lost", 0, {0}, 0},
    {"thinned", STATE_DEGRADED, 11 / 12.0, 1, 12, "pods lost seconds ago: no alarm yet", 0, {0}, 1},
    {"scaled_to_zero",
     STATE_SCALED_TO_ZERO,
     P_NONE,
     P_NONE,
     0,
     "no replicas wanted, none there",
     0,
     {0},
     0},
    {"unknown",
     STATE_UNKNOWN,
     P_NONE,
     P_NONE,
     ROW_MISSING,
     "no answer, or none that adds up",
     0,
     {0},
     0},
    {"explained",
     STATE_PROGRESSING,
     0.43,
     0.7,
     12,
     "orange, as the rollout explains: wait",
     1,
     {.health = HEALTH_WARNING, .explained = true},
     0},
    {"warning",
     STATE_STABLE,
     1,
     1,
     12,
     "an indicator that nothing explains",
     1,
     {.health = HEALTH_WARNING},
     0},
    {"critical", STATE_STABLE, 1, 1, 12, "the same in red", 1, {.health = HEALTH_CRITICAL}, 0},
};
#define SCENE_COUNT (sizeof scenes / sizeof scenes[0])

struct preview {
    struct config *config; /* NULL: there is none */
    struct board board;
    struct board screen; /* where it is drawn: a terminal as large as the board */
    struct picture_settings picture;
    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame;
};

static struct show show_of(const struct scene *scene, int64_t now_ms)
{
    struct verdict verdict = {.state = scene->state,
                              .why = scene->state == STATE_UNKNOWN ? WHY_FETCH : WHY_ROLLOUT,
                              .p = scene->p,
                              .q = scene->q,
                              .updated = scene->replicas,
                              .available = scene->replicas - scene->lost,
                              .spec = scene->replicas,
                              .terminating = ROW_MISSING,
                              .calm = scene->lost > 0};
    struct show show;
    show_start(&show, &verdict, now_ms);
    return show;
}

static struct subject subject_of(const struct scene *scene, const struct show *show)
{
    return (struct subject){.shows = show,
                            .show_count = 1,
                            .common = show,
                            .gauges = &scene->gauge,
                            .gauge_count = scene->gauges};
}

static void draw(struct preview *preview, const struct scene *scene, const struct show *show,
                 int64_t now_ms)
{
    struct subject subject = subject_of(scene, show);
    preview->frame.pixels = preview->pixels;
    preview->frame.count = board_pixels(&preview->board);
    picture_draw(&preview->picture, &subject, board_digits(&preview->board), now_ms,
                 &preview->frame);
}

static void title_of(const struct scene *scene, char out[static 32])
{
    text_copy(out, 32, scene->name);
    for (char *at = out; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
}

static bool write_file(const char *path, const struct text *text)
{
    FILE *file = text->failed ? NULL : fopen(path, "w");
    bool fine = file != NULL && fwrite(text->data, 1, text->length, file) == text->length;
    if (file != NULL && fclose(file) != 0)
        fine = false;
    if (!fine)
        say_line(stderr, "amberbar preview: cannot write %s: %s", path, strerror(errno));
    return fine;
}

static bool add_scenes(struct preview_frames *frames, const struct scene scene_list[], size_t count,
                       struct text *svg)
{
    frames->sheet.rows = count;
    svg_begin(svg, &frames->sheet);
    for (size_t i = 0; i < count; i++) {
        char title[32];
        struct show show = show_of(&scene_list[i], 0);
        struct subject subject = subject_of(&scene_list[i], &show);
        preview_frames_add(frames, &subject);
        title_of(&scene_list[i], title);
        struct svg_row row = {title, scene_list[i].words, frames->lights, frames->moments,
                              PREVIEW_FRAMES_STEP_MS};
        svg_add(svg, &frames->sheet, i, &row);
    }
    svg_end(svg);
    return !svg->failed;
}

static int write_svg(struct preview *preview, const struct scene scene_list[], size_t count,
                     const char *path)
{
    struct text svg = {0};
    struct preview_frames frames;
    bool fine = preview_frames_open(&frames, &preview->board, &preview->picture) &&
                add_scenes(&frames, scene_list, count, &svg);
    if (!fine)
        say_line(stderr, "amberbar preview: not enough memory");
    fine = fine && write_file(path, &svg);
    preview_frames_close(&frames);
    text_free(&svg);
    return fine ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

/* Plays one state for SCENE_MS; without a terminal one line says it, or nothing will. A terminal
   may be stopped for a while. */
static bool play(struct preview *preview, struct outputs *outputs, const struct scene *scene)
{
    int64_t begun = clock_monotonic_ms();
    struct show show = show_of(scene, begun);
    bool moves = isatty(STDOUT_FILENO) == 1;
    for (int64_t now = begun; now - begun < SCENE_MS; now = clock_monotonic_ms()) {
        char title[32];
        draw(preview, scene, &show, now);
        title_of(scene, title);
        snprintf(preview->frame.caption, sizeof preview->frame.caption, "%s: %s", title,
                 scene->words);
        bool shown = outputs_show(outputs, &preview->frame, now);
        if (!moves)
            return shown;
        nanosleep(&(struct timespec){.tv_nsec = PICTURE_FRAME_MS * 1000000L}, NULL);
    }
    return true;
}

static int tour(struct preview *preview, const struct scene scene_list[], size_t count)
{
    struct error error = {0};
    log_threshold(LOG_LEVEL_ERROR); /* one sentence says what fails */
    terminal_prepare(&preview->screen);
    struct outputs *outputs = outputs_open(&preview->screen, &error);
    if (outputs == NULL) {
        say_line(stderr, "amberbar preview: %s", error.text);
        return EXIT_STATUS_FAULT;
    }
    bool shown = true;
    for (size_t i = 0; shown && i < count; i++)
        shown = play(preview, outputs, &scene_list[i]);
    shown = shown && outputs_darken(outputs, clock_monotonic_ms());
    if (!shown)
        say_line(stderr, "amberbar preview: %s", outputs_fault(outputs));
    outputs_close(outputs);
    return shown ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

/* The state named, with the progress asked for. False: a sentence was printed. */
static bool find_scene(const struct options *options, struct scene *scene)
{
    const char *names[SCENE_COUNT];
    const char *word = options->values[OPTION_STATE];
    for (size_t i = 0; i < SCENE_COUNT; i++) {
        names[i] = scenes[i].name;
        if (strcmp(names[i], word) != 0)
            continue;
        *scene = scenes[i];
        return true;
    }
    const char *near = text_suggest(word, names, SCENE_COUNT);
    struct text line = {0};
    for (size_t i = 0; i < SCENE_COUNT; i++)
        text_addf(&line, "%s %s", i > 0 ? "," : "", names[i]);
    say_line(stderr, "amberbar preview: there is no state '%s'%s%s%s the states are%s", word,
             near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?" : ";", line.failed ? "" : line.data);
    text_free(&line);
    return false;
}

static bool set_progress(const char *word, struct scene *scene)
{
    char number[32];
    double value;
    bool percent = word[0] != '\0' && word[strlen(word) - 1] == '%';
    bool fits = text_copy(number, sizeof number, word);
    if (fits && percent)
        number[strlen(number) - 1] = '\0';
    if (!fits || !text_number(number, &value) || !(value >= 0 && value <= (percent ? 100 : 1))) {
        say_line(stderr, "amberbar preview: '%s' is no progress; write 0.43 or 43%%", word);
        return false;
    }
    value = percent ? value / 100 : value;
    if (isnan(scene->p) || scene->state == STATE_STABLE)
        return true; /* a state that has no bar */
    scene->p = value;
    if (scene->lost > 0) {
        int64_t left = (int64_t)(value * (double)scene->replicas);
        scene->lost = left < scene->replicas ? scene->replicas - left : 1;
    }
    scene->q = value > scene->q ? value : scene->q;
    return true;
}

static bool read_board(const char *name, struct board *board)
{
    struct complaints complaints = {0};
    bool fine = board_read(name, ".", board, &complaints);
    if (!fine)
        say_lines(stderr, complaints.text.data);
    complaints_free(&complaints);
    return fine;
}

/* A board that writes to standard output draws itself; any other is drawn, and stays dark. */
static bool make_screen(struct preview *preview, const char *name)
{
    if (preview->board.outputs[0].bus.kind == BUS_FILE)
        return read_board(name, &preview->screen);
    if (!read_board("terminal", &preview->screen))
        return false;
    struct terminal_settings *screen = preview->screen.outputs[0].chip_settings;
    screen->pixels = (int64_t)board_pixels(&preview->board);
    screen->digits = (int64_t)board_digits(&preview->board);
    return true;
}

/* The config, the board and the screen that the options ask for. False: it was said what is wrong.
 */
static bool prepare(struct preview *preview, const struct options *options)
{
    const char *config = options->values[OPTION_CONFIG], *board = options->values[OPTION_BOARD];
    preview->picture = (struct picture_settings){.brightness = 1};
    if (config != NULL) {
        preview->config = load_config(config);
        if (preview->config == NULL)
            return false;
        preview->picture = preview->config->picture;
        board = board != NULL ? board : preview->config->board.path;
    }
    board = board != NULL ? board : "terminal";
    if (!read_board(board, &preview->board))
        return false;
    board_fit_picture(&preview->board, &preview->picture);
    return make_screen(preview, board);
}

int command_preview(int argc, char **argv)
{
    static struct preview preview; /* large */
    struct options options;
    enum options_result result = options_read(&spec, argc, argv, &options);
    if (result != OPTIONS_FINE)
        return options_status(result);
    struct scene one = scenes[1];
    if (options.values[OPTION_STATE] != NULL && !find_scene(&options, &one))
        return EXIT_STATUS_USAGE;
    bool single = options.values[OPTION_STATE] != NULL || options.values[OPTION_PROGRESS] != NULL;
    if (options.values[OPTION_PROGRESS] != NULL &&
        !set_progress(options.values[OPTION_PROGRESS], &one))
        return EXIT_STATUS_USAGE;

    bool fine = prepare(&preview, &options);
    const struct scene *first = single ? &one : scenes;
    size_t count = single ? 1 : SCENE_COUNT;
    int status = EXIT_STATUS_USAGE;
    if (fine && options.values[OPTION_SVG] != NULL)
        status = write_svg(&preview, first, count, options.values[OPTION_SVG]);
    else if (fine)
        status = tour(&preview, first, count);
    board_free(&preview.screen);
    board_free(&preview.board);
    config_free(preview.config);
    return status;
}
