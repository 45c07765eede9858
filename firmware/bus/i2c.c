/*
 * I2C through i2c-dev (Linux: Documentation/i2c/dev-interface.rst, drivers/i2c/i2c-dev.c).
 */
#include "base/text.h"
#include "bus/device.h"
#include "bus/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WRITE_MAX 8192 /* i2c-dev.c cuts longer ones */
#define DRIVER_SIZE 64

struct i2c {
    struct bus bus;
    struct i2c_settings settings;
    int fd;
};

static struct device device_of(const struct i2c *i2c)
{
    return (struct device){.path = i2c->settings.path, .group = "i2c"};
}

/* The bus's number, as sysfs and i2cdetect have it: "1" of /dev/i2c-1. */
static const char *number_of(const struct i2c *i2c)
{
    const char *dash = strrchr(i2c->settings.path, '-');
    return dash == NULL ? "1" : dash + 1;
}

/* The kernel driver that holds the address: ht16k33. "?" when sysfs does not say. */
static void name_driver(const struct i2c *i2c, char out[static DRIVER_SIZE])
{
    char link[BUS_PATH_SIZE + 64], target[256];
    (void)snprintf(link, sizeof link, "/sys/bus/i2c/devices/%s-%04x/driver", number_of(i2c),
                   (unsigned)i2c->settings.address);
    ssize_t length = readlink(link, target, sizeof target - 1);
    target[length > 0 ? length : 0] = '\0';
    const char *name = strrchr(target, '/');
    text_printable(out, DRIVER_SIZE, name == NULL ? "?" : name + 1);
}

static bool complain_held(const struct i2c *i2c, struct error *error)
{
    char holder[DRIVER_SIZE];
    name_driver(i2c, holder);
    unsigned address = (unsigned)i2c->settings.address;
    return error_set(
        error,
        "the kernel's driver \"%s\" holds 0x%02x on %s: remove its overlay (on a "
        "Raspberry Pi from config.txt) and reboot, or for now `echo %s-%04x | sudo tee "
        "/sys/bus/i2c/drivers/%s/unbind`",
        holder, address, i2c->settings.path, number_of(i2c), address, holder);
}

static bool complain_silence(const struct i2c *i2c, struct error *error)
{
    return error_set(error,
                     "nothing answers at 0x%02x on %s: check the display's power and its wires "
                     "(SDA, SCL), and its address; `i2cdetect -y %s` lists those that answer",
                     (unsigned)i2c->settings.address, i2c->settings.path, number_of(i2c));
}

static bool complain_stuck(const struct i2c *i2c, struct error *error)
{
    return error_set(error,
                     "%s did not finish within its time: a chip holds SDA or SCL low; check the "
                     "wires, and switch the display off and on",
                     i2c->settings.path);
}

static bool complain_collision(const struct i2c *i2c, struct error *error)
{
    return error_set(error,
                     "%s was taken by another master, or SDA is held low: check the wires, and end "
                     "what else uses this bus",
                     i2c->settings.path);
}

static bool complain_smbus(const struct i2c *i2c, struct error *error)
{
    return error_set(error,
                     "%s can do SMBus only, not plain I2C: take another bus in the board file",
                     i2c->settings.path);
}

/* Linux: Documentation/i2c/fault-codes.rst; a NACK is EREMOTEIO on Pis before the 5. */
static const struct {
    int number;
    bool (*complain)(const struct i2c *, struct error *);
} faults[] = {
    {EREMOTEIO, complain_silence}, {ENXIO, complain_silence},    {EIO, complain_silence},
    {ETIMEDOUT, complain_stuck},   {EAGAIN, complain_collision}, {EOPNOTSUPP, complain_smbus},
    {EBUSY, complain_stuck},
};

static bool complain(const struct i2c *i2c, int number, struct error *error)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i].number == number)
            return faults[i].complain(i2c, error);
    const struct device device = device_of(i2c);
    return device_fault(&device, "written", number, error);
}

static bool i2c_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    const struct i2c *i2c = (struct i2c *)bus;
    ssize_t sent;
    if (length > WRITE_MAX)
        return error_set(error, "%s takes %d bytes at once, not %zu: have fewer pixels",
                         i2c->settings.path, WRITE_MAX, length);
    do
        sent = write(i2c->fd, bytes, length);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return complain(i2c, errno, error);
    if ((size_t)sent != length)
        return error_set(error,
                         "0x%02x on %s took %zd of %zu bytes: check the display's power and wires",
                         (unsigned)i2c->settings.address, i2c->settings.path, sent, length);
    return true;
}

static void i2c_close(struct bus *bus)
{
    struct i2c *i2c = (struct i2c *)bus;
    if (i2c->fd >= 0)
        (void)close(i2c->fd);
    free(i2c);
}

static const struct bus_driver driver = {i2c_send, i2c_close};

static bool open_device(struct i2c *i2c, struct error *error)
{
    const struct device device = device_of(i2c);
    i2c->fd = device_open(&device, O_RDWR, error);
    if (i2c->fd < 0)
        return false;
    /* Never I2C_SLAVE_FORCE: two drivers of one chip undo each other's work. */
    if (ioctl(i2c->fd, I2C_SLAVE, (unsigned long)i2c->settings.address) == 0)
        return true;
    if (errno == EBUSY)
        return complain_held(i2c, error);
    return device_fault(&device, "set up", errno, error);
}

struct bus *bus_open_i2c(const struct i2c_settings *settings, struct error *error)
{
    struct i2c *i2c = calloc(1, sizeof *i2c);
    if (i2c == NULL) {
        (void)error_set(error, "out of memory while opening %s", settings->path);
        return NULL;
    }
    i2c->bus.driver = &driver;
    i2c->settings = *settings;
    if (open_device(i2c, error))
        return &i2c->bus;
    i2c_close(&i2c->bus);
    return NULL;
}

bool bus_probe_i2c(const struct i2c_settings *settings, struct error *error)
{
    struct i2c i2c = {.settings = *settings};
    if (!open_device(&i2c, error)) {
        if (i2c.fd >= 0)
            (void)close(i2c.fd);
        return false;
    }
    uint8_t byte = 0;
    struct i2c_msg message = {
        .addr = (uint16_t)settings->address, .flags = I2C_M_RD, .len = 1, .buf = &byte};
    struct i2c_rdwr_ioctl_data transfer = {&message, 1};
    bool answers = ioctl(i2c.fd, I2C_RDWR, &transfer) >= 0;
    int number = errno;
    (void)close(i2c.fd);
    return answers || complain(&i2c, number, error);
}
