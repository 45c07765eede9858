/* Devices: whether they are there, why not, and what brings them. */
#include "machine/machine.h"

#include <stdio.h>
#include <string.h>

/*
 * The devices of a Raspberry Pi's header and what brings them (raspberrypi/firmware,
 * boot/overlays/README).
 */
static const struct source {
    const char *path, *line, *meaning;
    const char *const switches[4]; /* of dtparam: any of them on */
} sources[] = {
    {"/dev/spidev0.0", "dtparam=spi=on", "SPI 0", {"spi"}},
    {"/dev/spidev0.1", "dtparam=spi=on", "SPI 0", {"spi"}},
    {"/dev/spidev1.0", "dtoverlay=spi1-1cs", "SPI 1", {NULL}},
    {"/dev/spidev1.1", "dtoverlay=spi1-2cs", "SPI 1", {NULL}},
    {"/dev/spidev1.2", "dtoverlay=spi1-3cs", "SPI 1", {NULL}},
    {"/dev/i2c-1", "dtparam=i2c_arm=on", "I2C 1", {"i2c_arm", "i2c", "i2c1", "i2c_baudrate"}},
};

#define SPI_BEGINNING "/dev/spidev"
#define FLASH_BEGINNING                                                      \
    "/dev/spidev10." /* of a Pi 5: the bootloader's (raspberrypi/rpi-eeprom) \
                      */
#define GPIO_INSTEAD \
    "; or wire these lights to two lines of GPIO, which need nothing enabled: bus: {gpio: ...}"

__attribute__((format(printf, 2, 3))) static bool because(struct advice *advice, const char *format,
                                                          ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(advice->why, sizeof advice->why, format, arguments);
    va_end(arguments);
    return false;
}

static const struct source *source_of(const char *path)
{
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
        if (strcmp(sources[i].path, path) == 0)
            return &sources[i];
    return NULL;
}

bool machine_is_flash(const struct machine *machine, const char *path)
{
    return machine_is(machine, "pi5") &&
           strncmp(path, FLASH_BEGINNING, strlen(FLASH_BEGINNING)) == 0;
}

/* "spidev0.1": controller and select. */
static bool spi_numbers(const char *path, unsigned *controller, unsigned *select)
{
    size_t length = strlen(SPI_BEGINNING);
    const char *at = path + length;
    bool good = strncmp(path, SPI_BEGINNING, length) == 0 && at[0] >= '0' && at[0] <= '9' &&
                at[1] == '.' && at[2] >= '0' && at[2] <= '9' && at[3] == '\0';
    *controller = good ? (unsigned)(at[0] - '0') : 0;
    *select = good ? (unsigned)(at[2] - '0') : 0;
    return good;
}

/* The last overlay that decides how many selects a controller has; false: none does. */
static bool find_selects(const struct machine *machine, unsigned controller,
                         struct boot_overlay *found, unsigned *selects)
{
    struct boot_overlay overlay;
    unsigned this, count;
    bool any = false;
    for (size_t i = 0; boot_overlay_at(machine, i, &overlay); i++) {
        if (overlay_selects(overlay.name, &this, &count) && this == controller) {
            *found = overlay;
            *selects = count;
            any = true;
        }
    }
    return any;
}

/* "; there is spidev1.0, spidev1.1": what could be meant instead, the flash left out. */
static void list_others(const struct machine *machine, const char *path, char *out, size_t size)
{
    char beginning[MACHINE_NAME_SIZE];
    size_t used = 0;
    const char *name = path + strlen("/dev/");
    snprintf(beginning, sizeof beginning, "%.*s", (int)strcspn(name, "-.0123456789"), name);
    out[0] = '\0';
    for (const char *line = machine->devices.data; line != NULL && *line != '\0' && used < size;) {
        size_t length = strcspn(line, "\n");
        char other[2 * MACHINE_NAME_SIZE];
        snprintf(other, sizeof other, "/dev/%.*s", (int)length, line);
        if (strncmp(line, beginning, strlen(beginning)) == 0 && !machine_is_flash(machine, other))
            used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? "" : ", ",
                                     other + strlen("/dev/"));
        line += length + (line[length] == '\n');
    }
}

/* Another machine, or another device than the header's: only what is there can be said. */
static bool refuse_unknown(const struct machine *machine, const struct wish *wish,
                           struct advice *advice)
{
    char others[160];
    bool spi = strncmp(wish->path, SPI_BEGINNING, strlen(SPI_BEGINNING)) == 0;
    const char *kind = spi ? "SPI" : "I2C";
    list_others(machine, wish->path, others, sizeof others);
    if (others[0] != '\0')
        return because(advice, "there is no %s here; there is %s: name one in the board file",
                       wish->path, others);
    if (!spi && strncmp(wish->path, "/dev/i2c-", 9) != 0)
        return because(advice,
                       "there is no %s here: name a device of this machine in the board "
                       "file",
                       wish->path);
    if (machine->model[0] == '\0' && source_of(wish->path) != NULL)
        return because(advice,
                       "there is no %s: enable %s (on a Raspberry Pi: %s in "
                       "/boot/firmware/config.txt, and a restart), or name a device of this "
                       "machine in the board file",
                       wish->path, source_of(wish->path)->meaning, source_of(wish->path)->line);
    return because(advice,
                   "there is no %s, nor any other %s on this machine%s%s%s: enable %s with the "
                   "machine's own tool (armbian-config, orangepi-config), and name its device in "
                   "the board file%s",
                   wish->path, kind, machine->model[0] != '\0' ? " (" : "", machine->model,
                   machine->model[0] != '\0' ? ")" : "", kind, wish->clocked ? GPIO_INSTEAD : "");
}

/* Who drives what is on that select, by /sys; "" for nobody, or spidev. */
static void find_driver(const struct machine *machine, const char *path,
                        char out[static MACHINE_NAME_SIZE])
{
    char key[MACHINE_NAME_SIZE];
    snprintf(key, sizeof key, "spi%s ", path + strlen(SPI_BEGINNING));
    out[0] = '\0';
    for (const char *line = machine->drivers.data; line != NULL && *line != '\0';) {
        size_t length = strcspn(line, "\n"), skipped = strlen(key);
        if (length > skipped && strncmp(line, key, skipped) == 0)
            snprintf(out, MACHINE_NAME_SIZE, "%.*s", (int)(length - skipped), line + skipped);
        line += length + (line[length] == '\n');
    }
    if (strcmp(out, "spidev") == 0)
        out[0] = '\0';
}

/* What overlays take, and what the kernel says; false: somebody has it. */
static bool is_untaken(const struct machine *machine, const struct wish *wish,
                       struct advice *advice)
{
    unsigned controller, select;
    char driver[MACHINE_NAME_SIZE];
    struct boot_overlay overlay;
    if (!spi_numbers(wish->path, &controller, &select))
        return true;
    for (size_t i = 0; controller == 0 && boot_overlay_at(machine, i, &overlay); i++) {
        const struct overlay_nature *nature = overlay_nature(overlay.name);
        if (nature != NULL && (nature->selects >> select & 1U) != 0)
            return because(advice,
                           "there is no %s: dtoverlay=%s in %s has that select of SPI 0 for %s; "
                           "take the line out and reboot, or wire the lights elsewhere%s",
                           wish->path, overlay.name, overlay.file, nature->purpose,
                           wish->clocked ? GPIO_INSTEAD : "");
    }
    find_driver(machine, wish->path, driver);
    if (driver[0] != '\0')
        return because(advice,
                       "there is no %s: the kernel's driver %s has that select; take its overlay "
                       "out of %s and reboot, or wire the lights elsewhere%s",
                       wish->path, driver, machine->boot, wish->clocked ? GPIO_INSTEAD : "");
    return true;
}

/* A controller that an overlay has given fewer selects. */
static bool has_select(const struct machine *machine, const struct wish *wish,
                       struct advice *advice)
{
    static const char *const counts[SPI_SELECTS + 1] = {"no", "one", "two", "three"};
    unsigned controller, select, selects = 0;
    struct boot_overlay overlay;
    if (!spi_numbers(wish->path, &controller, &select) ||
        !find_selects(machine, controller, &overlay, &selects) || select < selects ||
        (select == 0 && controller == 0))
        return true;
    snprintf(advice->fix, sizeof advice->fix,
             "sudo sed -i 's/^ *\\(dtoverlay\\|device_tree_overlay\\)=%s/dtoverlay=spi%u-%ucs/' %s "
             "&& sudo reboot",
             overlay.name, controller, select + 1, overlay.file);
    char instead[128] = "";
    if (!wish->selects && selects > 0)
        snprintf(instead, sizeof instead,
                 "; these lights need none, and work on " SPI_BEGINNING
                 "%u.0, which the board file "
                 "can name",
                 controller);
    return because(advice,
                   "there is no %s: dtoverlay=%s in %s leaves SPI %u with %s chip select%s%s",
                   wish->path, overlay.name, overlay.file, controller, counts[selects],
                   selects == 1 ? "" : "s", instead);
}

/* Its chip takes a picture when the select rises, and nothing raises it. */
static bool can_select(const struct machine *machine, const struct wish *wish,
                       struct advice *advice)
{
    unsigned controller, select, selects = 1;
    struct boot_overlay overlay;
    if (!wish->selects || !spi_numbers(wish->path, &controller, &select) ||
        !find_selects(machine, controller, &overlay, &selects) || selects > 0)
        return true;
    snprintf(advice->fix, sizeof advice->fix,
             "sudo sed -i 's/^ *\\(dtoverlay\\|device_tree_overlay\\)=%s/dtoverlay=spi%u-1cs/' %s "
             "&& sudo reboot",
             overlay.name, controller, overlay.file);
    return because(
        advice,
        "%s is there, but dtoverlay=%s in %s leaves it without a chip select, whose rise "
        "shows the picture on these lights: they stay dark",
        wish->path, overlay.name, overlay.file);
}

/* SPI 1 and 2 of Pis before the 5 have no DMA (RPiDoc, "SPI"; jgarff/rpi_ws281x#400). */
static bool is_gapless(const struct machine *machine, const struct wish *wish,
                       struct advice *advice)
{
    unsigned controller, select;
    if (!wish->timed || !machine_is_pi(machine) || machine_is(machine, "pi5") ||
        !spi_numbers(wish->path, &controller, &select) || controller == 0 || controller > 2)
        return true;
    return because(advice,
                   "SPI %u of this Pi pauses within a frame, which these LEDs take for its end: "
                   "wire them to SPI 0 (GPIO10, pin 19) and name /dev/spidev0.0 in the board file",
                   controller);
}

static bool is_enabled(const struct machine *machine, const struct source *source)
{
    struct boot_overlay overlay;
    unsigned controller, select, selects;
    bool on = false;
    for (size_t i = 0; i < 4 && source->switches[i] != NULL; i++)
        on = on || boot_parameter(machine, source->switches[i]) == BOOT_ON;
    return on || (spi_numbers(source->path, &controller, &select) &&
                  find_selects(machine, controller, &overlay, &selects) && select < selects);
}

/* It is set, and not there. */
static bool refuse_late(const struct machine *machine, const struct source *source,
                        struct advice *advice)
{
    bool i2c = strncmp(source->path, "/dev/i2c", 8) == 0;
    if (i2c)
        text_copy(advice->fix, sizeof advice->fix,
                  "echo i2c-dev | sudo tee /etc/modules-load.d/i2c.conf && sudo modprobe i2c-dev");
    return because(advice,
                   i2c ? "there is no %s, though %s enables %s: the driver i2c-dev is not loaded, "
                         "or the Pi has not been restarted since"
                       : "there is no %s, though %s enables %s: restart the Pi if it has not been "
                         "since; if it has, another driver has the device (`ls -l "
                         "/sys/bus/spi/devices/*/driver`), or this is Debian's own kernel, with "
                         "whose device tree dtparam does nothing",
                   source->path, machine->boot, source->meaning);
}

static bool refuse_absent(const struct machine *machine, const struct wish *wish,
                          struct advice *advice)
{
    const struct source *source = source_of(wish->path);
    if (!machine_is_pi(machine) || source == NULL)
        return refuse_unknown(machine, wish, advice);
    if (!is_untaken(machine, wish, advice) || !has_select(machine, wish, advice))
        return false;
    if (boot_is_deaf(machine))
        return because(advice,
                       "there is no %s, and no line of %s brings it: the device tree is that of "
                       "Debian's own kernel, where dtparam and overlays of Raspberry Pi do "
                       "nothing; take Raspberry Pi OS%s",
                       wish->path, machine->boot, wish->clocked ? GPIO_INSTEAD : "");
    if (is_enabled(machine, source))
        return refuse_late(machine, source, advice);
    text_copy(advice->line, sizeof advice->line, source->line);
    return because(advice, "there is no %s: %s is not enabled", wish->path, source->meaning);
}

bool machine_offers(const struct machine *machine, const struct wish *wish, struct advice *advice)
{
    *advice = (struct advice){0};
    if (machine_is_flash(machine, wish->path))
        return because(advice,
                       "%s of a Pi 5 is the memory that it starts from, and never for lights: name "
                       "/dev/spidev0.0 in the board file",
                       wish->path);
    if (strncmp(wish->path, "/dev/", 5) != 0)
        return true; /* a test's */
    if (!machine_has(machine, wish->path + strlen("/dev/")))
        return refuse_absent(machine, wish, advice);
    return can_select(machine, wish, advice) && is_gapless(machine, wish, advice);
}

#define CE0_LINE 8

bool machine_select_is_left(const struct machine *machine, int line)
{
    struct boot_overlay overlay;
    unsigned selects;
    return (line == CE0_LINE || line == CE0_LINE - 1) &&
           find_selects(machine, 0, &overlay, &selects) && CE0_LINE - line >= (int)selects;
}
