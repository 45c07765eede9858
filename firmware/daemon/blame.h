/*
 * Whose fault it is that Prometheus gave no answer, where somebody who stands before the board can
 * fix it: there is no network, or the clock is not set.
 */
#ifndef AMBERBAR_DAEMON_BLAME_H
#define AMBERBAR_DAEMON_BLAME_H

#include "prometheus/http/client.h"
#include "rollout/verdict.h"

/*
 * WHY_NO_NETWORK: no way was found, and this machine has no route but its own. WHY_CLOCK_UNSET: a
 * certificate is not valid yet, and certificates are not made for tomorrow. Else WHY_FETCH.
 * `error` is what failed; where it is the network, it is put in other words.
 */
enum why blame(enum client_trouble trouble, struct error *error);

#endif
