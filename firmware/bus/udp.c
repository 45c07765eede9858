/*
 * Datagrams to a controller in the network. The socket is connected, so that the network's reports
 * (ICMP) reach it, and is never read.
 */
#include "bus/driver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNTERS 16

struct udp {
    struct bus bus;
    struct udp_settings settings;
    int fd;
    uint8_t next[COUNTERS]; /* number, of each count */
};

#define NOBODY                                                                          \
    "nothing answers there; is it switched on, in this network, and is that still its " \
    "address?"
#define NO_WAY "this machine has no way there; bring its network up, or correct the address"
#define FORBIDDEN                                                                                  \
    "sending there is forbidden; let this machine's firewall permit it, and write the address of " \
    "one controller"
#define STUCK "this machine's network took nothing; is its link up?"

/* Linux: net/ipv4/icmp.c, icmp_err_convert[]; ip(7), udp(7). */
static const struct {
    int number;
    const char *why;
} faults[] = {
    {ECONNREFUSED, "the machine is there and has no such port; correct the address or the port, or "
                   "switch its receiver on"},
    {EHOSTUNREACH, NOBODY},
    {EHOSTDOWN, NOBODY},
    {ENETUNREACH, NO_WAY},
    {ENETDOWN, NO_WAY},
    {EADDRNOTAVAIL, NO_WAY},
    {EINVAL, NO_WAY},
    {ENODEV, NO_WAY},
    {EACCES, FORBIDDEN},
    {EPERM, FORBIDDEN},
    {EAFNOSUPPORT, "there are no addresses of this kind here; write another, or let the service's "
                   "unit permit them (RestrictAddressFamilies=)"},
    {EAGAIN, STUCK},
    {ENOBUFS, STUCK},
};

static bool complain(const struct udp_settings *udp, int number, struct error *error)
{
    const char *why = strerror(number);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        why = faults[i].number == number ? faults[i].why : why;
    return error_set(error, "%s takes no pictures at port %d: %s", udp->address, (int)udp->port,
                     why);
}

static bool is_one_v4(const struct in_addr *address)
{
    uint32_t number = ntohl(address->s_addr);
    return number != INADDR_ANY && number != INADDR_BROADCAST && !IN_MULTICAST(number);
}

bool udp_is_address(const char *address)
{
    char plain[BUS_PATH_SIZE];
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return is_one_v4(&v4);
    (void)snprintf(plain, sizeof plain, "%.*s", (int)strcspn(address, "%"), address);
    return inet_pton(AF_INET6, plain, &v6) == 1 && !IN6_IS_ADDR_UNSPECIFIED(&v6) &&
           !IN6_IS_ADDR_MULTICAST(&v6);
}

bool udp_is_example(const char *address)
{
    static const char *const beginnings[] = {"192.0.2.", "198.51.100.", "203.0.113.",
                                             "2001:db8:", "2001:0db8:"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (strncasecmp(address, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

/* Where a message of several datagrams is one picture, each has its own number. */
static void count_up(struct udp *udp, uint8_t *bytes, size_t length)
{
    const struct udp_settings *settings = &udp->settings;
    if (settings->counter_at == 0 || settings->counter_at >= length ||
        settings->counter_of >= length)
        return;
    uint8_t *next =
        &udp->next[settings->counter_of > 0 ? bytes[settings->counter_of] % COUNTERS : 0];
    bytes[settings->counter_at] = *next;
    *next = *next < settings->counter_to ? (uint8_t)(*next + 1) : settings->counter_from;
}

static bool udp_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    struct udp *udp = (struct udp *)bus;
    uint8_t datagram[UDP_MESSAGE_MAX];
    ssize_t sent;
    if (length > sizeof datagram)
        return error_set(error, "a datagram holds %zu bytes, not %zu: have fewer pixels",
                         sizeof datagram, length);
    memcpy(datagram, bytes, length);
    count_up(udp, datagram, length);
    do
        sent = send(udp->fd, datagram, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent >= 0 || complain(&udp->settings, errno, error);
}

static void udp_close(struct bus *bus)
{
    struct udp *udp = (struct udp *)bus;
    if (udp->fd >= 0)
        (void)close(udp->fd);
    free(udp);
}

static const struct bus_driver driver = {udp_send, udp_close};

/* Numbers only: this asks nobody. */
static struct addrinfo *resolve(const struct udp_settings *settings)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_DGRAM,
                                   .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char port[24];
    (void)snprintf(port, sizeof port, "%d", (int)settings->port);
    return getaddrinfo(settings->address, port, &hints, &found) == 0 ? found : NULL;
}

static bool open_socket(struct udp *udp, struct error *error)
{
    struct addrinfo *found = resolve(&udp->settings);
    if (found == NULL) /* an interface that is not there: fe80::1%eth7 */
        return complain(&udp->settings, ENODEV, error);
    udp->fd = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool open = udp->fd >= 0 && connect(udp->fd, found->ai_addr, found->ai_addrlen) == 0;
    int number = errno;
    freeaddrinfo(found);
    return open || complain(&udp->settings, number, error);
}

struct bus *bus_open_udp(const struct udp_settings *settings, struct error *error)
{
    struct udp *udp = calloc(1, sizeof *udp);
    if (udp == NULL) {
        (void)error_set(error, "out of memory while opening %s", settings->address);
        return NULL;
    }
    udp->bus.driver = &driver;
    udp->settings = *settings;
    udp->fd = -1;
    memset(udp->next, settings->counter_from, sizeof udp->next);
    if (open_socket(udp, error))
        return &udp->bus;
    udp_close(&udp->bus);
    return NULL;
}
