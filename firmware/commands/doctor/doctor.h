/*
 * `amberbar doctor`: checks by table, each of which reports facts, and faults with what fixes them.
 */
#ifndef AMBERBAR_COMMANDS_DOCTOR_DOCTOR_H
#define AMBERBAR_COMMANDS_DOCTOR_DOCTOR_H

#include "commands/doctor/accounts.h"
#include "config/board/needs.h"

enum finding {
    FINDING_FAULT,
    FINDING_NOTE, /* worth knowing; nothing has to be done */
    FINDING_FACT,
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

/* `fix`: the command or the line that fixes it; NULL when the sentence says so. */
void doctor_report(struct doctor *doctor, enum finding finding, const char *fix, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));

/* Reports what `advice` says is wrong with an output, "" for the machine, and what fixes it. */
void doctor_advise(struct doctor *doctor, enum finding finding, const char *output,
                   const struct advice *advice);

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

/* The daemon that runs, and what its wall does not know. */
void doctor_daemon(struct doctor *doctor);

#endif
