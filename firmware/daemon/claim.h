/*
 * Lights show one program's picture: a wall that one lights green, by `try` or `setup`, while
 * another knows of a failure would lie. So whoever lights them claims them first, the daemon as
 * well, and who comes second does not light them.
 *
 * A claim is a socket bound to an abstract name (unix(7)) made of the device, and nothing can
 * connect to it. It needs no folder that both can write to, holds between all users of a machine,
 * and the kernel drops it when its owner dies, however. It does not hold between network namespaces
 * (a container that has its own), nor against other programs; and any local user can take a name
 * and so keep lights dark, but never light them.
 *
 * GPIO lines are claimed by the kernel itself, and standard output is nobody's light.
 */
#ifndef AMBERBAR_DAEMON_CLAIM_H
#define AMBERBAR_DAEMON_CLAIM_H

#include "config/config.h"

#define CLAIM_NAME_SIZE 92  /* with its number a name of unix(7) */
#define CLAIM_PLACE_SIZE 96 /* for a sentence: "/dev/spidev0.0" */

struct claim {
    char name[CLAIM_NAME_SIZE]; /* "amberbar/lights/char/153:0" */
    char place[CLAIM_PLACE_SIZE];
    int hold; /* the socket of that name */
    int note; /* that of the name and our process's number, for the other's sentence; -1: none */
};

/* All lights of one output. Zero-initialise it. */
struct claims {
    struct claim claims[BUS_LEDS_MAX];
    size_t count;
};

/*
 * Claims the output's lights, or keeps them claimed; what was claimed before and are others is
 * dropped. False: somebody has them, and error says who and what to do. Where this machine lets
 * nobody claim anything, and where there is no such device, they are free.
 */
bool claims_take(struct claims *claims, const struct output_settings *output, struct error *error);

void claims_drop(struct claims *claims);

#endif
