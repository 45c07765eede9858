/*
 * A show in a few characters, for digits, and in words.
 */
#ifndef AMBERBAR_PICTURE_WORDS_H
#define AMBERBAR_PICTURE_WORDS_H

#include "picture/picture.h"

/*
 * At most `digits` characters: the percentage while rolling (99 until it is done; on one digit its
 * tens), a count of replicas when stable, a word else. "" without digits.
 */
void words_digits(const struct show *show, size_t digits, int64_t now_ms,
                  char text[static FRAME_TEXT_SIZE]);

/* The same of an indicator: a word, or "" where what is there may stay. */
void words_gauge(const struct gauge *gauge, size_t digits, char text[static FRAME_TEXT_SIZE]);

/* True while the digits of the next frame may differ: a percentage that glides. */
bool words_move(const struct show *show, int64_t now_ms);

/* One line, e.g. "progressing 42 %: pods of the new template are coming". */
void words_caption(const struct show *show, char caption[static FRAME_CAPTION_SIZE]);

#endif
