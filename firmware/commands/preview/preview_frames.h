/*
 * What a board shows through one turn of its motion, light by light: for pictures of it.
 */
#ifndef AMBERBAR_COMMANDS_PREVIEW_PREVIEW_FRAMES_H
#define AMBERBAR_COMMANDS_PREVIEW_PREVIEW_FRAMES_H

#include "commands/preview/svg.h"
#include "config/config.h"

#define FILM_STEP_MS 100
#define FILM_MOMENTS_MAX 80

struct film {
    const struct board *board;
    const struct picture_settings *picture;
    struct svg_sheet sheet;
    struct srgb *lights; /* owned; room for FILM_MOMENTS_MAX moments */
    size_t moments;
};

/* The pixels (or lamps) and digits of a board. False: no memory. */
bool film_open(struct film *film, const struct board *board,
               const struct picture_settings *picture);

/* Films the subject, which began at 0 and has come to rest, for as long as its motion takes. */
void film_shoot(struct film *film, const struct subject *subject);

void film_close(struct film *film);

#endif
