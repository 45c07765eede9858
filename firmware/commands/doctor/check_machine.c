/* What this machine is, and whether its firmware has enabled what the board needs. */
#include "commands/common/version.h"
#include "commands/doctor/doctor.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define REBOOT "sudo reboot"

void doctor_advise(struct doctor *doctor, enum finding finding, const char *output,
                   const struct advice *advice)
{
    struct text fix = {0};
    if (advice->line[0] != '\0')
        machine_line_command(&doctor->machine, advice->line, &fix);
    else
        text_add(&fix, advice->fix);
    doctor_report(doctor, finding, fix.length > 0 ? fix.data : NULL, "%s%s%s", output,
                  output[0] != '\0' ? ": " : "", advice->why);
    text_free(&fix);
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
    if (look_read(&doctor->machine, "/etc/os-release", &release))
        find_value(release.data, "PRETTY_NAME", name, sizeof name);
    look_read(&doctor->machine, "/proc/sys/kernel/osrelease", &kernel);
    if (kernel.data != NULL)
        kernel.data[strcspn(kernel.data, "\n")] = '\0';
    const char *model = doctor->machine.model;
    doctor_report(doctor, FINDING_FACT, NULL, "%s, %s, kernel %s, amberbar %s",
                  model[0] != '\0' ? model : "no Raspberry Pi", name,
                  kernel.data != NULL ? kernel.data : "unknown", version());
    text_free(&release);
    text_free(&kernel);
}

/* True when config.txt has changed since this machine was started: it is not in effect yet. */
static bool waits_for_reboot(const struct doctor *doctor)
{
    struct text text = {0};
    char path[LOOK_PATH_SIZE];
    struct stat status;
    int64_t booted = 0;
    if (doctor->recorded || !look_read(&doctor->machine, "/proc/stat", &text))
        return false;
    char *found = strstr(text.data, "btime ");
    if (found != NULL) {
        found += strlen("btime ");
        found[strcspn(found, "\n")] = '\0';
        text_integer(found, 0, INT64_MAX, &booted);
    }
    text_free(&text);
    look_path(&doctor->machine, doctor->machine.boot, path);
    return booted > 0 && stat(path, &status) == 0 && (int64_t)status.st_mtime > booted;
}

/* Lines whose effect is looked at itself: a device, a clock. */
static bool is_looked_at(const char *line)
{
    static const char *const effects[] = {"dtparam=spi", "dtparam=i2c", "dtoverlay=ws2812-pio",
                                          "dtoverlay=spi", "core_freq"};
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++)
        if (strncmp(line, effects[i], strlen(effects[i])) == 0)
            return true;
    return false;
}

/* Whether all that the board is wired to is there: then a line more is hardly needed. */
static bool has_devices(const struct doctor *doctor)
{
    struct advice advice;
    for (size_t i = 0; i < doctor->config->board.output_count; i++)
        if (!output_device_fits(&doctor->machine, &doctor->config->board.outputs[i], &advice))
            return false;
    return true;
}

static void check_enabled(struct doctor *doctor, const char *line)
{
    struct advice advice = {0};
    if (boot_has(&doctor->machine, line)) {
        doctor_report(doctor, FINDING_FACT, NULL, "%s has %s", doctor->machine.boot, line);
        return;
    }
    text_copy(advice.line, sizeof advice.line, line);
    snprintf(advice.why, sizeof advice.why, "%s wants the line %s in %s",
             doctor->config->board.title, line, doctor->machine.boot);
    doctor_advise(doctor, has_devices(doctor) ? FINDING_NOTE : FINDING_FAULT, "", &advice);
}

/* What the board wants in config.txt, beyond what the other checks see at work. */
void doctor_boot(struct doctor *doctor)
{
    const struct machine *machine = &doctor->machine;
    if (!machine_is_pi(machine))
        return;
    if (machine->boot_count == 0) {
        doctor_report(doctor, FINDING_NOTE, NULL,
                      "%s cannot be read, so what it enables is not known, only what is there",
                      machine->boot);
        return;
    }
    bool counts = true;
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.enable.count; i++) {
        const char *line = doctor->config->board.enable.lines[i];
        if (line[0] == '[')
            counts = boot_obeys(machine, line);
        else if (counts && !is_looked_at(line))
            check_enabled(doctor, line);
    }
    if (waits_for_reboot(doctor))
        doctor_report(doctor, FINDING_FAULT, REBOOT,
                      "%s has changed since the start and is not in effect yet", machine->boot);
}

void doctor_core_clock(struct doctor *doctor)
{
    struct advice advice;
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.output_count; i++) {
        const struct output_settings *output = &doctor->config->board.outputs[i];
        if (!output_measures_pulses(output) || !machine_is_pi(&doctor->machine))
            continue;
        bool steady = output_clock_fits(&doctor->machine, output, &advice);
        if (steady)
            doctor_report(doctor, FINDING_FACT, NULL, "%s: the clock of SPI stands still",
                          output->name);
        else
            doctor_advise(doctor, doctor->machine.boot_count > 0 ? FINDING_FAULT : FINDING_NOTE,
                          output->name, &advice);
    }
}
