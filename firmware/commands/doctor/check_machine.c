#include "commands/common/version.h"
#include "commands/doctor/doctor.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define REBOOT "sudo reboot"

void doctor_add_line(const struct doctor *doctor, const char *line, char *mend, size_t size)
{
    snprintf(mend, size, "printf '\\n[all]\\n%s\\n' | sudo tee -a %s && " REBOOT, line,
             doctor->machine.boot != NULL ? doctor->machine.boot : "config.txt");
}

bool doctor_can_enable(const struct doctor *doctor, const char *setting)
{
    static const char overlay[] = "dtoverlay=ws2812-pio"; /* of the chip RP1 */
    return strncmp(setting, overlay, sizeof overlay - 1) != 0 ||
           machine_is(&doctor->machine, "pi5");
}

/* The value of KEY="..." or KEY=... in a file such as /etc/os-release. */
static void find_value(const char *text, const char *key, char *out, size_t size)
{
    size_t length = strlen(key);
    out[0] = '\0';
    for (const char *line = text; line != NULL && *line != '\0';) {
        if (strncmp(line, key, length) == 0 && line[length] == '=') {
            const char *value = line + length + 1;
            value += *value == '"';
            snprintf(out, size, "%.*s", (int)strcspn(value, "\"\n"), value);
        }
        line = strchr(line, '\n');
        line += line != NULL;
    }
}

void doctor_system(struct doctor *doctor)
{
    struct text release = {0}, kernel = {0};
    char name[128] = "unknown system";
    if (machine_read(&doctor->machine, "/etc/os-release", &release))
        find_value(release.data, "PRETTY_NAME", name, sizeof name);
    machine_read(&doctor->machine, "/proc/sys/kernel/osrelease", &kernel);
    if (kernel.data != NULL)
        kernel.data[strcspn(kernel.data, "\n")] = '\0';
    const char *model = doctor->machine.model;
    doctor_tell(doctor, FINDING_FACT, NULL, "%s, %s, kernel %s, amberbar %s",
                model[0] != '\0' ? model : "no Raspberry Pi", name,
                kernel.data != NULL ? kernel.data : "unknown", version());
    text_free(&release);
    text_free(&kernel);
}

/* True when config.txt has changed since this machine was started: it is not in effect yet. */
static bool waits_for_reboot(const struct doctor *doctor)
{
    struct text text = {0};
    char path[MACHINE_PATH_SIZE];
    struct stat status;
    int64_t booted = 0;
    if (doctor->recorded || !machine_read(&doctor->machine, "/proc/stat", &text))
        return false;
    char *found = strstr(text.data, "btime ");
    if (found != NULL) {
        found += strlen("btime ");
        found[strcspn(found, "\n")] = '\0';
        text_integer(found, 0, INT64_MAX, &booted);
    }
    text_free(&text);
    machine_path(&doctor->machine, doctor->machine.boot, path);
    return booted > 0 && stat(path, &status) == 0 && (int64_t)status.st_mtime > booted;
}

static void check_enabled(struct doctor *doctor, const char *line)
{
    char mend[2 * BOARD_NOTE_SIZE];
    if (machine_boot_has(&doctor->machine, line)) {
        doctor_tell(doctor, FINDING_FACT, NULL, "%s has %s", doctor->machine.boot, line);
        return;
    }
    doctor_add_line(doctor, line, mend, sizeof mend);
    doctor_tell(doctor, FINDING_FAULT, mend, "%s needs the line %s in %s",
                doctor->config->board.title, line, doctor->machine.boot);
}

/* What the board wants enabled, and can be. The core clock has a check of its own. */
void doctor_boot(struct doctor *doctor)
{
    const struct machine *machine = &doctor->machine;
    if (machine->sections[0] == '\0')
        return;
    if (machine->boot == NULL) {
        doctor_tell(doctor, FINDING_NOTE, NULL,
                    "there is no config.txt in /boot/firmware or /boot, so what is enabled "
                    "cannot be told");
        return;
    }
    bool counts = true;
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.enable.count; i++) {
        const char *line = doctor->config->board.enable.lines[i];
        if (line[0] == '[')
            counts = machine_obeys(machine, line);
        else if (counts && strncmp(line, "core_freq", strlen("core_freq")) != 0 &&
                 doctor_can_enable(doctor, line))
            check_enabled(doctor, line);
    }
    if (waits_for_reboot(doctor))
        doctor_tell(doctor, FINDING_FAULT, REBOOT,
                    "%s has changed since the start and is not in effect yet", machine->boot);
}

/*
 * On Pis before the 5, SPI's clock is made from the core's, which falls when the Pi is idle; then
 * every LED that measures pulses reads ones: white. The lines that hold it (jgarff/rpi_ws281x,
 * README; raspberrypi/linux#3381). The core of a Pi 1 and 2 stands still by itself.
 */
static const struct {
    const char *family, *key, *value;
} steady[] = {
    {"pi0", "core_freq", "250"},
    {"pi3", "core_freq", "250"},
    {"pi4", "core_freq", "500"},
    {"pi4", "core_freq_min", "500"},
};

static bool measures_pulses(const struct output_settings *output)
{
    return output->bus.kind == BUS_SPI && output->chip->spi.whole;
}

static void check_steady(struct doctor *doctor, const char *key, const char *value)
{
    char is[MACHINE_NAME_SIZE], line[MACHINE_NAME_SIZE], mend[2 * MACHINE_PATH_SIZE];
    const char *boot = doctor->machine.boot;
    machine_boot_value(&doctor->machine, key, is);
    if (strcmp(is, value) == 0) {
        doctor_tell(doctor, FINDING_FACT, NULL, "%s=%s holds the clock of SPI", key, value);
        return;
    }
    snprintf(line, sizeof line, "%s=%s", key, value);
    doctor_add_line(doctor, line, mend, sizeof mend);
    if (is[0] == '\0')
        doctor_tell(doctor, FINDING_FAULT, mend,
                    "the clock of SPI falls when this Pi is idle, and all LEDs turn white: "
                    "%s=%s is missing in %s",
                    key, value, boot);
    else
        doctor_tell(doctor, FINDING_FAULT, mend,
                    "the clock of SPI is wrong for these LEDs: %s has %s=%s, not %s", boot, key, is,
                    value);
}

void doctor_core_clock(struct doctor *doctor)
{
    bool needed = false;
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.output_count; i++)
        needed = needed || measures_pulses(&doctor->config->board.outputs[i]);
    for (size_t i = 0; needed && i < sizeof steady / sizeof steady[0]; i++)
        if (machine_is(&doctor->machine, steady[i].family) && doctor->machine.boot != NULL)
            check_steady(doctor, steady[i].key, steady[i].value);
}
