/*
 * What `identify` shows of an output, step by step, and what one should see. Each step lights what
 * tells one mistake of a board file from the others.
 */
#ifndef AMBERBAR_COMMANDS_IDENTIFY_STEPS_H
#define AMBERBAR_COMMANDS_IDENTIFY_STEPS_H

#include "config/config.h"

#define STEPS_MAX 64
#define STEP_WORDS_SIZE 256

struct step {
    char see[STEP_WORDS_SIZE];       /* "pixel 0, the first, is white" */
    char otherwise[STEP_WORDS_SIZE]; /* what to change when one sees something else */
    struct pixel light;              /* of the output's pixels `first` to `last` */
    size_t first, last;
    bool runs;                  /* one pixel after the other instead of all at once */
    char text[FRAME_TEXT_SIZE]; /* for digits */
};

/* The steps of an output in their order; how many. */
size_t steps_of(const struct output_settings *output, struct step steps[static STEPS_MAX]);

#define STEP_PIXEL_MS 40 /* of a step that runs, per pixel */

/* The frame of a step, `elapsed_ms` after it began; `frame` has its pixels and their count. */
void step_draw(const struct output_settings *output, const struct step *step, int64_t elapsed_ms,
               struct frame *frame);

#endif
