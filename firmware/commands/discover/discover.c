#include "commands/discover/discover.h"
#include "base/say.h"

#include "base/clock.h"
#include "base/log.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "prometheus/http/client.h"
#include "prometheus/promql/survey.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE_MAX 500 /* workloads that one request asks for */

static const struct option_spec options_table[] = {
    CONFIG_OPTION,
    {"--url", NULL, "URL", "a Prometheus that needs no credentials, instead of a config"},
    {0},
};

struct search {
    struct discovery *found;
    const struct inquiry *inquiry;
    struct query_terms terms;
    struct text query;
    struct answer answer;
    struct error error;
};

/* Asks search->query; false: search->error says why there is no answer. */
static bool ask(struct search *search)
{
    struct http_answer http;
    struct refusal refusal;
    const struct prometheus_settings *settings = &search->found->config->prometheus;
    const struct asked asked = {.namespace_ = settings->namespace_label,
                                .labels = search->terms.labels,
                                .cluster = settings->cluster_label,
                                .selections = 1};
    struct client *client = search->inquiry->client;
    struct rows *rows = search->inquiry->rows;
    char name[CLIENT_ASK_SIZE];
    client_name_question(client, name);
    if (!client_ask(client, CLIENT_WORKLOADS, search->query.data, name, &search->error) ||
        question_wait(search->inquiry, &http, &search->error) == CLIENT_FAILED)
        return false;
    bool good = response_workloads(&http, &asked, rows, &search->answer, &refusal);
    const char *remark = response_remark(rows);
    if (!good)
        search->error = refusal.error;
    if (remark[0] != '\0')
        text_copy(search->found->remark, sizeof search->found->remark, remark);
    return good;
}

static struct place *place_of(const struct discovery *found, const char *cluster,
                              const char *namespace_)
{
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->places[i].namespace_, namespace_) == 0 &&
            strcmp(found->places[i].cluster, cluster) == 0)
            return &found->places[i];
    return NULL;
}

static struct place *add_place(struct discovery *found, const char *cluster, const char *namespace_)
{
    struct place *known = place_of(found, cluster, namespace_);
    if (known != NULL)
        return known;
    if (found->count == found->room) {
        size_t room = found->room > 0 ? 2 * found->room : 16;
        struct place *places = realloc(found->places, room * sizeof *places);
        if (places == NULL)
            return NULL;
        found->places = places;
        found->room = room;
    }
    struct place *place = &found->places[found->count++];
    *place = (struct place){.total = 0};
    text_copy(place->cluster, sizeof place->cluster, cluster);
    text_copy(place->namespace_, sizeof place->namespace_, namespace_);
    found->several |= strcmp(place->cluster, found->places[0].cluster) != 0;
    return place;
}

static int compare_places(const void *a, const void *b)
{
    const struct place *one = a, *other = b;
    int order = strcmp(one->cluster, other->cluster);
    return order != 0 ? order : strcmp(one->namespace_, other->namespace_);
}

static const char *exported_name(struct search *search, enum workload_kind kind)
{
    char *name = search->found->names[kind];
    snprintf(name, sizeof search->found->names[kind], LABELS_EXPORTED "%s",
             labels_name(&search->terms.labels, kind));
    return name;
}

/* Where a target's label stands in the place of workloads' own, theirs is taken: all else would
   be listed under the exporter's. */
static bool find_labels(struct search *search)
{
    struct labels *labels = &search->terms.labels;
    const bool usual = strcmp(search->terms.namespace_label, "namespace") == 0;
    if (!query_exported(&search->query, &search->terms, &search->error) || !ask(search))
        return false;
    for (int i = 0; i < KIND_COUNT; i++) {
        const bool moved = (response_exported_namespaces(search->inquiry->rows) & KIND_BIT(i)) != 0;
        const bool renamed = (response_exported_names(search->inquiry->rows) & KIND_BIT(i)) != 0;
        const bool takes_namespace = moved && usual && labels->of[i].namespace_ == NULL;
        const bool takes_name = renamed && labels->of[i].name == NULL;
        if (takes_namespace)
            labels->of[i].namespace_ = LABELS_EXPORTED "namespace";
        if (takes_name)
            labels->of[i].name = exported_name(search, (enum workload_kind)i);
        search->found->relabelled |= takes_namespace || takes_name;
    }
    search->found->labels = *labels;
    search->found->remark[0] = '\0';
    return true;
}

static bool find_places(struct search *search)
{
    if (!survey_namespaces(&search->query, &search->terms, 0, &search->error) || !ask(search))
        return false;
    for (size_t i = 0; i < search->answer.count; i++) {
        const struct row *row = &search->answer.rows[i];
        if (row->spec <= 0 || row->key.namespace_[0] == '\0' ||
            strlen(row->key.namespace_) >= WORKLOAD_NAMESPACE_SIZE ||
            strlen(row->key.cluster) >= WORKLOAD_CLUSTER_SIZE)
            continue;
        struct place *place = add_place(search->found, row->key.cluster, row->key.namespace_);
        if (place == NULL)
            return error_set(&search->error, "not enough memory for the namespaces");
        place->counts[row->key.kind] += (size_t)row->spec;
        place->total += (size_t)row->spec;
    }
    if (search->found->count > 0)
        qsort(search->found->places, search->found->count, sizeof(struct place), compare_places);
    return true;
}

static bool note_workload(struct place *place, const struct workload *workload)
{
    if (place->workload_count == place->workload_room) {
        const size_t room = place->workload_room > 0 ? 2 * place->workload_room : 8;
        struct found_workload *workloads = realloc(place->workloads, room * sizeof *workloads);
        if (workloads == NULL)
            return false;
        place->workloads = workloads;
        place->workload_room = room;
    }
    struct found_workload *found = &place->workloads[place->workload_count++];
    found->kind = workload->kind;
    text_copy(found->name, sizeof found->name, workload->name);
    return true;
}

/* Judges the rows of some places as the daemon would at its first poll. */
static bool take_rows(struct search *search, size_t total)
{
    struct rollout rollout = {
        .kinds = KINDS_ALL, .limits = limits_default, .capacity = total + AT_ONCE_MAX};
    const int64_t now = clock_monotonic_ms();
    rollout.workloads = calloc(rollout.capacity, sizeof *rollout.workloads);
    if (rollout.workloads == NULL)
        return error_set(&search->error, "not enough memory for %zu workloads", total);
    rollout_start(&rollout, now);
    rollout_observe(&rollout, &search->answer, 0, now);
    for (size_t i = 0; i < rollout.count; i++) {
        const struct workload *workload = &rollout.workloads[i];
        struct place *place = place_of(search->found, workload->cluster, workload->namespace_);
        if (place != NULL && !note_workload(place, workload))
            search->error = (struct error){"not enough memory for the workloads"};
        if (place != NULL)
            discover_report(place, workload);
    }
    for (size_t i = 0; i < search->answer.count; i++)
        traits_note(&search->found->traits, &search->answer.rows[i]);
    free(rollout.workloads);
    return search->error.text[0] == '\0';
}

static size_t at_once(const struct search *search)
{
    int64_t fit = search->found->config->prometheus.max_response_bytes / PROMETHEUS_WORKLOAD_BYTES;
    return fit < AT_ONCE_MAX ? (size_t)fit : AT_ONCE_MAX;
}

/* Places from `first` on, all of one cluster, whose rows one answer holds: at least one. */
static size_t count_fitting(const struct search *search, size_t first, size_t *total)
{
    const struct place *places = search->found->places;
    size_t at = first;
    *total = 0;
    do {
        *total += places[at++].total;
    } while (at < search->found->count && *total + places[at].total <= at_once(search) &&
             strcmp(places[at].cluster, places[first].cluster) == 0);
    return at - first;
}

/* Asks for the rows of as many places as one answer holds, from `first` on; how many these were.
   One that is too large is passed over: its number of workloads has to do. 0: failed. */
static size_t take_places(struct search *search, size_t first)
{
    struct text pattern = {0}, cluster = {0};
    const struct place *places = search->found->places;
    size_t total, count = count_fitting(search, first, &total);
    for (size_t i = first; i < first + count; i++)
        promql_add_alternative(&pattern, places[i].namespace_);
    promql_add_alternative(&cluster, places[first].cluster);
    const char *chosen = cluster.length > 0 ? cluster.data : "";
    const struct selection selection = {.kinds = KINDS_ALL,
                                        .namespace_ = pattern.data,
                                        .cluster = search->found->several ? chosen : NULL};
    bool good = !pattern.failed && !cluster.failed &&
                (total > at_once(search) ||
                 (query_workloads(&search->query, &search->terms, &selection, 1, &search->error) &&
                  ask(search) && take_rows(search, total)));
    text_free(&pattern);
    text_free(&cluster);
    return good ? count : 0;
}

static bool explore(struct search *search)
{
    if (!find_labels(search) || !find_places(search))
        return false;
    if (search->found->count == 0)
        return error_set(&search->error,
                         "no workload is visible: let this Prometheus scrape kube-state-metrics, "
                         "and look at its /targets page%s%s",
                         search->found->remark[0] != '\0' ? "; " : "", search->found->remark);
    size_t taken = 1;
    for (size_t at = 0; taken > 0 && at < search->found->count; at += taken)
        taken = take_places(search, at);
    return taken > 0;
}

bool discover_find(struct discovery *found, const struct inquiry *inquiry, struct error *error)
{
    struct search search = {
        .found = found, .inquiry = inquiry, .terms = config_terms(found->config)};
    search.terms.selections = 1;
    const bool good = explore(&search);
    if (!good)
        *error = search.error;
    text_free(&search.query);
    return good;
}

void discovery_free(struct discovery *found)
{
    for (size_t i = 0; i < found->count; i++) {
        text_free(&found->places[i].lines);
        free(found->places[i].workloads);
    }
    free(found->places);
    *found = (struct discovery){0};
}

static int discover(const struct config *config, const char *path)
{
    struct discovery found = {
        .config = config, .config_path = path, .traits = {.lacks = lacks_begin()}};
    struct error error = {0};
    struct text text = {0};
    const struct inquiry inquiry = {client_open(&config->prometheus, &error), rows_new(), -1};
    bool good =
        inquiry.client != NULL && inquiry.rows != NULL && discover_find(&found, &inquiry, &error);
    if (good && discover_write(&found, &text))
        say_lines(stdout, text.data);
    else {
        retry_words_cut(&error); /* here nobody asks again */
        say_line(stderr, "amberbar discover: %s",
                 good ? "not enough memory for the config" : error.text);
    }
    discovery_free(&found);
    client_close(inquiry.client);
    rows_free(inquiry.rows);
    good = good && !text.failed;
    text_free(&text);
    return good ? EXIT_STATUS_OK : EXIT_STATUS_FAULT;
}

/* A config that knows no more than the address: "prometheus:9090" is HTTP, as elsewhere. */
static struct config *config_of_url(const char *url)
{
    struct text text = {0}, whole = {0};
    struct error error;
    const bool short_of_scheme = strstr(url, "://") == NULL && options_is_address(url);
    text_addf(&whole, "%s%s", short_of_scheme ? "http://" : "", url);
    add_bare_config(&text, whole.failed ? "" : whole.data, "");
    struct config *config = load_made_config(&text, &error);
    if (config == NULL)
        say_line(stderr, "amberbar discover: %s", error.text);
    text_free(&whole);
    text_free(&text);
    return config;
}

static int run_discover(const struct options *options)
{
    const char *path = options->values[0], *url = options->values[1];
    if (path != NULL && url != NULL) {
        say_line(stderr, "amberbar discover: --config and --url exclude each other; give one");
        return EXIT_STATUS_USAGE;
    }
    struct config *config = url != NULL ? config_of_url(url) : load_config(path);
    if (config == NULL)
        return EXIT_STATUS_USAGE;
    signal(SIGPIPE, SIG_IGN);
    log_threshold(LOG_LEVEL_ERROR);
    int status = discover(config, url != NULL ? NULL : config->path);
    config_free(config);
    return status;
}

const struct command command_discover = {
    .name = "amberbar discover",
    .brief = "list what Prometheus knows, as config ready to paste",
    .summary =
        "Lists the namespaces and workloads that Prometheus knows, with their replicas and state,\n"
        "as a config ready to paste, and says which metrics are missing and what that costs.",
    .options = options_table,
    .run = run_discover,
};
