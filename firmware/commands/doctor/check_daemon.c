/*
 * The daemon that runs: one look at Prometheus has no memory, and the wall has. What the wall does
 * not know is a fault, however well Prometheus answers now.
 */
#include "commands/doctor/doctor.h"

#include "commands/common/report.h"
#include "commands/common/running.h"

#include <stdio.h>
#include <string.h>

#define TIME_SIZE 64

static bool is(const struct node *map, const char *key, const char *word)
{
    return strcmp(report_text(map, key), word) == 0;
}

/* How many of a list are unknown; each is reported. */
static size_t report_unknown(struct doctor *doctor, const struct node *status, const char *list,
                             const char *noun)
{
    const struct node *all = report_list(status, list);
    char since[TIME_SIZE];
    size_t unknown = 0;
    for (size_t i = 0; i < all->count; i++) {
        const struct node *one = &all->children[i];
        if (!is(one, "state", "unknown"))
            continue;
        unknown++;
        report_time(report_text(one, "since"), since, sizeof since);
        doctor_report(doctor, FINDING_FAULT, NULL, "the wall's %s %s is unknown since %s: %s", noun,
                      report_text(one, "name"), since, report_text(one, "why"));
    }
    return unknown;
}

static size_t report_missed(struct doctor *doctor, const struct node *status)
{
    const struct node *sources = report_list(report_map(status, "evidence"), "sources");
    char since[TIME_SIZE];
    size_t missed = 0;
    for (size_t i = 0; i < sources->count; i++) {
        const struct node *source = &sources->children[i];
        if (!is(source, "missed", "true"))
            continue;
        missed++;
        report_time(report_text(source, "last_seen"), since, sizeof since);
        doctor_report(
            doctor, FINDING_FAULT, NULL,
            "the exporter %s, which showed %ss, is gone from Prometheus since %s: look at "
            "its /targets page, and at the exporter's pod",
            report_text(source, "source"), report_text(source, "kind"), since);
    }
    return missed;
}

/* What the daemon says of itself: keys that are null when all is well. */
static size_t report_own_faults(struct doctor *doctor, const struct node *status)
{
    static const struct {
        const char *map, *key, *words;
    } faults[] = {
        {"poll", "error", "the daemon's last poll failed"},
        {NULL, "output_fault", "the daemon cannot write its lights"},
        {NULL, "reload_fault", "the daemon refuses the config file as it is now"},
    };
    size_t found = 0;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const struct node *map = faults[i].map == NULL ? status : report_map(status, faults[i].map);
        const struct node *fault = node_get(map, faults[i].key);
        if (fault == NULL || fault->type != NODE_SCALAR || fault->plain)
            continue;
        found++;
        doctor_report(doctor, FINDING_FAULT, NULL, "%s: %s", faults[i].words, fault->text);
    }
    return found;
}

static void report_wall(struct doctor *doctor, const struct running *running)
{
    const struct node *status = tree_root(running->tree);
    size_t faults = report_own_faults(doctor, status);
    faults += report_missed(doctor, status);
    faults += report_unknown(doctor, status, "rollouts", "rollout");
    faults += report_unknown(doctor, status, "indicators", "indicator");
    if (faults == 0)
        doctor_report(doctor, FINDING_FACT, NULL,
                      "the daemon runs, and knows the state of all %zu that it shows (%s)",
                      report_list(status, "rollouts")->count +
                          report_list(status, "indicators")->count,
                      running->path);
}

void doctor_daemon(struct doctor *doctor)
{
    struct running running;
    char written[TIME_SIZE];
    if (doctor->recorded)
        return;
    const enum running_state state = running_find(&running);
    report_time(running_updated(&running), written, sizeof written);
    switch (state) {
    case RUNNING_NONE:
        doctor_report(
            doctor, FINDING_NOTE, NULL,
            "no daemon runs: doctor and once have no memory, and an exporter that has gone "
            "is missed only by a daemon that has seen it before");
        break;
    case RUNNING_ENDED:
        doctor_report(doctor, FINDING_FAULT, "sudo journalctl -u amberbar -n 50",
                      "the daemon ended without a word, and last wrote %s at %s", running.path,
                      written);
        break;
    case RUNNING_OLD:
        doctor_report(doctor, FINDING_FAULT, "sudo systemctl restart amberbar",
                      "the daemon hangs: it last wrote %s at %s", running.path, written);
        break;
    case RUNNING_WELL:
        report_wall(doctor, &running);
        break;
    }
    running_forget(&running);
}
