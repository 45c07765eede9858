/*
 * A board without Prometheus behind it: shows what it is given, for a while.
 */
#ifndef AMBERBAR_COMMANDS_REPLAY_REPLAY_BOARD_H
#define AMBERBAR_COMMANDS_REPLAY_REPLAY_BOARD_H

#include "base/ending.h"
#include "daemon/outputs.h"

struct replay_board {
    struct board board;
    struct outputs *outputs;
    struct ending ending;
    struct picture_settings picture;
    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame;
};

/* Opens the board named. False: the complaints were printed. Close it in either case. */
bool replay_board_open(struct replay_board *wall, const char *board);

/* Plays `subject`, with `caption` beneath, for `for_ms`; where nobody watches it move, or
   a signal came that ends it all, one frame. */
void replay_board_play(struct replay_board *wall, const struct subject *subject,
                       const char *caption, int64_t for_ms);

/* Darkens the board and lets go of it. Gives the exit status: `status`, or a signal's. */
int replay_board_close(struct replay_board *wall, int status);

#endif
