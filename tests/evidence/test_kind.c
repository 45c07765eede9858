/* What a kind's tables say: each metric and what its lack costs, and the pattern of a set of them.
 */
#include "evidence/kind.h"
#include "evidence/row.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* There only now and then: their absence is no lack. */
static bool is_rare(const char *name)
{
    return strstr(name, "deletion_timestamp") != NULL || strstr(name, "terminating") != NULL;
}

static void each_says_what_its_lack_costs(void **state)
{
    (void)state;
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++) {
        const struct kind_metrics *of = kind_metrics(kind);
        assert_in_range(of->count, 5, METRICS_MAX);
        for (size_t i = 0; i < of->count; i++) {
            const struct metric *metric = &of->metrics[i];
            if (strncmp(metric->name, of->prefix, strlen(of->prefix)) != 0)
                fail_msg("%s does not begin with %s", metric->name, of->prefix);
            if (strlen(metric->name) >= METRIC_NAME_SIZE)
                fail_msg("%s is too long", metric->name);
            if ((metric->cost == NULL) != is_rare(metric->name))
                fail_msg("nothing says what it costs that %s is missing, or it is rare",
                         metric->name);
            if (metric->needed && metric->cost == NULL)
                fail_msg("%s is needed, and nothing says why", metric->name);
        }
    }
}

/* Anchored, as Prometheus does. */
static void compile(regex_t *regex, const char *pattern)
{
    char anchored[KIND_PATTERN_SIZE + 8];
    snprintf(anchored, sizeof anchored, "^(%s)$", pattern);
    assert_int_equal(regcomp(regex, anchored, REG_EXTENDED | REG_NOSUB), 0);
}

static bool is_in(enum workload_kind kind, unsigned set, const char *name)
{
    for (size_t i = 0; i < kind_metrics(kind)->count; i++)
        if ((set & 1u << i) != 0 && strcmp(kind_metrics(kind)->metrics[i].name, name) == 0)
            return true;
    return false;
}

/* The name as it is, with a word more, and with its last word cut off. */
static void assert_means(enum workload_kind kind, unsigned set, const regex_t *regex,
                         const char *name)
{
    char others[3][METRIC_NAME_SIZE + 8];
    snprintf(others[0], sizeof others[0], "%s", name);
    snprintf(others[1], sizeof others[1], "%s_x", name);
    snprintf(others[2], sizeof others[2], "%s", name);
    *strrchr(others[2], '_') = '\0';
    for (size_t i = 0; i < 3; i++)
        if ((regexec(regex, others[i], 0, NULL, 0) == 0) != is_in(kind, set, others[i]))
            fail_msg("the pattern of set %x matches %s, or ought to", set, others[i]);
}

/* Every set of a few of them, and some of all. */
static void a_pattern_means_its_metrics_and_no_other(void **state)
{
    (void)state;
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++) {
        const unsigned all = (1u << kind_metrics(kind)->count) - 1;
        char pattern[KIND_PATTERN_SIZE];
        for (unsigned set = 1; set <= all; set = set < 32 || set == all ? set + 1
                                                 : set + 31 < all       ? set + 31
                                                                        : all) {
            regex_t regex;
            kind_pattern(kind, set, set % 2 != 0, pattern, sizeof pattern);
            assert_in_range(strlen(pattern), 1, sizeof pattern - 2);
            compile(&regex, pattern);
            for (size_t i = 0; i < kind_metrics(kind)->count; i++)
                assert_means(kind, set, &regex, kind_metrics(kind)->metrics[i].name);
            regfree(&regex);
        }
    }
}

/* The set of those names. */
static unsigned set_of(enum workload_kind kind, const char *const names[static 3])
{
    unsigned set = 0;
    for (size_t name = 0; name < 3 && names[name] != NULL; name++)
        for (size_t i = 0; i < kind_metrics(kind)->count; i++)
            if (strcmp(kind_metrics(kind)->metrics[i].name, names[name]) == 0)
                set |= 1u << i;
    return set;
}

static void a_list_of_kept_metrics_takes_the_pattern(void **state)
{
    (void)state;
    static const struct {
        enum workload_kind kind;
        const char *names[3];
        bool folded;
        const char *pattern;
    } rows[] = {
        {KIND_DEPLOYMENT, {NULL}, true, ""},
        {KIND_DEPLOYMENT,
         {"kube_deployment_status_replicas"},
         true,
         "kube_deployment_status_replicas"},
        {KIND_DEPLOYMENT,
         {"kube_deployment_metadata_generation", "kube_deployment_status_replicas"},
         false,
         "kube_deployment_(metadata_generation|status_replicas)"},
        {KIND_DEPLOYMENT,
         {"kube_deployment_spec_paused", "kube_deployment_spec_replicas",
          "kube_deployment_status_replicas"},
         true,
         "kube_deployment_(spec_(paused|replicas)|status_replicas)"},
        {KIND_DEPLOYMENT,
         {"kube_deployment_spec_paused", "kube_deployment_spec_replicas"},
         false,
         "kube_deployment_(spec_paused|spec_replicas)"},
        {KIND_ROLLOUT,
         {"rollout_info", "rollout_info_replicas_desired"},
         false,
         "rollout_info(_replicas_desired|)"},
        {KIND_ROLLOUT,
         {"rollout_info_replicas_desired", "rollout_info_replicas_updated"},
         true,
         "rollout_info(_replicas_(desired|updated))"},
    };
    char pattern[256], cut[24];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kind_pattern(rows[i].kind, set_of(rows[i].kind, rows[i].names), rows[i].folded, pattern,
                     sizeof pattern);
        assert_string_equal(pattern, rows[i].pattern);
    }
    kind_pattern(KIND_DEPLOYMENT, ~0u, true, cut, sizeof cut);
    assert_int_equal(strlen(cut), sizeof cut - 1);
}

static void what_counts_and_what_is_wanted_are_counters(void **state)
{
    (void)state;
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++) {
        const char *heartbeat = kind_metrics(kind)->heartbeat, *spec = kind_spec(kind);
        if (!is_in(kind, kind_counters(kind), heartbeat) || !is_in(kind, kind_counters(kind), spec))
            fail_msg("%s: %s or %s is no counter", kind_name(kind), heartbeat, spec);
        for (size_t i = 0; i < kind_metrics(kind)->count; i++) {
            const struct metric *metric = &kind_metrics(kind)->metrics[i];
            const bool counts = (kind_counters(kind) & 1u << i) != 0;
            if (counts == (metric->meaning == MEANS_CONDITION))
                fail_msg("%s is asked for by an arm of its own, or ought to be", metric->name);
        }
    }
}

static void what_is_wanted_has_its_name(void **state)
{
    (void)state;
    static const struct {
        enum workload_kind kind;
        const char *name;
    } rows[] = {
        {KIND_DEPLOYMENT, "kube_deployment_spec_replicas"},
        {KIND_STATEFULSET, "kube_statefulset_replicas"},
        {KIND_DAEMONSET, "kube_daemonset_status_desired_number_scheduled"},
        {KIND_ROLLOUT, "rollout_info_replicas_desired"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(kind_spec(rows[i].kind), rows[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_says_what_its_lack_costs),
        cmocka_unit_test(a_pattern_means_its_metrics_and_no_other),
        cmocka_unit_test(a_list_of_kept_metrics_takes_the_pattern),
        cmocka_unit_test(what_counts_and_what_is_wanted_are_counters),
        cmocka_unit_test(what_is_wanted_has_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
