#include "commands/preview/preview_frames.h"

#include "chips/lamps.h"
#include "chips/segments.h"

#include <stdlib.h>
#include <string.h>

#define BEGIN_MS                                                                     \
    48000 /* a whole number of every motion's period, which then is at its brightest \
           */

/* How long motions take until all is as it was. */
static const int64_t loops_ms[] = {1000, 1600, 2000, 2400, 4000, 8000};

/* A board that has lamps and no pixels beside them. */
static const struct lamps_settings *lamps_of(const struct board *board)
{
    const struct output_settings *first = &board->outputs[0];
    bool lamps =
        board->output_count == 1 && (first->chip == &chip_lamps || first->chip == &chip_sysfs_led);
    return lamps ? first->chip_settings : NULL;
}

bool preview_frames_open(struct preview_frames *frames, const struct board *board,
                         const struct picture_settings *picture)
{
    const struct lamps_settings *lamps = lamps_of(board);
    *frames = (struct preview_frames){.board = board, .picture = picture};
    frames->sheet.pixels = lamps != NULL ? (size_t)lamps->count : board_pixels(board);
    frames->sheet.width = picture->width;
    frames->sheet.digits = board_digits(board);
    frames->lights = calloc(PREVIEW_FRAMES_MOMENTS_MAX * (svg_lights(&frames->sheet) + 1),
                            sizeof *frames->lights);
    return frames->lights != NULL;
}

void preview_frames_close(struct preview_frames *frames)
{
    free(frames->lights);
    frames->lights = NULL;
}

/* Each lamp in its own colour, when it is on. */
static void take_lamps(const struct lamps_settings *lamps, const struct frame *frame,
                       struct srgb lights[])
{
    static const struct srgb colours[] = {[LAMP_RED] = {255, 40, 30},
                                          [LAMP_AMBER] = {255, 170, 0},
                                          [LAMP_GREEN] = {0, 200, 90},
                                          [LAMP_BLUE] = {60, 140, 255},
                                          [LAMP_WHITE] = {240, 235, 225}};
    uint8_t bytes[LAMPS_MAX];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    chip_lamps.encode(lamps, frame, false, &wire);
    for (int64_t i = 0; i < lamps->count; i++)
        lights[i] = bytes[i] != 0 ? colours[lamps->lamps[i].colour] : (struct srgb){0, 0, 0};
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
    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame = {.pixels = pixels, .count = board_pixels(frames->board)};
    const struct lamps_settings *lamps = lamps_of(frames->board);
    picture_draw(frames->picture, subject, frames->sheet.digits, BEGIN_MS + at_ms, &frame);
    for (size_t i = 0; lamps == NULL && i < frames->sheet.pixels; i++)
        lights[i] = pixel_to_srgb(pixels[i]);
    if (lamps != NULL)
        take_lamps(lamps, &frame, lights);
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
