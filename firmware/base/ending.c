#include "base/ending.h"

#include <poll.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define SHELL_SIGNAL 128

/* signal(7): those whose action is Term, Core or Stop, but for what the header leaves out. */
static const struct {
    int number;
    const char *name;
    bool in_order; /* asks for an end: what was done till then counts */
} endings[] = {
    {SIGINT, "SIGINT", true},        {SIGTERM, "SIGTERM", true},      {SIGHUP, "SIGHUP", true},
    {SIGQUIT, "SIGQUIT", false},     {SIGTSTP, "SIGTSTP", false},     {SIGTTIN, "SIGTTIN", false},
    {SIGTTOU, "SIGTTOU", false},     {SIGUSR1, "SIGUSR1", false},     {SIGUSR2, "SIGUSR2", false},
    {SIGALRM, "SIGALRM", false},     {SIGVTALRM, "SIGVTALRM", false}, {SIGPROF, "SIGPROF", false},
    {SIGIO, "SIGIO", false},         {SIGXCPU, "SIGXCPU", false},     {SIGXFSZ, "SIGXFSZ", false},
#ifdef SIGPWR
    {SIGPWR, "SIGPWR", false},
#endif
#ifdef SIGSTKFLT
    {SIGSTKFLT, "SIGSTKFLT", false},
#endif
};
#define ENDINGS (sizeof endings / sizeof endings[0])

void ending_signals(sigset_t *out)
{
    sigemptyset(out);
    for (size_t i = 0; i < ENDINGS; i++)
        sigaddset(out, endings[i].number);
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
        sigaddset(out, number);
}

const char *ending_name(int number)
{
    for (size_t i = 0; i < ENDINGS; i++)
        if (endings[i].number == number)
            return endings[i].name;
    return "a signal";
}

void ending_begin(struct ending *ending)
{
    sigset_t set;
    ending_signals(&set);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &set, &ending->before);
    ending->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (ending->fd < 0) /* rather than never ending */
        sigprocmask(SIG_SETMASK, &ending->before, NULL);
}

bool ending_wait(const struct ending *ending, int64_t ms)
{
    struct pollfd came = {.fd = ending->fd, .events = POLLIN};
    return poll(&came, 1, (int)ms) > 0;
}

static bool is_in_order(int number)
{
    for (size_t i = 0; i < ENDINGS; i++)
        if (endings[i].number == number)
            return endings[i].in_order;
    return false;
}

int ending_end(struct ending *ending, int status)
{
    struct signalfd_siginfo taken;
    if (ending->fd < 0)
        return status;
    while (read(ending->fd, &taken, sizeof taken) == (ssize_t)sizeof taken)
        if (!is_in_order((int)taken.ssi_signo))
            status = SHELL_SIGNAL + (int)taken.ssi_signo;
    close(ending->fd);
    ending->fd = -1;
    sigprocmask(SIG_SETMASK, &ending->before, NULL);
    return status;
}
