/*
 * What a board shows through one turn of its motion, light by light: for pictures of it.
 */
#ifndef AMBERBAR_COMMANDS_PREVIEW_PREVIEW_FRAMES_H
#define AMBERBAR_COMMANDS_PREVIEW_PREVIEW_FRAMES_H

#include "commands/common/view.h"
#include "commands/preview/svg.h"
#include "config/config.h"

#define PREVIEW_FRAMES_STEP_MS 100
#define PREVIEW_FRAMES_MOMENTS_MAX 80

struct preview_frames {
    const struct board *board;
    const struct picture_settings *picture;
    struct view view;
    struct svg_sheet sheet;
    struct srgb *lights; /* owned; room for PREVIEW_FRAMES_MOMENTS_MAX moments */
    size_t moments;
};

/* The lights and digits of a board. False: no memory. */
bool preview_frames_open(struct preview_frames *frames, const struct board *board,
                         const struct picture_settings *picture);

/* Films the subject, which began at 0 and has come to rest, for as long as its motion takes. */
void preview_frames_add(struct preview_frames *frames, const struct subject *subject);

void preview_frames_close(struct preview_frames *frames);

#endif
