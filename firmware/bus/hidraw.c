/*
 * Lights on USB (Linux: Documentation/hid/hidraw.rst, drivers/hid/hidraw.c). Which device is which
 * says /sys/class/hidraw/hidrawN/device/uevent:
 *
 *     HID_ID=0003:000027B8:000001ED      bus, vendor, product
 *     HID_UNIQ=20001234                  serial number
 */
#include "base/intake.h"
#include "base/text.h"
#include "bus/device.h"
#include "bus/driver.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/hidraw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CLASS "/sys/class/hidraw"
#define UEVENT_MAX 4096
#define REPORT_MAX 256

struct hidraw {
    struct bus bus;
    struct hidraw_settings settings;
    char path[BUS_PATH_SIZE];
    int fd;
};

/* The value of a line "KEY=value"; false: there is none. */
static bool find_value(const char *uevent, const char *key, char *out, size_t size)
{
    size_t length = strlen(key);
    for (const char *line = uevent; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, length) != 0 || line[length] != '=')
            continue;
        const char *value = line + length + 1;
        return snprintf(out, size, "%.*s", (int)strcspn(value, "\n"), value) < (int)size;
    }
    return false;
}

static bool is_product(const struct hidraw_settings *settings, const char *uevent)
{
    char is[BUS_NAME_SIZE], wanted[BUS_NAME_SIZE];
    (void)snprintf(wanted, sizeof wanted, "0003:%08X:%08X", settings->vendor, settings->id);
    return find_value(uevent, "HID_ID", is, sizeof is) && strcmp(is, wanted) == 0;
}

static int is_device(const struct dirent *entry)
{
    return strncmp(entry->d_name, "hidraw", 6) == 0;
}

/* The lights of the wanted kind, and the first that is meant. */
struct search {
    const struct hidraw_settings *settings;
    struct text serials; /* of those that are another one: " A, B" */
    char *path;          /* BUS_PATH_SIZE bytes; "": not found yet */
};

static void look_at_device(struct search *search, const char *name)
{
    char path[sizeof CLASS + 280], serial[BUS_NAME_SIZE] = "";
    struct text uevent = {0};
    (void)snprintf(path, sizeof path, CLASS "/%s/device/uevent", name);
    bool good = intake_file(path, INTAKE_FILE, UEVENT_MAX, &uevent) && uevent.data != NULL &&
                is_product(search->settings, uevent.data);
    if (good)
        (void)find_value(uevent.data, "HID_UNIQ", serial, sizeof serial);
    bool meant = strcmp(search->settings->serial, HIDRAW_ANY) == 0 ||
                 strcmp(search->settings->serial, serial) == 0;
    if (good && meant && search->path[0] == '\0') {
        (void)snprintf(search->path, BUS_PATH_SIZE, "/dev/%.*s", BUS_PATH_SIZE - 6, name);
    } else if (good && !meant) {
        text_add(&search->serials, search->serials.length > 0 ? ", " : " ");
        text_add_shown(&search->serials, serial[0] != '\0' ? serial : "one without a number");
    }
    text_free(&uevent);
}

static bool complain_absent(const struct search *search, struct error *error)
{
    const struct hidraw_settings *settings = search->settings;
    const char *others = search->serials.data;
    if (others != NULL)
        return error_set(error,
                         "there is no %s with the serial number %s: plug it in, or correct the "
                         "board file; there is%s",
                         settings->product, settings->serial, others);
    return error_set(error, "there is no %s on USB (%04x:%04x): plug it in", settings->product,
                     settings->vendor, settings->id);
}

bool hidraw_find(const struct hidraw_settings *settings, char path[static BUS_PATH_SIZE],
                 struct error *error)
{
    struct search search = {.settings = settings, .path = path};
    struct dirent **entries = NULL;
    path[0] = '\0';
    int count = scandir(CLASS, &entries, is_device, versionsort);
    for (int i = 0; i < count; i++) {
        look_at_device(&search, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    bool found = path[0] != '\0' || complain_absent(&search, error);
    text_free(&search.serials);
    return found;
}

static struct device device_of(const struct hidraw *hidraw)
{
    return (struct device){.path = hidraw->path,
                           .group = "gpio",
                           .absence = "it was unplugged, or this container has no devices of its "
                                      "own: plug it in, and pass it in"};
}

/* What USB answers for a device that is gone, or that has hung itself up (Linux:
   Documentation/driver-api/usb/error-codes.rst). */
static bool is_gone(int number)
{
    static const int gone[] = {ENODEV, ENXIO, ESHUTDOWN, EIO, EPIPE, EPROTO, EILSEQ, ETIMEDOUT};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
        if (gone[i] == number)
            return true;
    return false;
}

static bool complain(const struct hidraw *hidraw, int number, struct error *error)
{
    const struct device device = device_of(hidraw);
    if (is_gone(number))
        return error_set(error, "the %s at %s takes nothing: plug it in again",
                         hidraw->settings.product, hidraw->path);
    return device_fault(&device, "written", number, error);
}

static ssize_t put(const struct hidraw *hidraw, uint8_t *report, size_t length)
{
    if (hidraw->settings.features)
        return ioctl(hidraw->fd, HIDIOCSFEATURE(length), report);
    return write(hidraw->fd, report, length);
}

static bool hidraw_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    const struct hidraw *hidraw = (struct hidraw *)bus;
    uint8_t report[REPORT_MAX];
    ssize_t sent;
    if (length > sizeof report)
        return error_set(error, "a report holds %zu bytes, not %zu: have fewer pixels",
                         sizeof report, length);
    memcpy(report, bytes, length);
    do
        sent = put(hidraw, report, length);
    while (sent < 0 && errno == EINTR);
    return sent >= 0 || complain(hidraw, errno, error);
}

static void hidraw_close(struct bus *bus)
{
    struct hidraw *hidraw = (struct hidraw *)bus;
    if (hidraw->fd >= 0)
        (void)close(hidraw->fd);
    free(hidraw);
}

static const struct bus_driver driver = {hidraw_send, hidraw_close};

/* The number may have gone to another device since it was looked for. */
static bool is_the_one(const struct hidraw *hidraw)
{
    struct hidraw_devinfo info = {0};
    return ioctl(hidraw->fd, HIDIOCGRAWINFO, &info) >= 0 &&
           (uint16_t)info.vendor == hidraw->settings.vendor &&
           (uint16_t)info.product == hidraw->settings.id;
}

static bool open_device(struct hidraw *hidraw, struct error *error)
{
    if (!hidraw_find(&hidraw->settings, hidraw->path, error))
        return false;
    const struct device device = device_of(hidraw);
    hidraw->fd = device_open(&device, O_RDWR | O_NONBLOCK, error);
    return hidraw->fd >= 0 && (is_the_one(hidraw) || complain(hidraw, ENODEV, error));
}

struct bus *bus_open_hidraw(const struct hidraw_settings *settings, struct error *error)
{
    struct hidraw *hidraw = calloc(1, sizeof *hidraw);
    if (hidraw == NULL) {
        (void)error_set(error, "out of memory while opening the %s", settings->product);
        return NULL;
    }
    hidraw->bus.driver = &driver;
    hidraw->settings = *settings;
    hidraw->fd = -1;
    if (open_device(hidraw, error))
        return &hidraw->bus;
    hidraw_close(&hidraw->bus);
    return NULL;
}
