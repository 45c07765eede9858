#include "commands/preview/preview_frames.h"

#include "chips/segments.h"

#include <stdlib.h>
#include <string.h>

#define BEGIN_MS                                                                     \
    48000 /* a whole number of every motion's period, which then is at its brightest \
           */

/* How long motions take until all is as it was. */
static const int64_t loops_ms[] = {1000, 1600, 2000, 2400, 4000, 8000};

bool preview_frames_open(struct preview_frames *frames, const struct board *board,
                         const struct picture_settings *picture)
{
    *frames = (struct preview_frames){
        .board = board, .picture = picture, .view = view_of(board, picture->width)};
    frames->sheet.pixels = frames->view.lights;
    frames->sheet.width = frames->view.width;
    frames->sheet.digits = frames->view.digits;
    frames->lights = calloc(PREVIEW_FRAMES_MOMENTS_MAX * (svg_lights(&frames->sheet) + 1),
                            sizeof *frames->lights);
    return frames->lights != NULL;
}

void preview_frames_close(struct preview_frames *frames)
{
    free(frames->lights);
    frames->lights = NULL;
}

static void take_digits(const struct svg_sheet *sheet, const struct frame *frame,
                        struct srgb lights[])
{
    uint8_t digits[SEGMENTS_DIGITS_MAX];
    uint16_t left = (uint16_t)(UINT16_MAX - frame->text_dimmed);
    struct srgb white = pixel_to_srgb((struct pixel){left, left, left});
    segments_text(frame->text, digits, sheet->digits);
    for (size_t i = 0; i < sheet->digits * SVG_SEGMENTS; i++) {
        bool lit = (digits[i / SVG_SEGMENTS] >> i % SVG_SEGMENTS & 1) != 0;
        lights[i] = lit ? white : (struct srgb){0, 0, 0};
    }
}

static void take(const struct preview_frames *frames, const struct subject *subject, int64_t at_ms,
                 struct srgb lights[])
{
    struct pixel pixels[FRAME_PIXELS_MAX], seen[FRAME_PIXELS_MAX];
    struct frame frame = {.pixels = pixels, .count = board_pixels(frames->board)};
    picture_draw(frames->picture, subject, board_digits(frames->board), BEGIN_MS + at_ms, &frame);
    view_see(&frames->view, &frame, seen);
    for (size_t i = 0; i < frames->sheet.pixels; i++)
        lights[i] = pixel_to_srgb(seen[i]);
    take_digits(&frames->sheet, &frame, lights + frames->sheet.pixels);
}

/* The film's beginning is repeated after `moments` of it. */
static bool repeats(const struct preview_frames *frames, size_t moments)
{
    size_t count = svg_lights(&frames->sheet);
    const struct srgb *again = frames->lights + moments * count;
    return memcmp(frames->lights, again,
                  (PREVIEW_FRAMES_MOMENTS_MAX - moments) * count * sizeof *again) == 0;
}

void preview_frames_add(struct preview_frames *frames, const struct subject *subject)
{
    size_t count = svg_lights(&frames->sheet);
    for (size_t i = 0; i < PREVIEW_FRAMES_MOMENTS_MAX; i++)
        take(frames, subject, (int64_t)i * PREVIEW_FRAMES_STEP_MS, frames->lights + i * count);
    frames->moments = 1;
    if (repeats(frames, 1))
        return;
    frames->moments = PREVIEW_FRAMES_MOMENTS_MAX;
    for (size_t i = 0; i < sizeof loops_ms / sizeof loops_ms[0]; i++) {
        size_t moments = (size_t)(loops_ms[i] / PREVIEW_FRAMES_STEP_MS);
        if (moments < frames->moments && repeats(frames, moments))
            frames->moments = moments;
    }
}
