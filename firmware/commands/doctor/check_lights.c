/* Are the lights there: device files, buses, lines, and do they answer? */
#include "commands/doctor/doctor.h"

#include "bus/gpiochip.h"
#include "commands/doctor/line_holder.h"

#include <stdio.h>
#include <string.h>

#define SPI_BUFFER "/sys/module/spidev/parameters/bufsiz"
#define SPI_BUFFER_BYTES 4096 /* when the kernel does not say (drivers/spi/spidev.c) */
#define HEADER_MA 1000        /* what a Pi's 5 V pins may give, from a good supply */

/* Lights that measure pulses take no pause, so a frame goes out in one piece. */
static void check_buffer(struct doctor *doctor, const struct output_settings *output)
{
    struct text text = {0};
    int64_t bytes = SPI_BUFFER_BYTES;
    size_t needed = output->chip->wire_size(output->chip_settings);
    if (look_read(&doctor->machine, SPI_BUFFER, &text)) {
        text.data[strcspn(text.data, "\n")] = '\0';
        text_integer(text.data, 1, INT32_MAX, &bytes);
    }
    text_free(&text);
    if (output->chip->spi.whole && needed > (size_t)bytes) {
        struct text fix = {0};
        machine_kernel_command(&doctor->machine, "spidev.bufsiz=32768", &fix);
        doctor_report(doctor, FINDING_FAULT, fix.data,
                      "%s: a frame of %zu bytes does not fit into SPI's buffer of %lld",
                      output->name, needed, (long long)bytes);
        text_free(&fix);
    }
}

/* Nothing is said of a bus that this user may not open: the check of rights does. */
static void check_answer(struct doctor *doctor, const struct output_settings *output)
{
    const struct i2c_settings *i2c = &output->bus.i2c;
    struct error error = {0};
    if (doctor->recorded || !access_is_real(&doctor->machine, i2c->path))
        return;
    if (bus_probe_i2c(i2c, &error))
        doctor_report(doctor, FINDING_FACT, NULL, "%s: 0x%02x answers", output->name,
                      (unsigned)i2c->address);
    else
        doctor_report(doctor, FINDING_FAULT, NULL, "%s: %s", output->name, error.text);
}

/* That there is a way to the controller; a datagram is not answered, and would change the light. */
static void check_way(struct doctor *doctor, const struct output_settings *output)
{
    const struct udp_settings *udp = &output->bus.udp;
    struct error error = {0};
    struct bus *bus = doctor->recorded ? NULL : bus_open_udp(udp, &error);
    if (bus != NULL)
        doctor_report(
            doctor, FINDING_FACT, NULL,
            "%s: there is a way to %s; whether port %d takes pictures is reported when they "
            "are sent",
            output->name, udp->address, (int)udp->port);
    else if (!doctor->recorded)
        doctor_report(doctor, FINDING_FAULT, NULL, "%s: %s", output->name, error.text);
    bus_close(bus);
}

static void check_usb(struct doctor *doctor, const struct output_settings *output)
{
    char path[BUS_PATH_SIZE];
    struct error error = {0};
    if (doctor->recorded)
        return;
    if (hidraw_find(&output->bus.hidraw, path, &error))
        doctor_report(doctor, FINDING_FACT, NULL, "%s: the %s is %s", output->name,
                      output->bus.hidraw.product, path);
    else
        doctor_report(doctor, FINDING_FAULT, NULL, "%s: %s", output->name, error.text);
}

static void check_framebuffer(struct doctor *doctor, const struct output_settings *output)
{
    struct advice advice;
    const char *name = output->bus.framebuffer.name;
    char path[MACHINE_NAME_SIZE];
    if (!output_device_fits(&doctor->machine, output, &advice))
        doctor_advise(doctor, FINDING_FAULT, output->name, &advice);
    else if (machine_framebuffer(&doctor->machine, name, path))
        doctor_report(doctor, FINDING_FACT, NULL, "%s: the framebuffer %s is %s", output->name,
                      name, path);
}

/* True: what follows about the device can be asked. */
static bool check_device(struct doctor *doctor, const struct output_settings *output)
{
    struct advice advice;
    struct access access;
    const char *path = output_device(output);
    bool fits = output_device_fits(&doctor->machine, output, &advice);
    access_look(&doctor->machine, path, &access);
    if (fits && !access.there) /* no device at all */
        snprintf(advice.why, sizeof advice.why,
                 "there is no %s: name a device of this machine in the board file", path);
    if (!fits || !access.there)
        doctor_advise(doctor, FINDING_FAULT, output->name, &advice);
    else
        doctor_report(doctor, FINDING_FACT, NULL, "%s: %s is there", output->name, path);
    return fits && access.there;
}

static void check_own_lights(struct doctor *doctor, const struct output_settings *output)
{
    struct advice advice;
    if (!output_lights_fit(&doctor->machine, output, &advice))
        doctor_advise(doctor, FINDING_FAULT, output->name, &advice);
}

void doctor_devices(struct doctor *doctor)
{
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.output_count; i++) {
        const struct output_settings *output = &doctor->config->board.outputs[i];
        if (output->bus.kind == BUS_LEDS)
            check_own_lights(doctor, output);
        if (output->bus.kind == BUS_UDP)
            check_way(doctor, output);
        if (output->bus.kind == BUS_HIDRAW)
            check_usb(doctor, output);
        if (output->bus.kind == BUS_FRAMEBUFFER)
            check_framebuffer(doctor, output);
        if (output_device(output) == NULL || !check_device(doctor, output))
            continue;
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
    struct advice advice;
    if (!machine_line_is_free(&doctor->machine, output_line_number(use), &advice))
        return true; /* reported among the pins; the kernel calls such a line free */
    bool found = doctor->recorded
                     ? line_holder_recorded(&doctor->machine, labels, use->line, &holder)
                     : line_holder_find(labels, use->line, &holder, &error);
    if (!found && error.text[0] == '\0')
        error_set(&error, "no GPIO chip of this machine has the line %s", use->line);
    if (!found)
        doctor_report(doctor, FINDING_FAULT, NULL, "%s: %s", output, error.text);
    else if (!holder.used)
        doctor_report(doctor, FINDING_FACT, NULL, "%s: %s %s of %s is free", output, use->use,
                      use->line, holder.chip.label);
    else if (strcmp(holder.consumer, "amberbar") == 0)
        doctor_report(doctor, FINDING_FACT, NULL, "%s: %s %s is held by amberbar, which runs",
                      output, use->use, use->line);
    else {
        gpiochip_busy(&holder.chip, use->line, holder.offset, holder.consumer, &error);
        doctor_report(doctor, FINDING_FAULT, NULL, "%s: %s", output, error.text);
    }
    return found;
}

static void check_lines(struct doctor *doctor, const struct output_settings *output)
{
    struct line_use uses[OUTPUT_LINES_MAX];
    bool gpio = output->bus.kind == BUS_GPIO;
    size_t count = output_lines(output, uses);
    for (size_t i = 0; i < count; i++)
        if (output_drives_line(output, &uses[i]) &&
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

static void check_shared(struct doctor *doctor, const struct output_settings *output,
                         const struct line_use *use)
{
    int number = output_line_number(use);
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        struct advice advice = {0};
        if (number < shared[i].first || number > shared[i].last ||
            !machine_has_some(&doctor->machine, shared[i].device) ||
            machine_select_is_left(&doctor->machine, number))
            continue;
        if (shared[i].setting != NULL)
            text_copy(advice.line, sizeof advice.line, shared[i].setting);
        snprintf(advice.why, sizeof advice.why,
                 "%.15s %.63s belongs to %.40s, which is enabled, and taking it would cut that "
                 "off: choose "
                 "another line, or switch the bus off",
                 use->use, use->line, shared[i].bus);
        doctor_advise(doctor, FINDING_FAULT, output->name, &advice);
    }
}

static void check_pin(struct doctor *doctor, const struct output_settings *output,
                      const struct line_use *use)
{
    struct advice advice;
    if (!output_drives_line(output, use))
        return;
    if (!output_line_fits(&doctor->machine, output, use, &advice))
        doctor_advise(doctor, FINDING_FAULT, output->name, &advice);
    else
        check_shared(doctor, output, use);
}

void doctor_pins(struct doctor *doctor)
{
    struct line_use uses[OUTPUT_LINES_MAX];
    if (!machine_is_pi(&doctor->machine))
        return;
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.output_count; i++) {
        const struct output_settings *output = &doctor->config->board.outputs[i];
        size_t count = output_lines(output, uses);
        for (size_t j = 0; j < count; j++)
            check_pin(doctor, output, &uses[j]);
    }
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.conflicts.count; i++)
        doctor_report(doctor, FINDING_NOTE, NULL, "cannot be used beside it: %s",
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
        low = low || (look_read(&doctor->machine, path, &text) && text.data[0] == '1');
    }
    text_free(&text);
    if (low)
        doctor_report(doctor, FINDING_FAULT, NULL,
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
            doctor_report(doctor, FINDING_FACT, NULL, "%s: draws %lld mA at most, by its max_ma",
                          output->name, (long long)limit);
    }
    if (total > HEADER_MA)
        doctor_report(doctor, FINDING_NOTE, NULL,
                      "the lights may draw %lld mA, more than the %d mA of a Pi's 5 V pins: feed "
                      "them from a supply of their own, its ground joined to the Pi's, or lower "
                      "max_ma",
                      (long long)total, HEADER_MA);
    check_supply(doctor);
}
