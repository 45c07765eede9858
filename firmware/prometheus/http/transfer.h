/*
 * Single HTTP transfers, never blocking: one at a time on each slot, the slots side by side.
 * Connections to Prometheus are kept, one for each slot that was ever used; those to the token
 * server are not. Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_TRANSFER_H
#define AMBERBAR_PROMETHEUS_HTTP_TRANSFER_H

#include "prometheus/http/message.h"

#include <poll.h>

/* What a transfer is for. */
enum slot { SLOT_WORKLOADS, SLOT_OWN, SLOT_TOKEN, SLOTS };

struct transfers; /* opaque */

/* NULL: no memory. `settings` must outlive it. */
struct transfers *transfers_open(const struct prometheus_settings *settings);

/* Aborts what is under way, without waiting. NULL is fine. */
void transfers_close(struct transfers *transfers);

/*
 * libcurl resolves each name in a thread, which stays for as long as a dead name server is tried,
 * long after its transfer has given up. With so many tasks (the unit has TasksMax=8) none more is
 * begun: the name does not resolve.
 */
#define TRANSFERS_TASKS_MAX 7

/* On a slot where none is under way. Else than FAULT_NONE: it was not begun (FAULT_MEMORY,
   FAULT_NAME). */
enum fault transfers_send(struct transfers *transfers, enum slot slot,
                          const struct message *message, int64_t timeout_ms);

/* Sleeps until something moves, one of `fds` is ready (revents is set), or timeout_ms passed; then
   moves the transfers. At most TRANSFERS_FDS_MAX of `fds`. */
#define TRANSFERS_FDS_MAX 8
void transfers_sleep(struct transfers *transfers, struct pollfd fds[], size_t count,
                     int timeout_ms);

/* Takes the next transfer that is over; false: there is none. */
bool transfers_take(struct transfers *transfers, enum slot *slot, struct outcome *outcome);

/* Aborts what is under way on this slot, if anything is, without waiting. */
void transfers_cancel(struct transfers *transfers, enum slot slot);

/* Lets go of the last answer on this slot, where nothing is under way. */
void transfers_rest(struct transfers *transfers, enum slot slot);

/* Wipes and lets go of the secrets of this slot's last message, and of a token's answer. */
void transfers_forget(struct transfers *transfers, enum slot slot);

#endif
