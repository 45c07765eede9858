/* `amberbar preview` */
#include "base/clock.h"
#include "base/ending.h"
#include "base/log.h"
#include "base/say.h"
#include "chips/terminal.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "commands/common/view.h"
#include "commands/preview/preview_frames.h"
#include "commands/preview/scenes.h"
#include "daemon/outputs.h"
#include "daemon/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SCENE_MS 4000 /* of the tour in a terminal */

enum { OPTION_CONFIG, OPTION_BOARD, OPTION_STATE, OPTION_PROGRESS, OPTION_SVG };

static const struct option_spec options_table[] = {
    {"--config", "-c", "FILE", "draw it on this config's board, with its display settings"},
    {"--board", NULL, "B", "the board to draw; default the config's, or terminal"},
    {"--state", NULL, "S", "one state, e.g. failed; default: a tour of them all"},
    {"--progress", NULL, "P", "how far its bar is, 0..1 or 0%..100%; default 43%"},
    {"--svg", NULL, "FILE", "write an SVG picture instead; -: to standard output"},
    {0},
};

struct preview {
    struct config *config; /* NULL: there is none */
    struct board board;
    struct board screen; /* where it is drawn: a terminal as large as the board */
    struct picture_settings picture;
    struct view view;
    struct ending ending;
    bool ended; /* by a signal: the terminal is left as it was */
    struct pixel pixels[FRAME_PIXELS_MAX], seen[FRAME_PIXELS_MAX];
    struct frame frame;
};

static void draw(struct preview *preview, const struct scene *scene, const struct show *show,
                 int64_t now_ms)
{
    struct subject subject = scene_subject(scene, show);
    preview->frame.pixels = preview->pixels;
    preview->frame.count = board_pixels(&preview->board);
    picture_draw(&preview->picture, &subject, board_digits(&preview->board), now_ms,
                 &preview->frame);
    view_see(&preview->view, &preview->frame, preview->seen);
    preview->frame.pixels = preview->seen;
    preview->frame.count = preview->view.lights;
}

#define TO_STDOUT "-"

static bool write_file(const char *path, const struct text *text)
{
    const bool is_stdout = strcmp(path, TO_STDOUT) == 0;
    FILE *file = text->failed ? NULL : is_stdout ? stdout : fopen(path, "w");
    bool fine = file != NULL && fwrite(text->data, 1, text->length, file) == text->length;
    if (file != NULL && (is_stdout ? fflush(file) : fclose(file)) != 0)
        fine = false;
    if (!fine)
        say_line(stderr, "amberbar preview: cannot write %s: %s",
                 is_stdout ? "to standard output" : path, strerror(errno));
    return fine;
}

static bool add_scenes(struct preview_frames *frames, const struct scene scene_list[], size_t count,
                       struct text *svg)
{
    frames->sheet.rows = count;
    svg_begin(svg, &frames->sheet);
    for (size_t i = 0; i < count; i++) {
        char title[SCENE_TITLE_SIZE];
        struct show show = scene_show(&scene_list[i], 0);
        struct subject subject = scene_subject(&scene_list[i], &show);
        preview_frames_add(frames, &subject);
        scene_title(&scene_list[i], title);
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
    struct show show = scene_show(scene, begun);
    bool moves = isatty(STDOUT_FILENO) == 1;
    for (int64_t now = begun; !preview->ended && now - begun < SCENE_MS;
         now = clock_monotonic_ms()) {
        char title[SCENE_TITLE_SIZE];
        draw(preview, scene, &show, now);
        scene_title(scene, title);
        snprintf(preview->frame.caption, sizeof preview->frame.caption, "%s: %s", title,
                 scene->words);
        bool shown = outputs_show(outputs, &preview->frame, now);
        if (!moves)
            return shown;
        preview->ended = ending_wait(&preview->ending, PICTURE_FRAME_MS);
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
    for (size_t i = 0; shown && !preview->ended && i < count; i++)
        shown = play(preview, outputs, &scene_list[i]);
    shown = shown && outputs_darken(outputs, clock_monotonic_ms());
    if (!shown)
        say_line(stderr, "amberbar preview: %s", outputs_fault(outputs));
    outputs_close(outputs);
    return shown ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

static int tour_heeding_signals(struct preview *preview, const struct scene scene_list[],
                                size_t count)
{
    ending_begin(&preview->ending);
    return ending_end(&preview->ending, tour(preview, scene_list, count));
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
    screen->pixels = (int64_t)preview->view.lights;
    screen->digits = (int64_t)preview->view.digits;
    screen->per_row = (int64_t)preview->view.width;
    return true;
}

/* The config, the board and the screen that the options ask for. False: it was said what is wrong.
 */
static bool prepare(struct preview *preview, const struct options *options)
{
    const char *config = options->values[OPTION_CONFIG], *board = options->values[OPTION_BOARD];
    preview->picture = picture_usual(1);
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
    preview->view = view_of(&preview->board, preview->picture.width);
    return make_screen(preview, board);
}

static int run_preview(const struct options *options)
{
    static struct preview preview; /* large */
    struct scene scenes[SCENE_COUNT], one = scene_of(STATE_PROGRESSING);
    scenes_make(scenes);
    if (options->values[OPTION_STATE] != NULL &&
        !scene_find("preview", options->values[OPTION_STATE], &one))
        return EXIT_STATUS_USAGE;
    bool single = options->values[OPTION_STATE] != NULL || options->values[OPTION_PROGRESS] != NULL;
    if (options->values[OPTION_PROGRESS] != NULL &&
        !scene_progress("preview", options->values[OPTION_PROGRESS], &one))
        return EXIT_STATUS_USAGE;

    bool fine = prepare(&preview, options);
    const struct scene *first = single ? &one : scenes;
    size_t count = single ? 1 : SCENE_COUNT;
    int status = EXIT_STATUS_USAGE;
    if (fine && options->values[OPTION_SVG] != NULL)
        status = write_svg(&preview, first, count, options->values[OPTION_SVG]);
    else if (fine)
        status = tour_heeding_signals(&preview, first, count);
    board_free(&preview.screen);
    board_free(&preview.board);
    config_free(preview.config);
    return status;
}

const struct command command_preview = {
    .name = "amberbar preview",
    .brief = "draw any state in the terminal or as an SVG picture",
    .summary = "Draws any state in the terminal, or as an SVG picture. Lights nothing.",
    .options = options_table,
    .run = run_preview,
};
