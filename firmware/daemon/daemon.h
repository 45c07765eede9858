/*
 * The daemon: one process, one thread, one loop, and the only owner of time. It sleeps in the HTTP
 * client, wakes for an answer, a signal, the next frame or a lamp that needs care, and does nothing
 * else. It opens no listening socket.
 */
#ifndef AMBERBAR_DAEMON_DAEMON_H
#define AMBERBAR_DAEMON_DAEMON_H

#include "config/config.h"

/*
 * Runs until SIGTERM, SIGINT or any other that would end or stop it (base/ending.h), then darkens
 * every output. SIGHUP reads the config file again: a
 * good one takes over without a dark frame, a bad one is refused and the old one stays. Owns
 * `config` from now on. False: it could not start, or could not darken what it had lit.
 */
bool daemon_run(struct config *config, struct error *error);

#endif
