/*
 * Whose fault it is that no answer came. A network that is not there is a namespace of this test's
 * own, which has no route.
 */
#include "daemon/blame.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define CANNOT 77

/* What the kernel says of routes, by files; NULL: there is no such one. */
static struct {
    bool is_told;
    const char *ipv4, *ipv6;
} routes;

/* In libc's place. */
int open(const char *path, int flags, ...)
{
    const bool is_ipv4 = strcmp(path, "/proc/self/net/route") == 0;
    const bool is_ipv6 = strcmp(path, "/proc/self/net/ipv6_route") == 0;
    if (!routes.is_told || (!is_ipv4 && !is_ipv6))
        return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
    const char *text = is_ipv4 ? routes.ipv4 : routes.ipv6;
    if (text == NULL) {
        errno = ENOENT;
        return -1;
    }
    int fd = memfd_create("routes", MFD_CLOEXEC);
    if (fd >= 0 && (write(fd, text, strlen(text)) < 0 || lseek(fd, 0, SEEK_SET) != 0))
        return -1;
    return fd;
}

static const struct {
    const char *sentence;
    enum client_trouble trouble;
    enum why why;
    const char *words; /* how what is said begins */
} rows[] = {
    {"a server that refuses is there", CLIENT_TROUBLE_OTHER, WHY_FETCH, "it failed"},
    {"no way, and no network", CLIENT_TROUBLE_WAY, WHY_NO_NETWORK, "this machine has no network: "},
    {"the clock is not set", CLIENT_TROUBLE_CLOCK, WHY_CLOCK_UNSET, "it failed"},
};

/* The number of the row that is not so, from 1; 0: all are. */
static int try_without_network(void)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return CANNOT;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error;
        error_set(&error, "it failed");
        if (blame(rows[i].trouble, &error) != rows[i].why ||
            strncmp(error.text, rows[i].words, strlen(rows[i].words)) != 0)
            return (int)i + 1;
    }
    return 0;
}

static void who_has_no_network_is_told(void **state)
{
    (void)state;
    int status;
    const pid_t child = fork();
    if (child == 0)
        _exit(try_without_network());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CANNOT)
        skip(); /* no namespaces here */
    if (WEXITSTATUS(status) != 0)
        fail_msg("%s: it is not so", rows[WEXITSTATUS(status) - 1].sentence);
}

static void a_network_is_known_by_its_routes(void **state)
{
    (void)state;
#define HEAD "Iface\tDestination\tGateway \tFlags\n"
#define ROUTE HEAD "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
#define ZEROS "00000000000000000000000000000000"
    static const struct {
        const char *sentence, *ipv4, *ipv6;
        enum why why;
    } kinds[] = {
        {"none at all", HEAD, "", WHY_NO_NETWORK},
        {"none, where there is no IPv6", HEAD, NULL, WHY_NO_NETWORK},
        {"one, where there is no IPv6", ROUTE, NULL, WHY_FETCH},
        {"one of IPv6 alone", HEAD,
         ZEROS " 00 " ZEROS " 00 fe80000000000000021122fffe334455 00000400 00000002 00000000 "
               "00000003     eth0\n",
         WHY_FETCH},
        {"nobody knows", NULL, "", WHY_FETCH},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct error error = {0};
        routes.ipv4 = kinds[i].ipv4;
        routes.ipv6 = kinds[i].ipv6;
        routes.is_told = true;
        const enum why why = blame(CLIENT_TROUBLE_WAY, &error);
        routes.is_told = false;
        if (why != kinds[i].why)
            fail_msg("%s: %s", kinds[i].sentence, why_sentence(why));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_no_network_is_told),
        cmocka_unit_test(a_network_is_known_by_its_routes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
