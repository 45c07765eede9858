/*
 * Datagrams on this machine's loopback: what arrives, how they are counted, and what is said when
 * the network objects.
 */
#include "bus/bus.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 10000

/* What a sandbox or a full network answers instead; 0: nothing. */
static int send_errno, socket_errno;

/* In libc's place. */
int socket(int domain, int type, int protocol)
{
    if (socket_errno != 0) {
        errno = socket_errno;
        return -1;
    }
    return (int)syscall(SYS_socket, domain, type, protocol);
}

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    if (send_errno != 0) {
        errno = send_errno;
        return -1;
    }
    return sendto(fd, bytes, length, flags, NULL, 0);
}

/* A port of the kernel's choice, on which the test listens. */
struct receiver {
    int fd;
    struct udp_settings settings;
};

static struct receiver listen_at(int family)
{
    struct receiver receiver = {.fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    bool is_v4 = family == AF_INET;
    struct sockaddr *address = is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    socklen_t size = is_v4 ? sizeof v4 : sizeof v6;
    if (receiver.fd < 0 || bind(receiver.fd, address, size) != 0)
        skip(); /* no IPv6 here */
    assert_int_equal(getsockname(receiver.fd, address, &size), 0);
    receiver.settings = (struct udp_settings){.port = ntohs(is_v4 ? v4.sin_port : v6.sin6_port),
                                              .counter_at = 1,
                                              .counter_from = 1,
                                              .counter_to = 15};
    snprintf(receiver.settings.address, sizeof receiver.settings.address, "%s",
             is_v4 ? "127.0.0.1" : "::1");
    return receiver;
}

static size_t receive(const struct receiver *receiver, uint8_t *bytes, size_t size)
{
    struct pollfd ready = {.fd = receiver->fd, .events = POLLIN};
    assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
    ssize_t length = recv(receiver->fd, bytes, size, MSG_TRUNC);
    assert_true(length >= 0);
    return (size_t)length;
}

static struct bus *open_bus(const struct udp_settings *settings)
{
    struct error error = {0};
    struct bus *bus = bus_open_udp(settings, &error);
    assert_non_null(bus);
    return bus;
}

static void exchange(int family)
{
    struct receiver receiver = listen_at(family);
    struct bus *bus = open_bus(&receiver.settings);
    struct error error = {0};
    for (int i = 0; i < 33; i++) {
        uint8_t got[8];
        assert_true(bus_send(bus, (const uint8_t[]){0x41, 0, 7, 9}, 4, &error));
        assert_int_equal(receive(&receiver, got, sizeof got), 4);
        assert_memory_equal(got, ((const uint8_t[]){0x41, (uint8_t)(i % 15 + 1), 7, 9}), 4);
    }
    bus_close(bus);
    close(receiver.fd);
}

static void test_message_is_a_datagram_and_counted(void **state)
{
    (void)state;
    exchange(AF_INET);
}

/* Each of three streams has a count of its own, from 0 to 255 and on. */
static void test_streams_are_counted_apart(void **state)
{
    (void)state;
    struct receiver receiver = listen_at(AF_INET);
    receiver.settings.counter_from = 0;
    receiver.settings.counter_to = 255;
    receiver.settings.counter_of = 2;
    struct bus *bus = open_bus(&receiver.settings);
    struct error error = {0};
    uint8_t got[8], counts[3] = {0};
    for (int i = 0; i < 3 * 258; i++) {
        uint8_t stream = (uint8_t)(i % 5 % 3);
        assert_true(bus_send(bus, (const uint8_t[]){7, 99, (uint8_t)(15 + stream)}, 3, &error));
        assert_int_equal(receive(&receiver, got, sizeof got), 3);
        assert_int_equal(got[1], counts[stream]++);
    }
    assert_true(bus_send(bus, (const uint8_t[]){7, 99}, 2, &error)); /* too short to say which */
    assert_int_equal(receive(&receiver, got, sizeof got), 2);
    assert_int_equal(got[1], 99);
    bus_close(bus);
    close(receiver.fd);
}

static void test_ipv6(void **state)
{
    (void)state;
    exchange(AF_INET6);
}

static void test_nothing_is_counted_unless_the_chip_wants_it(void **state)
{
    (void)state;
    struct receiver receiver = listen_at(AF_INET);
    receiver.settings.counter_at = 0;
    struct bus *bus = open_bus(&receiver.settings);
    struct error error = {0};
    uint8_t got[8];
    assert_true(bus_send(bus, (const uint8_t[]){5, 6}, 2, &error));
    assert_int_equal(receive(&receiver, got, sizeof got), 2);
    assert_memory_equal(got, ((const uint8_t[]){5, 6}), 2);
    bus_close(bus);
    close(receiver.fd);
}

static void test_largest_message(void **state)
{
    (void)state;
    static uint8_t bytes[UDP_MESSAGE_MAX + 1], got[sizeof bytes];
    struct receiver receiver = listen_at(AF_INET);
    struct bus *bus = open_bus(&receiver.settings);
    struct error error = {0};
    assert_true(bus_send(bus, bytes, UDP_MESSAGE_MAX, &error));
    assert_int_equal(receive(&receiver, got, sizeof got), UDP_MESSAGE_MAX);
    assert_false(bus_send(bus, bytes, UDP_MESSAGE_MAX + 1, &error));
    assert_string_equal(error.text, "a datagram holds 1472 bytes, not 1473: have fewer pixels");
    bus_close(bus);
    close(receiver.fd);
}

/* The refusal of one datagram is what the next one meets. */
static void test_refused_port_is_told_by_the_next_message(void **state)
{
    (void)state;
    struct receiver receiver = listen_at(AF_INET);
    close(receiver.fd);
    struct bus *bus = open_bus(&receiver.settings);
    struct error error = {0};
    bool sent = true;
    for (int i = 0; sent && i < 1000; i++) { /* on loopback the first is refused at once */
        sent = bus_send(bus, (const uint8_t[]){1, 0}, 2, &error);
        poll(NULL, 0, sent && i > 0 ? 10 : 0);
    }
    assert_false(sent);
    char words[256];
    snprintf(words, sizeof words,
             "127.0.0.1 takes no pictures at port %d: the machine is there and has no such port; "
             "correct the address or the port, or switch its receiver on",
             (int)receiver.settings.port);
    assert_string_equal(error.text, words);
    bus_close(bus);
}

static const struct {
    const char *sentence;
    int number;
    const char *words;
} faults[] = {
    {"a controller that is switched off", EHOSTUNREACH, "nothing answers there; is it switched on"},
    {"the network is down", ENETDOWN, "this machine has no way there"},
    {"a firewall of this machine", EPERM,
     "sending there is forbidden; let this machine's firewall"},
    {"the network takes nothing", EAGAIN, "this machine's network took nothing; is its link up?"},
    {"what nobody foresaw", EPROTO, "at port 4048: Protocol error"},
};

static void test_what_the_network_objects(void **state)
{
    (void)state;
    struct receiver receiver = listen_at(AF_INET);
    struct udp_settings settings = receiver.settings;
    settings.port = 4048; /* nothing is really sent there */
    struct bus *bus = open_bus(&settings);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct error error = {0};
        send_errno = faults[i].number;
        bool sent = bus_send(bus, (const uint8_t[]){1, 0}, 2, &error);
        send_errno = 0;
        if (sent || strstr(error.text, faults[i].words) == NULL)
            fail_msg("%s: \"%s\"", faults[i].sentence, error.text);
    }
    bus_close(bus);
    close(receiver.fd);
}

static void test_sandbox_without_sockets(void **state)
{
    (void)state;
    struct udp_settings settings = {.address = "127.0.0.1", .port = 4048};
    struct error error = {0};
    socket_errno = EAFNOSUPPORT;
    struct bus *bus = bus_open_udp(&settings, &error);
    socket_errno = 0;
    assert_null(bus);
    assert_string_equal(error.text,
                        "127.0.0.1 takes no pictures at port 4048: there are no addresses of this "
                        "kind here; write another, or let the service's unit permit them "
                        "(RestrictAddressFamilies=)");
}

static void test_interface_that_is_not_there(void **state)
{
    (void)state;
    struct udp_settings settings = {.address = "fe80::1%wlan77", .port = 4048};
    struct error error = {0};
    assert_null(bus_open_udp(&settings, &error));
    assert_non_null(strstr(error.text,
                           "fe80::1%wlan77 takes no pictures at port 4048: this machine "
                           "has no way there"));
}

static void test_addresses_of_one_controller(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool good;
    } addresses[] = {
        {"192.168.1.60", true}, {"127.0.0.1", true},
        {"fd00::60", true},     {"fe80::1%eth0", true},
        {"::1", true},          {"", false},
        {"wled.local", false},  {"255.255.255.255", false},
        {"0.0.0.0", false},     {"224.0.0.1", false},
        {"ff02::1", false},     {"::", false},
        {"192.168.1", false},   {"192.168.1.60:4048", false},
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        if (udp_is_address(addresses[i].address) != addresses[i].good)
            fail_msg("%s", addresses[i].address);
}

static void test_addresses_of_examples(void **state)
{
    (void)state;
    static const char *const examples[] = {"192.0.2.60", "198.51.100.1", "203.0.113.254",
                                           "2001:db8::60", "2001:DB8::1"};
    static const char *const real[] = {"192.168.1.60",
                                       "192.0.20.1",
                                       "203.0.11.3",
                                       "127.0.0.1",
                                       "2001:dead::1",
                                       "fe80::1%eth0",
                                       ""};
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
        if (!udp_is_address(examples[i]) || !udp_is_example(examples[i]))
            fail_msg("%s", examples[i]);
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++)
        if (udp_is_example(real[i]))
            fail_msg("%s", real[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message_is_a_datagram_and_counted),
        cmocka_unit_test(test_streams_are_counted_apart),
        cmocka_unit_test(test_ipv6),
        cmocka_unit_test(test_nothing_is_counted_unless_the_chip_wants_it),
        cmocka_unit_test(test_largest_message),
        cmocka_unit_test(test_refused_port_is_told_by_the_next_message),
        cmocka_unit_test(test_what_the_network_objects),
        cmocka_unit_test(test_sandbox_without_sockets),
        cmocka_unit_test(test_interface_that_is_not_there),
        cmocka_unit_test(test_addresses_of_one_controller),
        cmocka_unit_test(test_addresses_of_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
