#include "commands/doctor/doctor.h"

#include "base/log.h"
#include "base/say.h"
#include "base/table.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "prometheus/http/client.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_CONFIG, OPTION_JSON, OPTION_ROOT };

static const struct option_spec options_table[] = {
    CONFIG_OPTION,
    {"--json", NULL, NULL, "print one JSON object"},
    {"--root", NULL, "DIR", "look at a machine whose files were copied to DIR"},
    {0},
};

static void doctor_config(struct doctor *doctor);

/* In this order, from the machine to the far end. A check more is a row more. */
static const struct check {
    const char *name;
    void (*look)(struct doctor *doctor);
} checks[] = {
    {"system", doctor_system},   {"config", doctor_config},
    {"boot", doctor_boot},       {"core clock", doctor_core_clock},
    {"devices", doctor_devices}, {"access", doctor_access},
    {"service", doctor_service}, {"lines", doctor_lines},
    {"pins", doctor_pins},       {"power", doctor_power},
    {"name", doctor_name},       {"connection", doctor_connection},
    {"answer", doctor_answer},   {"proof", doctor_proof},
    {"clock", doctor_clock},     {"metrics", doctor_metrics},
    {"scrapes", doctor_scrapes}, {"rollouts", doctor_rollouts},
    {"daemon", doctor_daemon},
};

static const char *word_of(enum finding finding)
{
    switch (finding) {
        ROW(FINDING_FAULT, "fault");
        ROW(FINDING_NOTE, "note");
        ROW(FINDING_FACT, "ok");
    }
    NO_OTHER_ROW;
}

static void print(const struct doctor *doctor, enum finding finding, const char *sentence,
                  const char *fix)
{
    say_line(stdout, "%-5s  %-10s  %s", finding == FINDING_FAULT ? "FAULT" : word_of(finding),
             doctor->check, sentence);
    if (fix != NULL)
        say_line(stdout, "%-5s  %-10s  -> %s", "", "", fix);
}

static void add_json(struct doctor *doctor, enum finding finding, const char *sentence,
                     const char *fix)
{
    struct text *out = &doctor->json;
    text_addf(out, "%s\n  {\"check\":", doctor->findings > 0 ? "," : "");
    text_add_json(out, doctor->check);
    text_addf(out, ",\"result\":\"%s\",\"text\":", word_of(finding));
    text_add_json(out, sentence);
    text_add(out, ",\"fix\":");
    if (fix != NULL)
        text_add_json(out, fix);
    else
        text_add(out, "null");
    text_add(out, "}");
}

void doctor_report(struct doctor *doctor, enum finding finding, const char *fix, const char *format,
                   ...)
{
    struct error whole;
    const char *sentence = whole.text;
    va_list arguments;
    va_start(arguments, format);
    error_vset(&whole, format, arguments);
    va_end(arguments);
    if (doctor->as_json)
        add_json(doctor, finding, sentence, fix);
    else
        print(doctor, finding, sentence, fix);
    doctor->findings++;
    doctor->faults += finding == FINDING_FAULT;
}

/* A finding each. */
static void report_lines(struct doctor *doctor, enum finding finding, const struct text *lines)
{
    char *rest = lines->data, *line;
    while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
        if (*line != '\0')
            doctor_report(doctor, finding, NULL, "%s", line);
}

static void doctor_config(struct doctor *doctor)
{
    struct complaints complaints = {0};
    struct text remarks = {0};
    doctor->config = config_read(doctor->config_path, &complaints);
    if (doctor->config != NULL && !doctor->recorded) /* files are of the machine it was made on */
        config_check_files(doctor->config, &complaints, &remarks);
    report_lines(doctor, FINDING_FAULT, &complaints.text);
    if (doctor->config != NULL) {
        if (complaints.count == 0)
            doctor_report(doctor, FINDING_FACT, NULL, "%s is fine; board: %s", doctor->config_path,
                          doctor->config->board.title);
        config_remarks(doctor->config, &remarks);
        report_lines(doctor, FINDING_NOTE, &remarks);
    }
    text_free(&remarks);
    complaints_free(&complaints);
}

static void conclude_json(const struct doctor *doctor)
{
    say_line(stdout, "{\"version\":1,\"faults\":%zu,\"findings\":[", doctor->faults);
    say_lines(stdout, doctor->json.data != NULL ? doctor->json.data : "");
    say_line(stdout, "]}");
}

static int conclude(const struct doctor *doctor)
{
    if (!doctor->as_json)
        say_lines(stdout, "\n");
    if (doctor->as_json)
        conclude_json(doctor);
    else if (doctor->faults == 0)
        say_line(stdout, "No fault was found.");
    else if (doctor->faults == 1)
        say_line(stdout, "One fault was found.");
    else
        say_line(stdout, "%zu faults were found; fix the first one first.", doctor->faults);
    return doctor->faults == 0 ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

static int run_doctor(const struct options *options)
{
    const char *root = options->values[OPTION_ROOT];
    const char *config = options->values[OPTION_CONFIG];
    char default_config[LOOK_PATH_SIZE];
    static struct doctor doctor;
    doctor =
        (struct doctor){.as_json = options->values[OPTION_JSON] != NULL, .recorded = root != NULL};
    if (root != NULL && access(root, R_OK | X_OK) != 0) {
        say_line(stderr, "amberbar doctor: --root %s: %s; name a folder with a machine's files",
                 root, strerror(errno));
        return EXIT_STATUS_USAGE;
    }
    look_at(&doctor.machine, root != NULL ? root : "");
    look_path(&doctor.machine, CONFIG_FILE_DEFAULT, default_config);
    doctor.config_path = config != NULL ? config : default_config;
    signal(SIGPIPE, SIG_IGN);
    log_threshold(LOG_LEVEL_ERROR); /* the findings say it all */
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        doctor.check = checks[i].name;
        checks[i].look(&doctor);
        fflush(stdout);
    }
    int status = conclude(&doctor);
    client_close(doctor.client);
    rows_free(doctor.rows);
    config_free(doctor.config);
    look_away(&doctor.machine);
    text_free(&doctor.json);
    return status;
}

const struct command command_doctor = {
    .name = "amberbar doctor",
    .brief = "check this machine, the lights and Prometheus, end to end",
    .summary =
        "Checks this machine, the lights, and Prometheus, end to end: each line is a fact, or a\n"
        "fault and what fixes it. Changes nothing and lights nothing. Exits with 0 when there is\n"
        "no fault, else with 1.",
    .options = options_table,
    .run = run_doctor,
};
