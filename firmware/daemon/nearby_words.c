/*
 * The words of a hint: what is not there, what is there instead, and which of it may be meant.
 */
#include "daemon/nearby.h"

#include "prometheus/promql/survey.h"

#include <string.h>

#define NAMED_MAX 4     /* of a list in a hint */
#define NAME_COLUMNS 40 /* of each */
#define NAMES_MAX (KIND_COUNT * NEARBY_MOST)

/* Names, each once. */
struct names {
    const char *list[NAMES_MAX];
    size_t count;
};

static void add_name(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i], name) == 0)
            return;
    if (names->count < NAMES_MAX && name[0] != '\0')
        names->list[names->count++] = name;
}

/* " (there are web, worker and 3 more); did you mean web?" */
static void say_names(struct text *out, const struct names *names, const char *meant)
{
    const char *near = meant != NULL ? text_suggest(meant, names->list, names->count) : NULL;
    if (names->count == 0)
        return;
    text_add(out, names->count == 1 ? " (there is " : " (there are ");
    for (size_t i = 0; i < names->count && i < NAMED_MAX; i++) {
        const bool last = i + 1 == names->count;
        text_add(out, i == 0 ? "" : last ? " and " : ", ");
        text_add_cell(out, names->list[i], 0, NAME_COLUMNS);
    }
    if (names->count > NAMED_MAX)
        text_addf(out, " and %zu more", names->count - NAMED_MAX);
    text_add(out, ")");
    if (near == NULL)
        return;
    text_add(out, "; did you mean ");
    text_add_cell(out, near, 0, NAME_COLUMNS);
    text_add(out, "?");
}

/* NULL: a pattern, of which nobody is meant. */
static const char *plain(const char *name)
{
    return name[0] != '\0' && promql_is_plain(name) ? name : NULL;
}

static const char *noun(unsigned kinds)
{
    const bool one = (kinds & (kinds - 1)) == 0;
    return one ? kind_name(kinds_first(kinds)) : "workload";
}

/* "no Deployment wbe in cms" */
static void say_what_is_missed(const struct rollout_settings *settings, struct text *out)
{
    const char *name = settings->workload;
    text_addf(out, "no %s", noun(settings->kinds));
    if (name[0] != '\0') {
        text_add(out, plain(name) != NULL ? " " : " that matches ");
        text_add_cell(out, name, 0, NAME_COLUMNS);
    }
    text_add(out, " in ");
    text_add_cell(out, settings->namespace_, 0, NAME_COLUMNS);
}

/* The kind of a workload that is what is missed, but for the label of the target that stands in the
   place of its name; NULL: there is none. */
static const struct workload_key *hidden(const struct rollout_settings *settings,
                                         const struct answer *answer)
{
    const char *name = plain(settings->workload);
    for (size_t i = 0; name != NULL && i < answer->count; i++) {
        const struct workload_key *key = &answer->rows[i].key;
        const char *own = key->exported == NULL ? NULL : strrchr(key->exported, '/');
        if (own != NULL && strcmp(own + 1, name) == 0 &&
            (settings->kinds & KIND_BIT(key->kind)) != 0)
            return key;
    }
    return NULL;
}

/* ", where a label of the target (ksm) stands in its place: set labels: {...}" */
static void say_hidden(const struct config *config, const struct workload_key *key,
                       struct text *out)
{
    text_add(out, ": a label of the target (");
    text_add_cell(out, key->name, 0, NAME_COLUMNS);
    text_addf(out, ") stands in the place of its name; set labels: {%s: {name: " LABELS_EXPORTED,
              kind_word(key->kind));
    const struct query_terms terms = config_terms(config);
    text_addf(out, "%s}}", labels_name(&terms.labels, key->kind));
}

/* ": write kinds: [StatefulSet, DaemonSet]" */
static void say_kinds(unsigned kinds, struct text *out)
{
    text_add(out, ": write kinds: [");
    for (unsigned left = kinds; left != 0; left &= left - 1)
        text_addf(out, "%s%s", left != kinds ? ", " : "", kind_name(kinds_first(left)));
    text_add(out, "]");
}

/* Something is in the namespace: another name, or another kind. */
static void say_other_names(const struct config *config, const struct rollout_settings *settings,
                            const struct answer *answer, struct text *out)
{
    const struct workload_key *pushed = hidden(settings, answer);
    struct names wanted = {.count = 0}, others = {.count = 0};
    unsigned kinds = 0;
    const struct workload_key *namesake = NULL;
    for (size_t i = 0; i < answer->count; i++) {
        const struct workload_key *key = &answer->rows[i].key;
        const bool is_wanted = (settings->kinds & KIND_BIT(key->kind)) != 0;
        add_name(is_wanted ? &wanted : &others, key->name);
        kinds |= is_wanted ? 0 : KIND_BIT(key->kind);
        if (!is_wanted && strcmp(key->name, settings->workload) == 0)
            namesake = key;
    }
    if (settings->workload[0] == '\0' && wanted.count > 0)
        return; /* what is missed was there: its own words say more */
    say_what_is_missed(settings, out);
    if (pushed != NULL) {
        say_hidden(config, pushed, out);
    } else if (namesake != NULL) {
        text_addf(out, ", but a %s of that name: write %s: ", kind_name(namesake->kind),
                  kind_word(namesake->kind));
        text_add_cell(out, settings->workload, 0, NAME_COLUMNS);
    } else if (wanted.count > 0) {
        say_names(out, &wanted, plain(settings->workload));
    } else {
        const bool any_name = settings->workload[0] == '\0'; /* else it may be none of them */
        text_addf(out, ", %s %ss", any_name ? "but" : "only", noun(kinds));
        say_names(out, &others, plain(settings->workload));
        if (any_name)
            say_kinds(kinds, out);
    }
}

static bool is_place(const struct rollout_settings *settings, const struct workload_key *key)
{
    const char *cluster = plain(settings->cluster);
    return cluster == NULL || strcmp(key->cluster, cluster) == 0;
}

/* Nothing is in the namespace: there is no such one, no such cluster, or no such label. */
static void say_other_places(const struct config *config, const struct rollout_settings *settings,
                             const struct answer *answer, struct text *out)
{
    struct names clusters = {.count = 0}, here = {.count = 0}, namespaces = {.count = 0};
    for (size_t i = 0; i < answer->count; i++) {
        const struct workload_key *key = &answer->rows[i].key;
        add_name(&clusters, key->cluster);
        add_name(&namespaces, key->namespace_);
        if (is_place(settings, key))
            add_name(&here, key->namespace_);
    }
    if (answer->count == 0)
        return;
    if (namespaces.count == 0) {
        text_addf(out, "no series has the label %s: correct namespace_label",
                  config->prometheus.namespace_label);
    } else if (settings->cluster[0] != '\0' && clusters.count == 0) {
        text_addf(out, "no series has the label %s: leave cluster out, or correct cluster_label",
                  config->prometheus.cluster_label);
    } else if (plain(settings->cluster) != NULL && here.count == 0) {
        text_add(out, "no cluster ");
        text_add_cell(out, settings->cluster, 0, NAME_COLUMNS);
        say_names(out, &clusters, settings->cluster);
    } else {
        text_add(out, plain(settings->namespace_) != NULL ? "no namespace "
                                                          : "no namespace that matches ");
        text_add_cell(out, settings->namespace_, 0, NAME_COLUMNS);
        say_names(out, &here, plain(settings->namespace_));
    }
}

void nearby_words(const struct config *config, const struct rollout_settings *settings, bool wide,
                  const struct answer *answer, struct text *out)
{
    if (wide)
        say_other_places(config, settings, answer, out);
    else
        say_other_names(config, settings, answer, out);
}
