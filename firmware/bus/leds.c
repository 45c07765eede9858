/*
 * The machine's own lights (Linux: Documentation/leds/leds-class.rst).
 */
#include "base/intake.h"
#include "base/text.h"
#include "bus/device.h"
#include "bus/driver.h"
#include "bus/look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIRECTORY "/sys/class/leds"
#define FILE_SIZE (sizeof DIRECTORY + BUS_NAME_SIZE + 16)

struct led {
    char path[FILE_SIZE]; /* of its brightness */
    char on[16];          /* the brightness it can have */
    bool inverted;        /* it is lit at 0 */
    int fd;               /* of that file; -1: not open */
};

struct leds {
    struct bus bus;
    struct led leds[BUS_LEDS_MAX];
    size_t count;
};

static void make_path(const char *name, const char *file, char path[static FILE_SIZE])
{
    (void)snprintf(path, FILE_SIZE, DIRECTORY "/%s/%s", name, file);
}

static struct device device_of(const char *path)
{
    return (struct device){.path = path,
                           .group = "gpio",
                           .absence = "put one of this machine's lights into the board file",
                           .others = DIRECTORY "/"};
}

static int open_file(const char *path, struct error *error)
{
    const struct device device = device_of(path);
    return device_open(&device, O_WRONLY, error);
}

static bool put(const char *path, int fd, const char *word, struct error *error)
{
    const struct device device = device_of(path);
    ssize_t written = pwrite(fd, word, strlen(word), 0);
    if (written < 0)
        return device_fault(&device, "written", errno, error);
    if ((size_t)written != strlen(word))
        return error_set(error, "%s took only a part of \"%s\": look at the kernel's log (`dmesg`)",
                         path, word);
    return true;
}

/* A trigger would go on switching the light. */
static bool end_trigger(const char *name, struct error *error)
{
    char path[FILE_SIZE];
    make_path(name, "trigger", path);
    int fd = open_file(path, error);
    bool ended = fd >= 0 && put(path, fd, "none", error);
    if (fd >= 0)
        (void)close(fd);
    return ended;
}

/* 255 for a light that can be dimmed, 1 for one on a GPIO line. */
static void read_brightest(const char *name, char out[static 16])
{
    char path[FILE_SIZE], text[16] = "";
    int64_t value = 1;
    make_path(name, "max_brightness", path);
    int fd = intake_open(path, INTAKE_FILE);
    ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        (void)close(fd);
    text[length > 0 ? length : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    (void)text_integer(text, 1, INT32_MAX, &value);
    (void)snprintf(out, 16, "%d", (int)value);
}

static bool is_inverted(const struct machine *machine, const struct leds_light *light)
{
    if (light->inverted != LIGHT_BY_MODEL)
        return light->inverted == LIGHT_INVERTED;
    return machine_light_inverted(machine, light->name);
}

static bool open_led(struct led *led, const struct machine *machine, const struct leds_light *light,
                     struct error *error)
{
    const char *known = machine_light(machine, light->name);
    const char *present = known != NULL ? known : light->name;
    led->inverted = is_inverted(machine, light);
    make_path(present, "brightness", led->path);
    read_brightest(present, led->on);
    if (!end_trigger(present, error))
        return false;
    led->fd = open_file(led->path, error);
    return led->fd >= 0;
}

static bool leds_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    const struct leds *leds = (struct leds *)bus;
    if (length != leds->count)
        return error_set(error,
                         "the chip has %zu lamps, but %zu lights are named: name one for each lamp "
                         "in the board file",
                         length, leds->count);
    for (size_t i = 0; i < length; i++) {
        const struct led *led = &leds->leds[i];
        if (!put(led->path, led->fd, (bytes[i] != 0) != led->inverted ? led->on : "0", error))
            return false;
    }
    return true;
}

static void leds_close(struct bus *bus)
{
    struct leds *leds = (struct leds *)bus;
    for (size_t i = 0; i < leds->count; i++)
        if (leds->leds[i].fd >= 0)
            (void)close(leds->leds[i].fd);
    free(leds);
}

static const struct bus_driver driver = {leds_send, leds_close};

struct bus *bus_open_leds(const struct leds_settings *settings, struct error *error)
{
    struct leds *leds = calloc(1, sizeof *leds);
    if (leds == NULL) {
        (void)error_set(error, "out of memory while opening lights");
        return NULL;
    }
    leds->bus.driver = &driver;
    leds->count = settings->count;
    for (size_t i = 0; i < leds->count; i++)
        leds->leds[i].fd = -1;
    struct machine machine;
    size_t opened = 0;
    look_at(&machine, "");
    while (opened < leds->count &&
           open_led(&leds->leds[opened], &machine, &settings->lights[opened], error))
        opened++;
    look_away(&machine);
    if (opened == leds->count)
        return &leds->bus;
    leds_close(&leds->bus);
    return NULL;
}
