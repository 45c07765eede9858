/*
 * Plugs a light into USB: a HID device that the kernel's uhid makes, with a hidraw device for it
 * (Linux: Documentation/hid/uhid.rst). Ends with SIGTERM, which unplugs it.
 *
 *   hidlight blink1|blinkstick|luxafor SERIAL
 *
 * Prints each report that it gets, "feature 01 63 ff ..." or "output 00 01 ..."; and of a blink(1)
 * "timer" when that runs out.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <linux/uhid.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A vendor's page, a collection, and reports of bytes. */
#define BEGIN 0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08
#define FEATURE(number, bytes) 0x85, (number), 0x95, (bytes), 0x09, 0x00, 0xb2, 0x02, 0x01
#define END 0xc0

static const uint8_t blink1[] = {BEGIN, FEATURE(1, 8), END};
static const uint8_t blinkstick[] = {BEGIN, FEATURE(1, 3), FEATURE(5, 5), FEATURE(6, 25), END};
static const uint8_t luxafor[] = {BEGIN, 0x95, 8,    0x09, 0x00, 0x81, 0x02,
                                  0x95,  8,    0x09, 0x00, 0x91, 0x02, END};

static const struct light {
    const char *word, *name;
    uint32_t vendor, product;
    const uint8_t *descriptor;
    uint16_t size;
} lights[] = {
    {"blink1", "ThingM blink(1) mk2", 0x27b8, 0x01ed, blink1, sizeof blink1},
    {"blinkstick", "Agile Innovative BlinkStick", 0x20a0, 0x41e5, blinkstick, sizeof blinkstick},
    {"luxafor", "LUXAFOR FLAG", 0x04d8, 0xf372, luxafor, sizeof luxafor},
};

static volatile sig_atomic_t stopping;
static int64_t timer_end_ms; /* 0: off */

static void stop(int number)
{
    (void)number;
    stopping = 1;
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void report(int uhid, const struct uhid_event *event)
{
    if (write(uhid, event, sizeof *event) != (ssize_t)sizeof *event) {
        perror("/dev/uhid");
        exit(1);
    }
}

static void plug(int uhid, const struct light *light, const char *serial)
{
    struct uhid_event event = {.type = UHID_CREATE2};
    struct uhid_create2_req *create = &event.u.create2;
    (void)snprintf((char *)create->name, sizeof create->name, "%s", light->name);
    (void)snprintf((char *)create->uniq, sizeof create->uniq, "%s", serial);
    memcpy(create->rd_data, light->descriptor, light->size);
    create->rd_size = light->size;
    create->bus = BUS_USB;
    create->vendor = light->vendor;
    create->product = light->product;
    report(uhid, &event);
}

static void print_report(const char *kind, const uint8_t *bytes, size_t length)
{
    printf("%s", kind);
    for (size_t i = 0; i < length; i++)
        printf(" %02x", bytes[i]);
    printf("\n");
    fflush(stdout);
}

/* todbot/blink1, docs/blink1-hid-commands.md: 'D'. */
static void set_timer(const struct light *light, const uint8_t *report)
{
    if (light->descriptor != blink1 || report[0] != 1 || report[1] != 'D')
        return;
    timer_end_ms = report[2] == 0 ? 0 : now_ms() + 10 * (report[3] << 8 | report[4]);
}

static void answer(int uhid, const struct light *light, const struct uhid_event *event)
{
    struct uhid_event reply = {0};
    switch (event->type) {
    case UHID_SET_REPORT:
        print_report("feature", event->u.set_report.data, event->u.set_report.size);
        set_timer(light, event->u.set_report.data);
        reply.type = UHID_SET_REPORT_REPLY;
        reply.u.set_report_reply.id = event->u.set_report.id;
        report(uhid, &reply);
        break;
    case UHID_GET_REPORT: /* the kernel's hid-led asks for a blink(1)'s version */
        reply.type = UHID_GET_REPORT_REPLY;
        reply.u.get_report_reply.id = event->u.get_report.id;
        reply.u.get_report_reply.size = 9;
        memcpy(reply.u.get_report_reply.data, "\1v\0002", 5);
        report(uhid, &reply);
        break;
    case UHID_OUTPUT:
        print_report("output", event->u.output.data, event->u.output.size);
        break;
    default:
        break;
    }
}

static void serve(int uhid, const struct light *light)
{
    while (!stopping) {
        struct pollfd ready = {.fd = uhid, .events = POLLIN};
        struct uhid_event event;
        int64_t left = timer_end_ms == 0 ? 1000 : timer_end_ms - now_ms();
        if (poll(&ready, 1, left > 0 ? (int)left : 0) > 0 && read(uhid, &event, sizeof event) > 0)
            answer(uhid, light, &event);
        if (timer_end_ms != 0 && now_ms() >= timer_end_ms) {
            printf("timer\n");
            fflush(stdout);
            timer_end_ms = 0;
        }
    }
}

int main(int argc, char **argv)
{
    const struct light *light = NULL;
    for (size_t i = 0; argc == 3 && i < sizeof lights / sizeof lights[0]; i++)
        if (strcmp(argv[1], lights[i].word) == 0)
            light = &lights[i];
    if (light == NULL) {
        (void)fprintf(stderr, "usage: hidlight blink1|blinkstick|luxafor SERIAL\n");
        return 2;
    }
    const struct sigaction action = {.sa_handler = stop};
    (void)sigaction(SIGTERM, &action, NULL);
    int uhid = open("/dev/uhid", O_RDWR | O_CLOEXEC);
    if (uhid < 0) {
        perror("/dev/uhid");
        return 1;
    }
    plug(uhid, light, argv[2]);
    serve(uhid, light);
    return 0;
}
