/*
 * Verdicts to light. Pure: everything that is shown at a moment follows from the settings, from
 * what the caller remembers in struct show, and from the time.
 */
#ifndef AMBERBAR_PICTURE_PICTURE_H
#define AMBERBAR_PICTURE_PICTURE_H

#include "base/field.h"
#include "picture/colour.h"
#include "rollout/verdict.h"

#include <stdbool.h>

#define PICTURE_SEGMENTS_MAX 32
#define PICTURE_EASE_MS 600   /* a bar glides to its new length in this time */
#define PICTURE_SWEEP_MS 1600 /* the finishing sweep */
#define PICTURE_FRAME_MS 40   /* 25 frames a second while something moves */
#define PICTURE_STILL (-1)    /* picture_draw(): nothing moves until a show changes */
#define PICTURE_FADE_MS 10000 /* from day to night and back */
#define PICTURE_BEAT_MS 1500  /* the ripple of an answered poll */
#define PICTURE_NEVER INT64_MIN

/* What one rollout shows, and how it got there. Made by show_start(), changed by show_update(). */
struct show {
    struct verdict verdict;
    const char *name;  /* for digits that show several in turn; NULL: none. Kept by show_update() */
    bool dimmed;       /* the last poll failed: the verdict before it, visibly dimmed */
    int64_t since_ms;  /* when the state last changed, */
    enum state before; /* from this one; at the start they are the same */
    int64_t left_ms;   /* until it is done, for people; 0: not known. Kept by show_update() */
    double p_from, q_from; /* levels at changed_ms, from which the bar eases to verdict.p, .q */
    int64_t changed_ms;
    int64_t finished_ms; /* when what was under way last became settled; INT64_MIN: never */
};

void show_start(struct show *show, const struct verdict *verdict, int64_t now_ms);
void show_update(struct show *show, const struct verdict *verdict, bool dimmed, int64_t now_ms);

/* What one indicator shows. */
struct gauge {
    enum health health;
    bool explained; /* it is bad because a rollout runs, or just ran */
    bool dimmed;    /* the last poll failed: what it was before that, visibly dimmed */
};

/* The wall as a whole. */
struct ambience {
    bool night;
    int64_t night_ms; /* when it last became night or day; PICTURE_NEVER: there was no change */
    int64_t beat_ms;  /* when an answered poll last sent a ripple; PICTURE_NEVER: none did */
};

/* Everything there is to draw. */
struct subject {
    const struct show *shows; /* one a rollout */
    size_t show_count;
    const struct show *common;  /* all rollouts on one bar (rollouts_common()) */
    const struct gauge *gauges; /* one an indicator */
    size_t gauge_count;
    const struct ambience *ambience; /* NULL: it is day, and nothing ripples */
};

struct span {
    size_t first, count;
};

/* A bar and all else grows from one end to the other, or is seen twice. */
enum mirror {
    MIRROR_NONE,
    MIRROR_ENDS,   /* from both ends to the middle */
    MIRROR_CENTRE, /* from the middle to both ends */
};

/* What a segment of the strip shows. */
enum segment_source {
    SEGMENT_ROLLOUT,
    SEGMENT_ROLLOUTS, /* on one bar */
    SEGMENT_INDICATOR,
    SEGMENT_INDICATORS, /* side by side, or the worst where there is no room for all */
    SEGMENT_SUMMARY,    /* the worst of all rollouts and indicators */
};

#define SEGMENT_MORE_MAX 7
struct segment {
    size_t first, count; /* pixels */
    enum segment_source source;
    size_t index; /* SEGMENT_ROLLOUT: of shows[]; SEGMENT_INDICATOR: of gauges[] */
    struct span more[SEGMENT_MORE_MAX]; /* further pixels of its line, after gaps */
    size_t more_count;
    bool reverse;   /* it begins at its last pixel */
    int mirror;     /* enum mirror */
    int64_t offset; /* it begins so many pixels on and goes round: for rings */
};

enum picture_motion { PICTURE_MOTION_ON, PICTURE_MOTION_OFF };

/* The keys of `display` that are settings of the picture alone, each a member (base/field.h). A
 * brightness is 0..1, perceived. */
#define PICTURE_KEYS(X)                                                                        \
    X(brightness, FIELD_PERCENT, RANGE(0.01, 1), .fallback = "50%",                            \
      .help = "How bright it looks, as a share of the brightest; LEDs at 100% hurt the eye.")  \
    X(motion, FIELD_WORD, .words = (const char *const[]){"on", "off", NULL}, .fallback = "on", \
      .help = "off: nothing moves; every state still has a picture of its own.")

struct picture_settings {
    PICTURE_KEYS(FIELD_MEMBER)
    struct {
        double brightness; /* at night; 0: off */
        double failed;     /* what has failed is at least so bright at night; 0: like all else */
    } night;
    const struct palette *palette; /* NULL: the default one. Outlives the settings */
    bool blinks;  /* lights that are on or off, or too few for a bar: looks of one colour differ by
                     blinking */
    size_t width; /* of a matrix: pixels in a row; 0: a strip */
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
