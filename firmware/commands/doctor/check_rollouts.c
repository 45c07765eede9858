/*
 * What each rollout and indicator of the config comes to, at one poll as the daemon makes it.
 */
#include "commands/doctor/doctor.h"

#include "base/clock.h"
#include "daemon/model.h"
#include "daemon/source.h"

#include <stdio.h>

/* Nothing of that name: what there is instead is in the sentence, or one command away. */
static void report_blind(struct doctor *doctor, const struct rollout_settings *settings,
                         const struct rollout *rollout, const char *sentence)
{
    char fix[LOOK_PATH_SIZE + 64];
    if (rollout->hint[0] != '\0') {
        doctor_report(doctor, FINDING_FAULT, NULL, "rollout %s: %s", settings->name, sentence);
        return;
    }
    snprintf(fix, sizeof fix, "amberbar discover -c '%s'", doctor->config_path);
    doctor_report(doctor, FINDING_FAULT, fix,
                  "rollout %s: %s (it looks for %s in namespace %s%s%s)", settings->name, sentence,
                  settings->workload[0] != '\0' ? settings->workload : "everything",
                  settings->namespace_, settings->cluster[0] != '\0' ? " of cluster " : "",
                  settings->cluster);
}

static void report_rollout(struct doctor *doctor, const struct rollout_settings *settings,
                           const struct rollout *rollout)
{
    char sentence[HISTORY_WHY_SIZE];
    rollout_sentence(rollout, sentence, sizeof sentence);
    bool odd = rollout->verdict.state == STATE_UNKNOWN || rollout->verdict.why == WHY_RATIO_RANGE;
    if (rollout_is_missed(rollout))
        report_blind(doctor, settings, rollout, sentence);
    else
        doctor_report(doctor, odd ? FINDING_FAULT : FINDING_FACT, NULL, "rollout %s: %s",
                      rollout->name, sentence);
}

static void report_indicator(struct doctor *doctor, const struct model *model, size_t index)
{
    const struct indicator *indicator = &model->indicators.indicators[index];
    char sentence[HISTORY_WHY_SIZE];
    indicator_sentence(indicator, model->rollouts, sentence, sizeof sentence);
    if (indicator->health == HEALTH_UNKNOWN)
        doctor_report(doctor, FINDING_FAULT, NULL, "indicator %s: %s; try its query in %s/graph",
                      indicator->name, sentence, doctor->config->prometheus.url);
    else
        doctor_report(doctor, FINDING_FACT, NULL, "indicator %s: %s: %s", indicator->name,
                      health_name(indicator->health), sentence);
}

/* One poll as the daemon makes it. */
void doctor_rollouts(struct doctor *doctor)
{
    struct error error = {0};
    struct model model;
    if (doctor->client == NULL)
        return;
    if (!model_start(&model, doctor->config, clock_monotonic_ms(), &error)) {
        doctor_report(doctor, FINDING_FAULT, NULL, "%s", error.text);
        return;
    }
    const struct source_subjects subjects = model_subjects(&model);
    struct source *source = source_open(doctor->config, &subjects, &error);
    while (source != NULL && !source_complete(source))
        source_wait(source, NULL, 0, INT64_MAX);
    const bool answered = source != NULL && source_report(source)->ok;
    if (!answered)
        doctor_report(doctor, FINDING_FAULT, NULL, "%s",
                      source == NULL ? error.text : source_report(source)->error.text);
    if (source != NULL && source_report(source)->remark.text[0] != '\0')
        doctor_report(doctor, FINDING_NOTE, NULL, "%s", source_report(source)->remark.text);
    for (size_t i = 0; source != NULL && i < model.count; i++)
        if (answered || model.rollouts[i].verdict.why != WHY_FETCH) /* else it is said already */
            report_rollout(doctor, &doctor->config->rollouts[i], &model.rollouts[i]);
    if (source != NULL)
        model_take(&model, source_report(source), clock_monotonic_ms());
    for (size_t i = 0; source != NULL && i < model.indicators.count; i++)
        report_indicator(doctor, &model, i);
    source_close(source);
    model_stop(&model);
}
