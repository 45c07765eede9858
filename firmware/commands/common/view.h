/*
 * What one sees of a board that a frame is shown on: the lights that hang there, which need not be
 * the frame's pixels. For pictures of it.
 */
#ifndef AMBERBAR_COMMANDS_COMMON_VIEW_H
#define AMBERBAR_COMMANDS_COMMON_VIEW_H

#include "config/config.h"

struct view {
    const struct board *board;
    size_t lights; /* at most FRAME_PIXELS_MAX */
    size_t width;  /* of a matrix: lights in a row; 0: all are in one */
    size_t digits; /* that stand beside them */
};

/* `matrix_width` is that of a picture which fills a matrix's rows; 0: none. */
struct view view_of(const struct board *board, size_t matrix_width);

/* Row by row from the top left. The frame is as large as the board. */
void view_see(const struct view *view, const struct frame *frame, struct pixel lights[]);

#endif
