/*
 * A device that takes a picture as one write at its beginning: the Pi 5's ws2812-pio
 * (raspberrypi/linux, drivers/misc/ws2812-pio-rp1.c). It blanks what a short write leaves out, and
 * has no room behind the last light.
 */
#include "bus/device.h"
#include "bus/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct devicefile {
    struct bus bus;
    struct device_settings settings;
    int fd;
};

static struct device device_of(const struct device_settings *settings)
{
    return (struct device){.path = settings->path, .group = "gpio", .lights = settings};
}

static bool complain_room(const struct devicefile *file, size_t length, struct error *error)
{
    return error_set(error,
                     "%s has no room for %zu bytes: raise num_leds of dtoverlay=ws2812-pio in "
                     "/boot/firmware/config.txt to the board file's pixels and reboot",
                     file->settings.path, length);
}

static bool devicefile_send(struct bus *bus, const uint8_t *bytes, size_t length,
                            struct error *error)
{
    const struct devicefile *file = (struct devicefile *)bus;
    ssize_t written;
    if (length == 0)
        return true;
    do
        written = pwrite(file->fd, bytes, length, 0);
    while (written < 0 && errno == EINTR);
    if (written >= 0 && (size_t)written == length)
        return true;
    if (written >= 0 || errno == ENOSPC || errno == EFBIG)
        return complain_room(file, length, error);
    const struct device device = device_of(&file->settings);
    return device_fault(&device, "written", errno, error);
}

static void devicefile_close(struct bus *bus)
{
    struct devicefile *file = (struct devicefile *)bus;
    (void)close(file->fd);
    free(file);
}

static const struct bus_driver driver = {devicefile_send, devicefile_close};

struct bus *bus_open_device(const struct device_settings *settings, struct error *error)
{
    struct devicefile *file = calloc(1, sizeof *file);
    if (file == NULL) {
        (void)error_set(error, "out of memory while opening %s", settings->path);
        return NULL;
    }
    const struct device device = device_of(settings);
    file->bus.driver = &driver;
    file->settings = *settings;
    file->fd = device_open(&device, O_WRONLY, error);
    if (file->fd >= 0)
        return &file->bus;
    free(file);
    return NULL;
}
