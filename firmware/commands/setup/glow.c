#include "commands/setup/glow.h"

#include "base/clock.h"

#define DIM 16384          /* of 65535: it does not hurt at arm's length */
#define STEP_SHOWN_MS 1500 /* relays take one second */

/* Of the output's part of the frame. */
static void paint(struct glow *glow, size_t first, size_t last, struct pixel light)
{
    for (size_t i = first; i <= last; i++)
        if ((size_t)glow->output->from + i < glow->frame.count)
            glow->frame.pixels[(size_t)glow->output->from + i] = light;
}

static void draw_ends(struct glow *glow)
{
    const size_t count = output_pixels(glow->output);
    picture_blank(&glow->frame);
    if (count == 0)
        return;
    paint(glow, 0, count - 1, (struct pixel){0, 0, DIM});
    paint(glow, count - 1, count - 1, (struct pixel){0, DIM, 0});
    paint(glow, 0, 0, (struct pixel){DIM, 0, 0});
}

static void draw_all(struct glow *glow, struct pixel light)
{
    struct step step = {.light = light, .first = 0, .last = output_pixels(glow->output)};
    if (step.last == 0)
        return;
    step.last--;
    step_draw(glow->output, &step, 0, &glow->frame);
}

static void draw_step(struct glow *glow, int64_t elapsed_ms)
{
    if (glow->step_count == 0)
        return;
    const int64_t turn = elapsed_ms / STEP_SHOWN_MS;
    step_draw(glow->output, &glow->steps[(size_t)turn % glow->step_count],
              elapsed_ms % STEP_SHOWN_MS, &glow->frame);
}

static void draw_stable(struct glow *glow, int64_t now_ms)
{
    struct picture_settings picture = picture_usual(glow->brightness);
    const struct verdict verdict = {
        .state = STATE_STABLE, .p = 1, .q = 1, .spec = 1, .available = 1};
    struct show show;
    board_fit_picture(glow->board, &picture);
    show_start(&show, &verdict, glow->begun_ms);
    const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
    picture_draw(&picture, &subject, board_digits(glow->board), now_ms, &glow->frame);
}

static void draw(struct glow *glow, int64_t now_ms)
{
    switch (glow->scene) {
    case SCENE_DARK:
        picture_blank(&glow->frame);
        return;
    case SCENE_ENDS:
        draw_ends(glow);
        return;
    case SCENE_RED:
        draw_all(glow, (struct pixel){DIM, 0, 0});
        return;
    case SCENE_GREEN:
        draw_all(glow, (struct pixel){0, DIM, 0});
        return;
    case SCENE_WALK:
        draw_step(glow, now_ms - glow->begun_ms);
        return;
    case SCENE_STABLE:
        draw_stable(glow, now_ms);
        return;
    }
}

static bool redraw(struct glow *glow)
{
    const int64_t now_ms = clock_monotonic_ms();
    draw(glow, now_ms);
    glow->frame.time_ms = now_ms;
    return outputs_show(glow->outputs, &glow->frame, now_ms);
}

void glow_tick(void *what)
{
    struct glow *glow = what;
    if (glow->outputs == NULL)
        return;
    (void)redraw(glow);
    outputs_update(glow->outputs, clock_monotonic_ms());
}

void glow_show(struct glow *glow, enum scene scene)
{
    glow->scene = scene;
    glow->begun_ms = clock_monotonic_ms();
    glow_tick(glow);
}

bool glow_open(struct glow *glow, struct board *board, const struct output_settings *output,
               enum scene scene, struct error *error)
{
    glow_close(glow);
    *glow = (struct glow){.board = board, .output = output, .scene = scene};
    glow->brightness = 1;
    glow->begun_ms = clock_monotonic_ms();
    glow->frame = (struct frame){.pixels = glow->pixels, .count = board_pixels(board)};
    glow->step_count = steps_of(output, glow->steps);
    glow->outputs = outputs_open(board, error);
    if (glow->outputs == NULL)
        return false;
    if (redraw(glow))
        return true;
    const char *fault = outputs_fault(glow->outputs);
    error_set(error, "%s", fault != NULL ? fault : "the lights cannot be lit");
    glow_close(glow);
    return false;
}

void glow_close(struct glow *glow)
{
    if (glow->outputs != NULL)
        outputs_darken(glow->outputs, clock_monotonic_ms());
    outputs_close(glow->outputs);
    glow->outputs = NULL;
}
