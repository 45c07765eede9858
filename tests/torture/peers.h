/*
 * The servers that a program under torture asks, in a process of their own: its threads and its
 * memory are none of the tortured one's.
 */
#ifndef AMBERBAR_TESTS_TORTURE_PEERS_H
#define AMBERBAR_TESTS_TORTURE_PEERS_H

#include <sys/types.h>

/* What a server says of the Deployment shop/web, an indicator, and a canary. */
enum peer_kind { PEER_ROLLING, PEER_STABLE, PEER_BROKEN, PEERS };

struct peers {
    pid_t process;
    int life; /* a pipe: when it is closed, the servers end */
    int ports[PEERS];
};

/* Stops the program when they cannot be started. */
void peers_start(struct peers *peers);
void peers_stop(struct peers *peers);

#endif
