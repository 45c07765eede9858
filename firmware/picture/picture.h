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

/* What one indicator shows. */
struct gauge {
    enum health health;
    bool explained; /* it is bad because a rollout runs, or just ran */
    bool dimmed;    /* the last poll failed: what it was before that, visibly dimmed */
};

/* Everything there is to draw. */
struct subject {
    const struct show *shows; /* one a rollout */
    size_t show_count;
    const struct show *common;  /* all rollouts on one bar (rollouts_common()) */
    const struct gauge *gauges; /* one an indicator */
    size_t gauge_count;
};

/* What a segment of the strip shows. */
enum segment_source {
    SEGMENT_ROLLOUT,
    SEGMENT_ROLLOUTS, /* on one bar */
    SEGMENT_INDICATOR,
    SEGMENT_INDICATORS, /* side by side, or the worst where there is no room for all */
    SEGMENT_SUMMARY,    /* the worst of all rollouts and indicators */
};
#define SEGMENT_SOURCES 5

struct segment {
    size_t first, count; /* pixels */
    enum segment_source source;
    size_t index; /* SEGMENT_ROLLOUT: of shows[]; SEGMENT_INDICATOR: of gauges[] */
};

struct picture_settings {
    double brightness; /* 0..1, perceived */
    struct segment segments[PICTURE_SEGMENTS_MAX];
    size_t segment_count; /* 0: as layout.h has it */
};

/*
 * Draws the moment `now_ms` into `frame` (its pixels and count are the caller's), for a display of
 * `digits` characters. Returns the milliseconds until the next frame can differ, or PICTURE_STILL.
 */
int64_t picture_draw(const struct picture_settings *settings, const struct subject *subject,
                     size_t digits, int64_t now_ms, struct frame *frame);

/* Everything dark, no text: the first act of every start and the last of every stop. */
void picture_blank(struct frame *frame);

#endif
