/*
 * `amberbar doctor`: checks by table, each of which tells facts, and faults with what mends them.
 */
#ifndef AMBERBAR_COMMANDS_DOCTOR_DOCTOR_H
#define AMBERBAR_COMMANDS_DOCTOR_DOCTOR_H

#include "commands/doctor/machine.h"
#include "config/config.h"

enum finding {
    FINDING_FACT,
    FINDING_NOTE, /* worth knowing; nothing has to be done */
    FINDING_FAULT,
};

#define DOCTOR_SERVICE_USER "amberbar"

struct doctor {
    struct machine machine;
    const char *config_path;
    struct config *config; /* NULL until it was read, or when it is wrong */
    struct client *client; /* NULL until Prometheus was reached */
    struct rows *rows;
    bool recorded; /* the machine is a folder (--root), not this one */

    const char *check; /* the row of the table that speaks */
    bool as_json;
    struct text json;
    size_t findings, faults;
};

/* `mend`: the command or the line that mends it; NULL when the sentence says so. */
void doctor_tell(struct doctor *doctor, enum finding finding, const char *mend, const char *format,
                 ...) __attribute__((format(printf, 4, 5)));

/* Writes the command that adds `line` to config.txt, which is in effect after the restart. The file
   may end within a section of another model, or without a newline. */
void doctor_add_line(const struct doctor *doctor, const char *line, char *mend, size_t size);

/* False for an overlay whose driver this model has not: no line of config.txt brings it. */
bool doctor_can_enable(const struct doctor *doctor, const char *setting);

/* The machine. */
void doctor_system(struct doctor *doctor);
void doctor_boot(struct doctor *doctor);
void doctor_core_clock(struct doctor *doctor);

/* The lights. */
void doctor_devices(struct doctor *doctor);
void doctor_lines(struct doctor *doctor);
void doctor_pins(struct doctor *doctor);
void doctor_power(struct doctor *doctor);

/* Who may use them, and read the config's secrets. */
void doctor_access(struct doctor *doctor);
void doctor_service(struct doctor *doctor);

/* Prometheus, from the outside in; each stays silent when one before has failed. */
void doctor_name(struct doctor *doctor);
void doctor_connection(struct doctor *doctor);
void doctor_answer(struct doctor *doctor);
void doctor_proof(struct doctor *doctor);
void doctor_clock(struct doctor *doctor);
void doctor_metrics(struct doctor *doctor);
void doctor_scrapes(struct doctor *doctor);
void doctor_rollouts(struct doctor *doctor);

/* What this machine calls one of its own lights: ACT, led0 on older kernels; NULL: it has none. */
const char *doctor_light(const struct doctor *doctor, const char *name);

/* The device file that an output is written to, NULL for none: /dev/spidev0.0. */
const char *doctor_device(const struct output_settings *output);

#endif
