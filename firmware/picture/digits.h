/*
 * A show in a few characters, for digits.
 */
#ifndef AMBERBAR_PICTURE_DIGITS_H
#define AMBERBAR_PICTURE_DIGITS_H

#include "picture/picture.h"

#define DIGITS_TURN_MS 4000 /* of each rollout, when several move: its name first, ... */
#define DIGITS_NAME_MS 1200 /* ... so long, then its percentage */
#define DIGITS_LEFT_MS 2000 /* of each in turn: the percentage, and the time that is left */
#define DIGITS_SIGN_MS 500  /* of each of the two signs of life */

struct digits_style {
    size_t digits;
    bool alone;    /* no pixels beside them: life and meaning are theirs to show */
    bool still;    /* no motion */
    bool rippling; /* an answered poll's ripple */
};

/*
 * At most `digits` characters: the percentage while rolling (99 until it is done; on one digit its
 * tens), in turn with the time that is left where that is known and has room ("4m", "2h"), a count
 * of replicas when stable, "-1" when one of them is lost and that is shown calmly
 * (look_of_verdict()), a word else. "" without digits. Of several rollouts that
 * move, each in turn has its name, cut, and its percentage, and then its time. Alone, a percentage
 * is told from a count by a sign of life before it (or a dot behind it, where there is no room).
 *
 * Returns the milliseconds until they can differ, or PICTURE_STILL.
 */
int64_t digits_of(const struct subject *subject, const struct digits_style *style, int64_t now_ms,
                  char text[static FRAME_TEXT_SIZE]);

/* The same of an indicator: a word, or "" where what is there may stay. */
void digits_of_gauge(const struct gauge *gauge, size_t digits, char text[static FRAME_TEXT_SIZE]);

#endif
