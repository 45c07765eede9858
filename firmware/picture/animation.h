/*
 * What a show shows at a moment: levels that glide, and the sweep that a finished rollout earns.
 */
#ifndef AMBERBAR_PICTURE_ANIMATION_H
#define AMBERBAR_PICTURE_ANIMATION_H

#include "picture/picture.h"

/* The levels of the bar now, 0..1 and p <= q; no level counts as 0. */
void animation_levels(const struct show *show, int64_t now_ms, double *p, double *q);

/* True when what there is to see is done: the only bar that may be full. */
bool animation_done(const struct show *show);

/* How far the finishing sweep has come, 0..1; 1: there is none (any more). */
double animation_sweep(const struct show *show, int64_t now_ms);

/* True while the levels are on their way. */
bool animation_glides(const struct show *show, int64_t now_ms);

/* True while frames of this show follow one another: a motion, a glide or a sweep. */
bool animation_moves(const struct show *show, int64_t now_ms);

#endif
