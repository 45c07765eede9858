/*
 * The service manager's protocol (sd_notify(3)): datagrams to $NOTIFY_SOCKET. Without one, nothing
 * happens.
 */
#ifndef AMBERBAR_DAEMON_NOTIFY_H
#define AMBERBAR_DAEMON_NOTIFY_H

#include <stdint.h>

void notify_ready(void);
void notify_reloading(int64_t monotonic_ms); /* followed by notify_ready() when it is done */
void notify_stopping(void);
void notify_alive(void);               /* feeds the watchdog */
void notify_status(const char *words); /* one line, shown by `systemctl status` */

/* How often the watchdog must be fed: half of what it allows ($WATCHDOG_USEC, for this process). 0:
   nobody watches. */
int64_t notify_watchdog_ms(void);

#endif
