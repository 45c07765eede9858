#include "commands/doctor.h"

#include "base/log.h"
#include "commands/commands.h"
#include "commands/load.h"
#include "prometheus/client.h"

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
    {"system", doctor_system},     {"config", doctor_config},
    {"boot", doctor_boot},         {"core clock", doctor_core_clock},
    {"devices", doctor_devices},   {"access", doctor_access},
    {"service", doctor_service},   {"lines", doctor_lines},
    {"pins", doctor_pins},         {"power", doctor_power},
    {"name", doctor_name},         {"connection", doctor_connection},
    {"answer", doctor_answer},     {"clock", doctor_clock},
    {"metrics", doctor_metrics},   {"scrapes", doctor_scrapes},
    {"rollouts", doctor_rollouts},
};

static void print(const struct doctor *doctor, enum finding finding, const char *sentence,
                  const char *mend)
{
    static const char *const marks[] = {
        [FINDING_FACT] = "ok", [FINDING_NOTE] = "note", [FINDING_FAULT] = "FAULT"};
    char safe[ERROR_TEXT_SIZE];
    text_printable(safe, sizeof safe, sentence);
    printf("%-5s  %-10s  %s\n", marks[finding], doctor->check, safe);
    if (mend != NULL)
        printf("%-5s  %-10s  -> %s\n", "", "", mend);
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
    char sentence[ERROR_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
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

static int conclude(const struct doctor *doctor)
{
    if (doctor->as_json)
        printf("{\"version\":1,\"faults\":%zu,\"findings\":[%s]}\n", doctor->faults,
               doctor->json.data != NULL ? doctor->json.data : "");
    else if (doctor->faults == 0)
        printf("\nNo fault was found.\n");
    else if (doctor->faults == 1)
        printf("\nOne fault was found.\n");
    else
        printf("\n%zu faults were found; mend the first one first.\n", doctor->faults);
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
        fprintf(stderr, "amberbar doctor: --root %s: %s; name a folder with a machine's files\n",
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
