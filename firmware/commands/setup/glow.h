/*
 * The real lights while somebody answers: what `identify` draws, and a picture of a certain
 * brightness.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_GLOW_H
#define AMBERBAR_COMMANDS_SETUP_GLOW_H

#include "commands/identify/steps.h"
#include "daemon/outputs.h"

enum scene {
    SCENE_DARK,
    SCENE_ENDS,   /* the first pixel red, the last one green, those between blue */
    SCENE_RED,    /* every pixel */
    SCENE_GREEN,  /* every pixel */
    SCENE_WALK,   /* one step of identify after the other */
    SCENE_STABLE, /* what a wall shows most of the time, at `brightness` */
};

struct glow {
    struct board *board;
    struct outputs *outputs;              /* NULL: not open */
    const struct output_settings *output; /* that the scenes are about */
    enum scene scene;
    double brightness; /* 0..1 */
    int64_t begun_ms;
    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame;
    struct step steps[STEPS_MAX];
    size_t step_count;
};

/* Opens the lights and shows the scene; false: they cannot be lit, and error says why. A glow that
   was open is closed first. Zero-initialise it. */
bool glow_open(struct glow *glow, struct board *board, const struct output_settings *output,
               enum scene scene, struct error *error);

/* Another scene of the same lights. */
void glow_show(struct glow *glow, enum scene scene);

/* To be called often: draws what moves, and sends again what is due. */
void glow_tick(void *glow);

/* Dark, and closed; fine when it was not open. */
void glow_close(struct glow *glow);

#endif
