/*
 * Where things stand on a strip when the config has no segments.
 */
#ifndef AMBERBAR_PICTURE_LAYOUT_H
#define AMBERBAR_PICTURE_LAYOUT_H

#include "picture/picture.h"

#define LAYOUT_SEGMENTS_MAX 2

/*
 * One bar over the whole strip. With indicators, these stand at its end, apart from the bar where
 * there is room for a gap; on a strip of fewer than 3 pixels the worst of everything has it all.
 * Returns how many segments there are.
 */
size_t layout_segments(size_t pixels, size_t indicators,
                       struct segment segments[static LAYOUT_SEGMENTS_MAX]);

/* The pixels of the `index`-th of several indicators that share a segment with room for all. */
struct segment layout_share(const struct segment *segment, size_t index, size_t count);

#endif
