/*
 * States as displays of few lights are given them, and pictures of those that one can read: a file
 * of walls/ a display, "what it is" and its lights below, '.' dark.
 */
#ifndef AMBERBAR_TESTS_SCENES_H
#define AMBERBAR_TESTS_SCENES_H

#include "chips/chip.h"

#include <stddef.h>

#define SCENES 16
#define SCENES_TEXT_SIZE 16384

extern const char *const scene_sentences[SCENES];

/* What a display of `pixels` and `digits` is given by day. The pixels are good until the next. */
struct frame scene_frame(size_t index, size_t pixels, size_t digits);

/* The same of a rollout that has come to `p` and created all. */
struct frame scene_progress(double p, int64_t at_ms, size_t pixels, size_t digits);

/* Adds one scene's picture, whose lines each end with a line break. */
void scenes_add(char text[static SCENES_TEXT_SIZE], size_t index, const char *picture);

/*
 * Fails unless the chip's face looks like the wall that was read off its wire: R, A, G, L, B, M, W
 * by colour, '#' lit. What the wall has below the face's rows (digits) is not looked at.
 */
void scenes_expect_face(const struct chip *chip, const void *settings, const struct frame *frame,
                        const char *wall);

/* Fails, with all that differs, unless the file holds just this. */
void scenes_expect(const char *path, const char *text);

#endif
