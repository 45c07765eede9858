/* What the answers mean, as the structs that a config is read to: what is written is read back and
   compared with it. */
#include "commands/common/load_config.h"
#include "commands/setup/setup.h"
#include "commands/setup/verify.h"

#include "prometheus/promql/promql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is left out has the values of this one. */
static const char plain[] = "board: terminal\nprometheus: {url: http://localhost}\n"
                            "rollouts: [{name: a, namespace: a}]\n"
                            "indicators: [{name: b, query: a, warning: 1, critical: 2, grace: 2m, "
                            "explained_by: [a]}]\n";

static bool copy_pattern(char out[static CONFIG_PATTERN_SIZE], const char *name)
{
    struct text pattern = {0};
    promql_add_alternative(&pattern, name);
    const bool good = !pattern.failed && text_copy(out, CONFIG_PATTERN_SIZE, pattern.data);
    text_free(&pattern);
    return good;
}

static bool mean_rollout(const struct discovery *found, const struct meant *meant,
                         struct rollout_settings *out)
{
    const struct place *place = &found->places[meant->place];
    const struct found_workload *workload =
        meant->workload < place->workload_count ? &place->workloads[meant->workload] : NULL;
    out->kinds = workload != NULL ? KIND_BIT(workload->kind) : 0;
    for (int kind = 0; workload == NULL && kind < KIND_COUNT; kind++)
        out->kinds |= place->counts[kind] > 0 ? KIND_BIT(kind) : 0;
    if (workload != NULL && snprintf(out->name, sizeof out->name, "%s/%s", place->namespace_,
                                     workload->name) >= (int)sizeof out->name)
        return false;
    if (workload == NULL)
        discover_name(found, meant->place, out->name);
    return copy_pattern(out->namespace_, place->namespace_) &&
           (!found->several || place->cluster[0] == '\0' ||
            copy_pattern(out->cluster, place->cluster)) &&
           (workload == NULL || copy_pattern(out->workload, workload->name));
}

/* A section of the config that is there, as it was written: it begins with its key. */
static bool keeps_rollouts(const struct setup *setup)
{
    const char *rollouts = setup->rollouts.data;
    return setup->former.config != NULL && rollouts != NULL &&
           strncmp(rollouts, "rollouts:", strlen("rollouts:")) == 0;
}

static bool check_rollouts(const struct setup *setup, const struct config *usual,
                           const struct config *read, struct error *error)
{
    const struct config *former = setup->former.config;
    if (keeps_rollouts(setup))
        return verify_rollouts(read, former->rollouts, former->rollout_count, error);
    const size_t count = setup->meant_count;
    struct rollout_settings *meant =
        count <= CONFIG_ROLLOUTS_MAX ? calloc(count + 1, sizeof *meant) : NULL;
    if (meant == NULL)
        return error_set(error, "%zu rollouts are more than there is room for", count);
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        meant[i] = usual->rollouts[0];
        good = mean_rollout(&setup->found, &setup->meant[i], &meant[i]);
    }
    good = good ? verify_rollouts(read, meant, count, error)
                : error_set(error, "a name is too long for a config");
    free(meant);
    return good;
}

static bool check_indicators(const struct setup *setup, const struct config *usual,
                             const struct config *read, struct error *error)
{
    static struct indicator_settings meant; /* large */
    const struct config *former = setup->former.config;
    const struct suggestion *one = setup->indicator;
    if (setup->indicators.length > 0 &&
        former != NULL) /* explained by rollouts that may be others */
        return !keeps_rollouts(setup) ||
               verify_indicators(read, former->indicators, former->indicator_count, error);
    if (one == NULL)
        return verify_indicators(read, NULL, 0, error);
    meant = usual->indicators[0];
    text_copy(meant.name, sizeof meant.name, one->name);
    text_copy(meant.query, sizeof meant.query, one->query);
    meant.limits.warning = one->warning;
    meant.limits.critical = one->critical;
    meant.explained_by_count = read->rollout_count;
    for (size_t i = 0; i < read->rollout_count; i++)
        meant.explained_by[i] = i;
    return verify_indicators(read, &meant, 1, error);
}

static bool check_server(const struct setup *setup, const struct config *read, struct error *error)
{
    const struct config *tried = setup->trial;
    return tried == NULL || strcmp(read->prometheus.url, tried->prometheus.url) == 0 ||
           error_set(error, "the address %.80s cannot be written into a config",
                     tried->prometheus.url);
}

/* Behind the board, which is another while its own file is not there yet. */
static const char *behind_board(const struct text *text)
{
    const char *at =
        text->failed || text->data == NULL ? NULL : strstr(text->data, "\nprometheus:");
    return at != NULL ? at : "";
}

bool meant_is_written(const struct setup *setup, struct error *error)
{
    struct text text = {0}, usual_text = {0};
    text_add(&usual_text, plain);
    compose(setup, COMPOSE_CHECK, &text);
    const bool same = behind_board(&text)[0] != '\0' &&
                      strcmp(behind_board(&text), behind_board(&setup->file)) == 0;
    struct config *read = same ? load_made_config(&text, error) : NULL;
    struct config *usual = read != NULL ? load_made_config(&usual_text, error) : NULL;
    if (!same)
        error_set(error, "what would be written is not what was tried; begin anew");
    const bool good = usual != NULL && check_server(setup, read, error) &&
                      check_rollouts(setup, usual, read, error) &&
                      check_indicators(setup, usual, read, error);
    config_free(usual);
    config_free(read);
    text_free(&usual_text);
    text_free(&text);
    return good;
}
