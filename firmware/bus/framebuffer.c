/*
 * A framebuffer of the kernel's, found by its name: which number it has depends on whether a
 * screen is there, and which driver was first. (Linux: Documentation/fb/framebuffer.rst;
 * /sys/class/graphics/fbN/name.)
 */
#include "base/text.h"
#include "bus/device.h"
#include "bus/driver.h"
#include "bus/look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct framebuffer {
    struct bus bus;
    char path[BUS_PATH_SIZE];
    int fd;
};

static struct device device_of(const struct framebuffer *framebuffer)
{
    return (struct device){.path = framebuffer->path, .group = "video"};
}

/* What this machine says, and what would bring it. */
static bool complain_absent(const char *name, struct error *error)
{
    struct machine machine;
    struct advice advice;
    struct text words = {0};
    look_at(&machine, "");
    bool fits = machine_framebuffer_fits(&machine, name, &advice);
    if (!fits)
        advice_words(&machine, &advice, &words);
    (void)error_set(error, "%s", words.data != NULL ? words.data : "out of memory");
    if (fits)
        (void)error_set(error, "the framebuffer '%s' was not there a moment ago", name);
    text_free(&words);
    look_away(&machine);
    return false;
}

static bool find(const char *name, char path[static BUS_PATH_SIZE], struct error *error)
{
    struct machine machine = {.root = "", .sections = ""};
    char device[MACHINE_NAME_SIZE];
    look_at_framebuffers(&machine);
    bool found = machine_framebuffer(&machine, name, device);
    look_away(&machine);
    return found ? text_copy(path, BUS_PATH_SIZE, device) : complain_absent(name, error);
}

static bool framebuffer_send(struct bus *bus, const uint8_t *bytes, size_t length,
                             struct error *error)
{
    const struct framebuffer *framebuffer = (struct framebuffer *)bus;
    ssize_t written;
    if (length == 0)
        return true;
    do
        written = pwrite(framebuffer->fd, bytes, length, 0);
    while (written < 0 && errno == EINTR);
    if (written >= 0 && (size_t)written == length)
        return true;
    if (written >= 0 || errno == ENOSPC || errno == EFBIG)
        return error_set(error,
                         "%s has no room for %zu bytes: it is the framebuffer of something else; "
                         "correct its name in the board file",
                         framebuffer->path, length);
    const struct device device = device_of(framebuffer);
    return device_fault(&device, "written", errno, error);
}

static void framebuffer_close(struct bus *bus)
{
    struct framebuffer *framebuffer = (struct framebuffer *)bus;
    (void)close(framebuffer->fd);
    free(framebuffer);
}

static const struct bus_driver driver = {framebuffer_send, framebuffer_close};

struct bus *bus_open_framebuffer(const struct framebuffer_settings *settings, struct error *error)
{
    struct framebuffer *framebuffer = calloc(1, sizeof *framebuffer);
    if (framebuffer == NULL) {
        (void)error_set(error, "out of memory while opening the framebuffer %s", settings->name);
        return NULL;
    }
    framebuffer->bus.driver = &driver;
    framebuffer->fd = -1;
    if (find(settings->name, framebuffer->path, error)) {
        const struct device device = device_of(framebuffer);
        framebuffer->fd = device_open(&device, O_WRONLY, error);
    }
    if (framebuffer->fd >= 0)
        return &framebuffer->bus;
    free(framebuffer);
    return NULL;
}
