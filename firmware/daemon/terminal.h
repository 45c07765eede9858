/*
 * Tells a board's terminal outputs what standard output is, and the log that a picture stands
 * there.
 */
#ifndef AMBERBAR_DAEMON_TERMINAL_H
#define AMBERBAR_DAEMON_TERMINAL_H

#include "config/config.h"

void terminal_prepare(struct board *board);

#endif
