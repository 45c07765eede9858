/* What the bar is about: namespaces, or single workloads, of those that Prometheus knows. */
#include "commands/setup/setup.h"

#include "prometheus/promql/promql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 15
#define PROPOSED_MAX 6
#define NAMES_SHOWN 80
#define WORD_SIZE 512

/* Namespaces of what a cluster is made of, which nobody deploys to by the day. */
static bool is_machinery(const char *namespace_)
{
    static const char *const begins[] = {"kube-",  "openshift", "cattle-",     "gke-",
                                         "istio-", "calico-",   "gatekeeper-", "flux-"};
    static const char *const words[] = {"monitoring", "logging",      "observability", "prometheus",
                                        "argocd",     "cert-manager", "ingress-nginx", "longhorn",
                                        "metallb",    "linkerd",      "vault",         "velero"};
    const size_t length = strlen(namespace_), tail = strlen("-system");
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
        if (strncmp(namespace_, begins[i], strlen(begins[i])) == 0)
            return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(namespace_, words[i]) == 0)
            return true;
    return length > tail && strcmp(namespace_ + length - tail, "-system") == 0;
}

static int compare_places(const void *a, const void *b)
{
    const struct place *one = a, *other = b;
    const int machinery = is_machinery(one->namespace_) - is_machinery(other->namespace_);
    const int cluster = strcmp(one->cluster, other->cluster);
    if (machinery != 0)
        return machinery;
    return cluster != 0 ? cluster : strcmp(one->namespace_, other->namespace_);
}

void workloads_rank(struct discovery *found)
{
    if (found->count > 0)
        qsort(found->places, found->count, sizeof *found->places, compare_places);
}

static void list(const struct setup *setup)
{
    const struct discovery *found = &setup->found;
    for (size_t i = 0; i < found->count && i < SHOWN_MAX; i++) {
        struct text line = {0};
        text_addf(&line, "   %zu  ", i + 1);
        discover_add_counts(&line, found, &found->places[i]);
        if (!line.failed)
            setup_say(setup, "%s", line.data);
        text_free(&line);
    }
    if (found->count > SHOWN_MAX)
        setup_say(setup, "   and %zu more: `amberbar discover --url URL` lists them",
                  found->count - SHOWN_MAX);
}

/* False: there is nothing to keep. */
static bool keeps_rollouts(struct setup *setup)
{
    if (setup->former.config == NULL ||
        !former_section(setup->former.source.data, "rollouts", &setup->rollouts))
        return false;
    former_names(&setup->former, &setup->names);
    return !setup->names.failed;
}

/* What there was is proposed. False: there is none. */
static bool propose_kept(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    const bool kept = keeps_rollouts(setup);
    if (kept) {
        setup_say(setup, "   %s has: %s; `" AS_BEFORE "` keeps them as they are there.",
                  setup->path, setup->names.data);
        text_copy(proposed, ANSWER_SIZE, AS_BEFORE);
    }
    text_clear(&setup->rollouts);
    text_clear(&setup->names);
    return kept;
}

/* Why the proposal is not all of the list. */
static void say_left_out(const struct setup *setup)
{
    const struct discovery *found = &setup->found;
    struct text names = {0};
    size_t count = 0, own = 0;
    for (size_t i = 0; i < found->count; i++) {
        const char *name = found->places[i].namespace_;
        own += !is_machinery(name);
        if (!is_machinery(name) || count++ >= PROPOSED_MAX)
            continue;
        text_addf(&names, "%s%s", count > 1 ? ", " : "", name);
    }
    if (own > PROPOSED_MAX)
        setup_say(setup, "   Proposed are the first %d.", PROPOSED_MAX);
    else if (own > 0 && count > 0 && !names.failed)
        setup_say(setup, "   Not proposed: %s%s, of which the cluster itself consists.", names.data,
                  count > PROPOSED_MAX ? " ..." : "");
    text_free(&names);
}

/* Those that somebody deploys to; where there are no such, all. */
static void look_for_workloads(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    const struct discovery *found = &setup->found;
    struct text names = {0};
    size_t taken = 0;
    for (size_t i = 0; i < found->count; i++) {
        char name[ROLLOUT_NAME_SIZE];
        if (is_machinery(found->places[i].namespace_) || taken == PROPOSED_MAX)
            continue;
        discover_name(found, i, name);
        text_addf(&names, "%s%s", taken > 0 ? ", " : "", name);
        taken++;
    }
    if (taken == 0)
        text_add(&names, "all");
    if (!names.failed)
        text_copy(proposed, ANSWER_SIZE, names.data);
    text_free(&names);
    list(setup);
    if (!propose_kept(setup, proposed))
        say_left_out(setup);
}

/* The place of that name; found->count: there is none. */
static size_t find_name(const struct discovery *found, const char *word)
{
    char name[ROLLOUT_NAME_SIZE];
    size_t index = 0;
    for (; index < found->count; index++) {
        discover_name(found, index, name);
        if (strcmp(name, word) == 0)
            break;
    }
    return index;
}

/* Or of that number: only who sees the list can mean one, and a name that is a number goes first.
 */
static size_t find_place(const struct setup *setup, const char *word)
{
    const struct discovery *found = &setup->found;
    const size_t index = find_name(found, word);
    int64_t number;
    if (index == found->count && setup->asks && !setup->by_option &&
        text_integer(word, 1, (int64_t)found->count, &number))
        return (size_t)number - 1;
    return index;
}

/* "there is no namespace shp in Prometheus; did you mean shop?" */
static bool refuse_place(const struct discovery *found, const char *word, struct error *error)
{
    const char *names[SHOWN_MAX * 8];
    const size_t most = sizeof names / sizeof names[0];
    const size_t count = found->count < most ? found->count : most;
    for (size_t i = 0; i < count; i++)
        names[i] = found->places[i].namespace_;
    const char *near = text_suggest(word, names, count);
    return error_set(error, "Prometheus knows no namespace %.*s%s%s%s", (int)text_fit(word, 80),
                     word, near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                     near != NULL ? "?" : "");
}

static bool refuse_workload(const struct place *place, const char *word, struct error *error)
{
    struct text there = {0};
    for (size_t i = 0; i < place->workload_count && there.length < NAMES_SHOWN; i++)
        text_addf(&there, "%s%s", i > 0 ? ", " : "", place->workloads[i].name);
    error_set(error, "there is no workload %.*s in %s; there %s %s%s", (int)text_fit(word, 80),
              word, place->namespace_, place->workload_count == 1 ? "is" : "are",
              there.data != NULL ? there.data : "too many to be listed",
              there.length >= NAMES_SHOWN ? " ..." : "");
    text_free(&there);
    return false;
}

static void begin_rollout(struct setup *setup, struct meant meant, const char *name)
{
    if (setup->meant_count < CONFIG_ROLLOUTS_MAX)
        setup->meant[setup->meant_count] = meant;
    setup->meant_count++;
    text_addf(&setup->names, "%s", setup->names.length > 0 ? ", " : "");
    discover_add_yaml(&setup->names, name);
    text_add(&setup->rollouts, "  - {name: ");
    discover_add_yaml(&setup->rollouts, name);
}

static void note_namespace(struct setup *setup, const struct place *place)
{
    struct text one = {0};
    const char *all = setup->namespaces.data;
    bool known = false;
    promql_add_alternative(&one, place->namespace_);
    for (const char *at = all; at != NULL && !one.failed && (at = strstr(at, one.data)) != NULL;
         at++)
        known |= (at == all || at[-1] == '|') && strchr("|", at[one.length]) != NULL;
    if (!known)
        promql_add_alternative(&setup->namespaces, place->namespace_);
    text_free(&one);
}

static void add_place(struct setup *setup, size_t index)
{
    const struct place *place = &setup->found.places[index];
    char name[ROLLOUT_NAME_SIZE];
    discover_name(&setup->found, index, name);
    text_add(&setup->rollouts, "  # ");
    discover_add_counts(&setup->rollouts, &setup->found, place);
    text_add(&setup->rollouts, "\n");
    begin_rollout(setup, (struct meant){index, MEANT_ALL}, name);
    discover_add_selection(&setup->rollouts, &setup->found, index, true);
    text_add(&setup->rollouts, "}\n");
    note_namespace(setup, place);
}

static bool add_workload(struct setup *setup, size_t index, const char *word, struct error *error)
{
    const struct place *place = &setup->found.places[index];
    char name[ROLLOUT_NAME_SIZE];
    for (size_t i = 0; i < place->workload_count; i++) {
        const struct found_workload *workload = &place->workloads[i];
        struct text pattern = {0};
        if (strcmp(workload->name, word) != 0)
            continue;
        if (snprintf(name, sizeof name, "%s/%s", place->namespace_, word) >= (int)sizeof name)
            return error_set(error, "the name %.60s is too long for a bar's", word);
        begin_rollout(setup, (struct meant){index, i}, name);
        discover_add_selection(&setup->rollouts, &setup->found, index, false);
        text_addf(&setup->rollouts, ", %s: ", kind_word(workload->kind));
        promql_add_alternative(&pattern, word);
        discover_add_yaml(&setup->rollouts, pattern.failed ? word : pattern.data);
        text_add(&setup->rollouts, "}\n");
        text_free(&pattern);
        note_namespace(setup, place);
        return true;
    }
    return refuse_workload(place, word, error);
}

/* "shop", "2", "shop/web" */
static bool add_word(struct setup *setup, char *word, struct error *error)
{
    const struct discovery *found = &setup->found;
    size_t index = find_place(setup, word);
    if (index < found->count) {
        add_place(setup, index);
        return true;
    }
    char *slash = strrchr(word, '/');
    if (slash == NULL)
        return refuse_place(found, word, error);
    *slash = '\0';
    index = find_place(setup, word);
    return index < found->count ? add_workload(setup, index, slash + 1, error)
                                : refuse_place(found, word, error);
}

static bool add_words(struct setup *setup, const char *answer, struct error *error)
{
    const char *at = answer + strspn(answer, ", ");
    for (; *at != '\0'; at += strspn(at, ", ")) {
        char word[WORD_SIZE];
        const size_t length = strcspn(at, ", ");
        if (length >= sizeof word)
            return error_set(error, "that name is too long");
        memcpy(word, at, length);
        word[length] = '\0';
        if (!add_word(setup, word, error))
            return false;
        at += length;
    }
    return setup->rollouts.length > 0 || error_set(error, "name at least one namespace");
}

static enum tried try_workloads(struct setup *setup, const char *answer, struct error *error)
{
    bool good = true;
    const bool all =
        strcmp(answer, "all") == 0 && find_name(&setup->found, answer) == setup->found.count;
    setup->meant_count = 0;
    text_clear(&setup->rollouts);
    text_clear(&setup->names);
    text_clear(&setup->namespaces);
    if (strcmp(answer, AS_BEFORE) == 0 && keeps_rollouts(setup))
        return compose_accepted(setup, error) ? TRIED_FINE : TRIED_REFUSED;
    for (size_t i = 0; all && i < setup->found.count; i++)
        add_place(setup, i);
    if (!all)
        good = add_words(setup, answer, error);
    return good && compose_accepted(setup, error) ? TRIED_FINE : TRIED_REFUSED;
}

static void word_workloads(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "What shall the bar be about? Namespaces, or NAMESPACE/WORKLOAD, or `all`");
}

const struct question question_rollouts = {SETUP_ROLLOUTS, "what the bar is about", word_workloads,
                                           NULL,           look_for_workloads,      try_workloads,
                                           false};
