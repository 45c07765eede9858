#include "daemon/notify.h"

#include "base/text.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A path, or a name in the abstract namespace, which '@' stands for. */
static void send_state(const char *state)
{
    const char *name = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (name == NULL || (name[0] != '/' && name[0] != '@') ||
        !text_copy(address.sun_path, sizeof address.sun_path, name))
        return;
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0';
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, length);
    close(fd);
}

void notify_ready(void)
{
    send_state("READY=1");
}

void notify_reloading(int64_t monotonic_ms)
{
    char state[64];
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld",
             (long long)monotonic_ms * 1000);
    send_state(state);
}

void notify_stopping(void)
{
    send_state("STOPPING=1");
}

void notify_alive(void)
{
    send_state("WATCHDOG=1");
}

void notify_status(const char *words)
{
    char shown[241]; /* a newline would begin another assignment */
    char state[sizeof shown + sizeof "STATUS="];
    text_printable(shown, sizeof shown, words);
    snprintf(state, sizeof state, "STATUS=%s", shown);
    send_state(state);
}

int64_t notify_watchdog_ms(void)
{
    const char *limit = getenv("WATCHDOG_USEC");
    const char *process = getenv("WATCHDOG_PID");
    int64_t limit_us, pid;
    if (limit == NULL || !text_integer(limit, 1, INT64_MAX, &limit_us))
        return 0;
    if (process != NULL && (!text_integer(process, 0, INT32_MAX, &pid) || pid != getpid()))
        return 0;
    return limit_us / 2000 > 0 ? limit_us / 2000 : 1;
}
