#include "commands/doctor/doctor.h"
#include "base/say.h"

#include "base/log.h"
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

static const struct command_spec spec = {
    .program = "amberbar",
    .command = "doctor",
    .summary =
        "Checks this machine, the lights, and Prometheus, end to end: each line is a fact, or a\n"
        "fault and what mends it. Changes nothing and lights nothing. Exits with 0 when there is\n"
        "no fault, else with 1.",
    .options = options_table,
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
};

static void print(const struct doctor *doctor, enum finding finding, const char *sentence,
                  const char *mend)
{
    static const char *const marks[] = {
        [FINDING_FACT] = "ok", [FINDING_NOTE] = "note", [FINDING_FAULT] = "FAULT"};
    say_line(stdout, "%-5s  %-10s  %s", marks[finding], doctor->check, sentence);
    if (mend != NULL)
        say_line(stdout, "%-5s  %-10s  -> %s", "", "", mend);
}

static void add_json(struct doctor *doctor, enum finding finding, const char *sentence,
                     const char *mend)
{
    static const char *const words[] = {
        [FINDING_FACT] = "ok", [FINDING_NOTE] = "note", [FINDING_FAULT] = "fault"};
    struct text *out = &doctor->json;
    text_addf(out, "%s\n  {\"check\":", doctor->findings > 0 ? "," : "");
    text_add_json(out, doctor->check);
    text_addf(out, ",\"result\":\"%s\",\"text\":", words[finding]);
    text_add_json(out, sentence);
    text_add(out, ",\"mend\":");
    if (mend != NULL)
        text_add_json(out, mend);
    else
        text_add(out, "null");
    text_add(out, "}");
}

void doctor_tell(struct doctor *doctor, enum finding finding, const char *mend, const char *format,
                 ...)
{
    struct error whole;
    const char *sentence = whole.text;
    va_list arguments;
    va_start(arguments, format);
    error_vset(&whole, format, arguments);
    va_end(arguments);
    if (doctor->as_json)
        add_json(doctor, finding, sentence, mend);
    else
        print(doctor, finding, sentence, mend);
    doctor->findings++;
    doctor->faults += finding == FINDING_FAULT;
}

/* Each complaint is a fault of its own. */
static void doctor_config(struct doctor *doctor)
{
    struct complaints complaints = {0};
    doctor->config = config_read(doctor->config_path, &complaints);
    char *rest = complaints.text.data, *line;
    while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
        if (*line != '\0')
            doctor_tell(doctor, FINDING_FAULT, NULL, "%s", line);
    complaints_free(&complaints);
    if (doctor->config == NULL)
        return;
    doctor_tell(doctor, FINDING_FACT, NULL, "%s is fine; board: %s", doctor->config_path,
                doctor->config->board.title);
    struct text remarks = {0};
    config_remarks(doctor->config, &remarks);
    rest = remarks.data;
    while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
        if (*line != '\0')
            doctor_tell(doctor, FINDING_NOTE, NULL, "%s", line);
    text_free(&remarks);
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
        say_line(stdout, "%zu faults were found; mend the first one first.", doctor->faults);
    return doctor->faults == 0 ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

int command_doctor(int argc, char **argv)
{
    struct options options;
    enum options_result result = options_read(&spec, argc, argv, &options);
    if (result != OPTIONS_FINE)
        return options_status(result);
    const char *root = options.values[OPTION_ROOT];
    const char *config = options.values[OPTION_CONFIG];
    char default_config[MACHINE_PATH_SIZE];
    static struct doctor doctor;
    doctor =
        (struct doctor){.as_json = options.values[OPTION_JSON] != NULL, .recorded = root != NULL};
    if (root != NULL && access(root, R_OK | X_OK) != 0) {
        say_line(stderr, "amberbar doctor: --root %s: %s; name a folder with a machine's files",
                 root, strerror(errno));
        return EXIT_STATUS_USAGE;
    }
    machine_look(&doctor.machine, root != NULL ? root : "");
    machine_path(&doctor.machine, CONFIG_FILE_DEFAULT, default_config);
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
    machine_forget(&doctor.machine);
    text_free(&doctor.json);
    return status;
}
