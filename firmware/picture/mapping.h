/*
 * Where the line of a segment lands on the frame, when it is not just one stretch of it.
 */
#ifndef AMBERBAR_PICTURE_MAPPING_H
#define AMBERBAR_PICTURE_MAPPING_H

#include "picture/picture.h"

/* The segment is one stretch of the frame as it comes: it can be drawn in place. */
bool mapping_is_plain(const struct segment *segment);

/* Pixels of the line to draw for a frame of `pixels`; a mirrored segment's is half as long. */
size_t mapping_length(const struct segment *segment, size_t pixels);

/* Puts the line on the frame; what lies beyond the frame is left out. */
void mapping_line(const struct segment *segment, const struct pixel line[], struct frame *frame);

/* Fills a matrix: every row of `width` pixels is alike. */
void mapping_rows(const struct pixel row[], size_t width, struct frame *frame);

#endif
