#include "commands/doctor/doctor.h"

#include "bus/gpiochip.h"
#include "commands/doctor/line_holder.h"

#include <stdio.h>
#include <string.h>

#define SPI_BUFFER "/sys/module/spidev/parameters/bufsiz"
#define SPI_BUFFER_BYTES 4096 /* when the kernel does not say (drivers/spi/spidev.c) */
#define HEADER_MA 1000        /* what a Pi's 5 V pins may give, from a good supply */

/* What makes a device appear on a Raspberry Pi. */
static const struct {
    const char *beginning, *setting, *meaning;
} devices[] = {
    {"/dev/spidev0.", "dtparam=spi=on", "SPI 0"},
    {"/dev/spidev1.", "dtoverlay=spi1-1cs", "SPI 1"},
    {"/dev/i2c-1", "dtparam=i2c_arm=on", "I2C 1"},
    {"/dev/leds", "dtoverlay=ws2812-pio,gpio=18,num_leds=8", "the kernel's driver of WS2812"},
};

const char *doctor_device(const struct output_settings *output)
{
    switch (output->bus.kind) {
    case BUS_SPI:
        return output->bus.spi.path;
    case BUS_I2C:
        return output->bus.i2c.path;
    case BUS_DEVICE:
        return output->bus.device.path;
    case BUS_GPIO:
    case BUS_FILE:
    case BUS_LEDS:
        return NULL;
    }
    return NULL;
}

static void tell_absent(struct doctor *doctor, const struct output_settings *output,
                        const char *path)
{
    char mend[MACHINE_PATH_SIZE];
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        if (strncmp(path, devices[i].beginning, strlen(devices[i].beginning)) != 0)
            continue;
        bool set = machine_boot_has(&doctor->machine, devices[i].setting);
        bool i2c = output->bus.kind == BUS_I2C;
        if (doctor->machine.sections[0] == '\0')
            break;
        if (!doctor_can_enable(doctor, devices[i].setting)) {
            doctor_tell(doctor, FINDING_FAULT, NULL,
                        "%s: there is no %s, and on this Pi there never is, for %s is for a "
                        "Raspberry Pi 5: use one, or wire the strip to SPI, see `amberbar boards "
                        "ws2812-spi`",
                        output->name, path, devices[i].meaning);
            return;
        }
        if (set && i2c)
            snprintf(mend, sizeof mend,
                     "echo i2c-dev | sudo tee /etc/modules-load.d/i2c.conf && "
                     "sudo modprobe i2c-dev");
        else if (set)
            snprintf(mend, sizeof mend, "sudo reboot");
        else
            doctor_add_line(doctor, devices[i].setting, mend, sizeof mend);
        doctor_tell(doctor, FINDING_FAULT, mend, "%s: there is no %s: %s is not enabled",
                    output->name, path, devices[i].meaning);
        return;
    }
    doctor_tell(doctor, FINDING_FAULT, NULL,
                "%s: there is no %s: name a device of this machine in the board file, %s",
                output->name, path, doctor->config->board.path);
}

/* Lights that measure pulses take no pause, so a frame goes out in one piece. */
static void check_buffer(struct doctor *doctor, const struct output_settings *output)
{
    struct text text = {0};
    int64_t bytes = SPI_BUFFER_BYTES;
    size_t needed = output->chip->wire_size(output->chip_settings);
    if (machine_read(&doctor->machine, SPI_BUFFER, &text)) {
        text.data[strcspn(text.data, "\n")] = '\0';
        text_integer(text.data, 1, INT32_MAX, &bytes);
    }
    text_free(&text);
    char mend[MACHINE_PATH_SIZE];
    const char *boot = doctor->machine.boot; /* cmdline.txt stands beside it */
    snprintf(mend, sizeof mend,
             "sudo sed -i '1s/$/ spidev.bufsiz=32768/' %.*scmdline.txt && sudo reboot",
             boot != NULL ? (int)(strrchr(boot, '/') + 1 - boot) : 0, boot != NULL ? boot : "");
    if (output->chip->spi.whole && needed > (size_t)bytes)
        doctor_tell(doctor, FINDING_FAULT, mend,
                    "%s: a frame of %zu bytes does not fit into SPI's buffer of %lld", output->name,
                    needed, (long long)bytes);
    if (output->chip->spi.whole && strncmp(output->bus.spi.path, "/dev/spidev1.", 13) == 0 &&
        doctor->machine.sections[0] != '\0' && !machine_is(&doctor->machine, "pi5"))
        doctor_tell(doctor, FINDING_FAULT, NULL,
                    "%s: SPI 1 of this Pi pauses within a frame, which these LEDs take for its "
                    "end: wire them to SPI 0 (GPIO10, pin 19) and name /dev/spidev0.0 in the board "
                    "file",
                    output->name);
}

/* Nothing is said of a bus that this user may not open: the check of rights does. */
static void check_answer(struct doctor *doctor, const struct output_settings *output)
{
    const struct i2c_settings *i2c = &output->bus.i2c;
    struct error error = {0};
    if (doctor->recorded || !access_is_real(&doctor->machine, i2c->path))
        return;
    if (bus_probe_i2c(i2c, &error))
        doctor_tell(doctor, FINDING_FACT, NULL, "%s: 0x%02x answers", output->name,
                    (unsigned)i2c->address);
    else
        doctor_tell(doctor, FINDING_FAULT, NULL, "%s: %s", output->name, error.text);
}

const char *doctor_light(const struct doctor *doctor, const char *name)
{
    static const char folder[] = "/sys/class/leds";
    const char *older = strcmp(name, "ACT") == 0   ? "led0"
                        : strcmp(name, "PWR") == 0 ? "led1"
                                                   : name;
    if (machine_find(&doctor->machine, folder, name))
        return name;
    return machine_find(&doctor->machine, folder, older) ? older : NULL;
}

static void check_lights(struct doctor *doctor, const struct output_settings *output)
{
    for (size_t i = 0; i < output->bus.leds.count; i++) {
        const char *name = output->bus.leds.names[i];
        if (doctor_light(doctor, name) == NULL)
            doctor_tell(doctor, FINDING_FAULT, "ls /sys/class/leds",
                        "%s: this machine has no light %s: name one that it has in %s",
                        output->name, name, doctor->config->board.path);
    }
}

void doctor_devices(struct doctor *doctor)
{
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.output_count; i++) {
        const struct output_settings *output = &doctor->config->board.outputs[i];
        const char *path = doctor_device(output);
        struct access access;
        if (output->bus.kind == BUS_LEDS)
            check_lights(doctor, output);
        if (path == NULL)
            continue;
        machine_access(&doctor->machine, path, &access);
        if (!access.there) {
            tell_absent(doctor, output, path);
            continue;
        }
        doctor_tell(doctor, FINDING_FACT, NULL, "%s: %s is there", output->name, path);
        if (output->bus.kind == BUS_SPI)
            check_buffer(doctor, output);
        if (output->bus.kind == BUS_I2C)
            check_answer(doctor, output);
    }
}

/* False when the line is not there: the others will not be either. */
static bool check_line(struct doctor *doctor, const char labels[][BUS_NAME_SIZE],
                       const struct line_use *use, const char *output)
{
    struct line_holder holder;
    struct error error = {0};
    bool found = doctor->recorded
                     ? line_holder_recorded(&doctor->machine, labels, use->line, &holder)
                     : line_holder_find(labels, use->line, &holder, &error);
    if (!found && error.text[0] == '\0')
        error_set(&error, "no GPIO chip of this machine has the line %s", use->line);
    if (!found)
        doctor_tell(doctor, FINDING_FAULT, NULL, "%s: %s", output, error.text);
    else if (!holder.used)
        doctor_tell(doctor, FINDING_FACT, NULL, "%s: %s %s of %s is free", output, use->use,
                    use->line, holder.chip.label);
    else if (strcmp(holder.consumer, "amberbar") == 0)
        doctor_tell(doctor, FINDING_FACT, NULL, "%s: %s %s is held by amberbar, which runs", output,
                    use->use, use->line);
    else {
        gpiochip_busy(&holder.chip, use->line, holder.offset, holder.consumer, &error);
        doctor_tell(doctor, FINDING_FAULT, NULL, "%s: %s", output, error.text);
    }
    return found;
}

static bool is_ours(const struct output_settings *output, const struct line_use *use)
{
    return output->bus.kind == BUS_GPIO || strncmp(use->use, "held", 4) == 0;
}

static void check_lines(struct doctor *doctor, const struct output_settings *output)
{
    struct line_use uses[OUTPUT_LINES_MAX];
    bool gpio = output->bus.kind == BUS_GPIO;
    size_t count = output_lines(output, uses);
    for (size_t i = 0; i < count; i++)
        if (is_ours(output, &uses[i]) &&
            !check_line(doctor, gpio ? output->bus.gpio.chips : output->bus.hold.chips, &uses[i],
                        output->name))
            return;
}

void doctor_lines(struct doctor *doctor)
{
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.output_count; i++)
        check_lines(doctor, &doctor->config->board.outputs[i]);
}

/* Lines of a Pi's header that an enabled bus drives. Taking one as a plain line succeeds, and
   silently takes it from the bus (drivers/pinctrl/bcm/pinctrl-bcm2835.c is not strict). */
static const struct {
    int first, last;
    const char *device, *setting, *bus;
} shared[] = {
    {2, 3, "i2c-1", "dtparam=i2c_arm=off", "I2C 1"},
    {7, 11, "spidev0.", "dtparam=spi=off", "SPI 0"},
    {14, 15, "serial0", "enable_uart=0", "the serial console"},
    {16, 21, "spidev1.", NULL, "SPI 1"},
};

static void check_pin(struct doctor *doctor, const struct output_settings *output,
                      const struct line_use *use)
{
    int64_t number;
    char mend[MACHINE_PATH_SIZE];
    const char *digits = strncmp(use->line, "GPIO", 4) == 0 ? use->line + 4 : use->line;
    if (!use->on_header || !text_integer(digits, 0, 27, &number))
        return;
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        if (number < shared[i].first || number > shared[i].last ||
            !machine_find(&doctor->machine, "/dev", shared[i].device))
            continue;
        if (shared[i].setting != NULL)
            doctor_add_line(doctor, shared[i].setting, mend, sizeof mend);
        doctor_tell(doctor, FINDING_FAULT, shared[i].setting != NULL ? mend : NULL,
                    "%s: %s %s belongs to %s, which is enabled, and taking it would cut that off: "
                    "choose another line, or switch the bus off",
                    output->name, use->use, use->line, shared[i].bus);
    }
}

void doctor_pins(struct doctor *doctor)
{
    struct line_use uses[OUTPUT_LINES_MAX];
    if (doctor->machine.sections[0] == '\0')
        return;
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.output_count; i++) {
        const struct output_settings *output = &doctor->config->board.outputs[i];
        size_t count = output_lines(output, uses);
        for (size_t j = 0; j < count; j++)
            if (is_ours(output, &uses[j]))
                check_pin(doctor, output, &uses[j]);
    }
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.conflicts.count; i++)
        doctor_tell(doctor, FINDING_NOTE, NULL, "cannot be used beside it: %s",
                    doctor->config->board.conflicts.lines[i]);
}

/* A whole-number key of the chip, when it has one. */
static int64_t chip_number(const struct output_settings *output, const char *key)
{
    int64_t number = 0;
    for (const struct field *f = output->chip->fields; f != NULL && f->key != NULL; f++)
        if (strcmp(f->key, key) == 0 && f->type == FIELD_INTEGER)
            memcpy(&number, (const char *)output->chip_settings + f->offset, sizeof number);
    return number;
}

static void check_supply(struct doctor *doctor)
{
    struct text text = {0};
    bool low = false;
    for (int i = 0; i < 8;
         i++) { /* the firmware's own measurement (drivers/hwmon/raspberrypi-hwmon.c) */
        char path[64];
        snprintf(path, sizeof path, "/sys/class/hwmon/hwmon%d/in0_lcrit_alarm", i);
        text_clear(&text);
        low = low || (machine_read(&doctor->machine, path, &text) && text.data[0] == '1');
    }
    text_free(&text);
    if (low)
        doctor_tell(doctor, FINDING_FAULT, NULL,
                    "the 5 V of this Pi have fallen too low: use the supply that is made for it, "
                    "a shorter cable, and a supply of their own for the lights");
}

void doctor_power(struct doctor *doctor)
{
    int64_t total = 0;
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.output_count; i++) {
        const struct output_settings *output = &doctor->config->board.outputs[i];
        int64_t limit = chip_number(output, "max_ma");
        total += limit;
        if (limit > 0)
            doctor_tell(doctor, FINDING_FACT, NULL, "%s: draws %lld mA at most, by its max_ma",
                        output->name, (long long)limit);
    }
    if (total > HEADER_MA)
        doctor_tell(doctor, FINDING_NOTE, NULL,
                    "the lights may draw %lld mA, more than the %d mA of a Pi's 5 V pins: feed "
                    "them from a supply of their own, its ground joined to the Pi's, or lower "
                    "max_ma",
                    (long long)total, HEADER_MA);
    check_supply(doctor);
}
