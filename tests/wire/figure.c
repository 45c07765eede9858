/*
 * Counts what a frame costs on the machine that it runs on: under QEMU's `-icount shift=0` a
 * nanosecond is an instruction, the kernel's own included.
 *
 *   figure LABEL DATA CLOCK
 *
 * Prints "PIXELS INSTRUCTIONS", the least of several frames, for strips of 8, 60 and 144 pixels;
 * before them "0 INSTRUCTIONS" for a system call that does nothing.
 */
#include "base/error.h"
#include "base/text.h"
#include "bus/bus.h"

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TIMES 5

static int64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t empty_call_ns(void)
{
    int64_t begin = now_ns();
    for (int i = 0; i < 1000; i++)
        (void)syscall(SYS_getppid);
    return (now_ns() - begin) / 1000;
}

/* An APA102 frame whose data line changes as often as in a picture: half of the bits. */
static size_t fill(uint8_t *bytes, size_t pixels)
{
    size_t length = 4 + 4 * pixels + 4 + (pixels + 15) / 16;
    memset(bytes, 0, length);
    memset(bytes + 4, 0xE6, 4 * pixels);
    return length;
}

/* The least of several, since now and then the kernel has other work. -1: not sent. */
static int64_t frame_ns(struct bus *bus, size_t pixels, struct error *error)
{
    uint8_t bytes[1024];
    size_t length = fill(bytes, pixels);
    int64_t least = -1;
    for (int i = 0; i < TIMES; i++) {
        int64_t begin = now_ns();
        if (!bus_send(bus, bytes, length, error))
            return -1;
        int64_t took = now_ns() - begin;
        least = least < 0 || took < least ? took : least;
    }
    return least;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {8, 60, 144};
    struct gpio_clocked_settings settings = {0};
    struct error error = {0};
    if (argc != 4 || !text_copy(settings.chips[0], sizeof settings.chips[0], argv[1]) ||
        !text_copy(settings.data, sizeof settings.data, argv[2]) ||
        !text_copy(settings.clock, sizeof settings.clock, argv[3])) {
        (void)fputs("usage: figure LABEL DATA CLOCK\n", stderr);
        return 2;
    }
    (void)printf("0 %lld\n", (long long)empty_call_ns());
    struct bus *bus = bus_open_gpio_clocked(&settings, &error);
    for (size_t i = 0; bus != NULL && i < sizeof sizes / sizeof sizes[0]; i++)
        (void)printf("%zu %lld\n", sizes[i], (long long)frame_ns(bus, sizes[i], &error));
    bus_close(bus);
    if (error.text[0] != '\0')
        (void)fprintf(stderr, "%s\n", error.text);
    return error.text[0] == '\0' ? 0 : 1;
}
