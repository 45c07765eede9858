/*
 * Verdicts to light. Pure: everything that is shown at a moment follows from the settings, from
 * what the caller remembers in struct show, and from the time.
 */
#ifndef AMBERBAR_PICTURE_PICTURE_H
#define AMBERBAR_PICTURE_PICTURE_H

#include "picture/frame.h"
#include "rollout/verdict.h"

#include <stdbool.h>

#define PICTURE_SEGMENTS_MAX 32
#define PICTURE_EASE_MS 600   /* a bar glides to its new length in this time */
#define PICTURE_SWEEP_MS 1600 /* the finishing sweep */
#define PICTURE_FRAME_MS 40   /* 25 frames a second while something moves */
#define PICTURE_STILL -1      /* picture_draw(): nothing moves until a show changes */

/* What one rollout shows, and how it got there. Made by show_start(), changed by show_update(). */
struct show {
    struct verdict verdict;
    bool dimmed;           /* the last poll failed: the verdict before it, visibly dimmed */
    int64_t since_ms;      /* when the state last changed */
    double p_from, q_from; /* levels at changed_ms, from which the bar eases to verdict.p, .q */
    int64_t changed_ms;
    int64_t finished_ms; /* when a bar last became full after progressing; INT64_MIN: never */
};

void show_start(struct show *show, const struct verdict *verdict, int64_t now_ms);
void show_update(struct show *show, const struct verdict *verdict, bool dimmed, int64_t now_ms);

/* What a segment of the strip shows. */
enum segment_source { SEGMENT_ROLLOUT, SEGMENT_ROLLOUTS, SEGMENT_SUMMARY };

struct segment {
    size_t first, count; /* pixels */
    enum segment_source source;
    size_t index; /* SEGMENT_ROLLOUT: of shows[] */
};

struct picture_settings {
    double brightness; /* 0..1, perceived */
    struct segment segments[PICTURE_SEGMENTS_MAX];
    size_t segment_count; /* 0: one bar over the whole strip, shows[]' common state */
};

/*
 * Draws the moment `now_ms` into `frame` (its pixels and count are the caller's), for a display of
 * `digits` characters. `shows` has one a rollout, `common` is them all on one bar
 * (rollouts_common()). Returns the milliseconds until the next frame can differ, or PICTURE_STILL.
 */
int64_t picture_draw(const struct picture_settings *settings, const struct show shows[],
                     size_t count, const struct show *common, size_t digits, int64_t now_ms,
                     struct frame *frame);

/* Everything dark, no text: the first act of every start and the last of every stop. */
void picture_blank(struct frame *frame);

#endif
