/*
 * The texts that are sent to Prometheus. The golden ones were run against Prometheus 2.42.
 */
#include "prometheus/promql/query.h"

#include "prometheus/promql/kind.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DEPLOYMENT_PATTERN                                                              \
    "{__name__=~\"kube_deployment_(created|metadata_generation|spec_(paused|replicas)|" \
    "status_(observed_generation|replicas|replicas_(available|ready|updated)|"          \
    "terminating_replicas)|deletion_timestamp)\","
#define DEPLOYMENT(selector)                                                          \
    DEPLOYMENT_PATTERN selector "} or (kube_deployment_status_condition{condition=~"  \
                                "\"Progressing|ReplicaFailure\"," selector            \
                                "} == 1) or label_replace(timestamp("                 \
                                "kube_deployment_status_replicas_available{" selector \
                                "}),\"m\",\"sample_ts/deployment\",\"\",\"\")"
#define STATEFULSET(selector)                                                           \
    "{__name__=~\"kube_statefulset_(created|metadata_generation|replicas|status_("      \
    "observed_generation|replicas|replicas_(available|current|ready|updated)|"          \
    "current_revision|update_revision)|deletion_timestamp)\"," selector                 \
    "} or label_replace(timestamp(kube_statefulset_status_replicas_available{" selector \
    "}),\"m\",\"sample_ts/statefulset\",\"\",\"\")"
#define DAEMONSET(selector)                                                              \
    "{__name__=~\"kube_daemonset_(created|metadata_generation|"                          \
    "status_(observed_generation|desired_number_scheduled|current_number_scheduled|"     \
    "updated_number_scheduled|number_(available|ready))|deletion_timestamp)\"," selector \
    "} or label_replace(timestamp(kube_daemonset_status_number_available{" selector      \
    "}),\"m\",\"sample_ts/daemonset\",\"\",\"\")"
#define ROLLOUT(selector)                                                                       \
    "{__name__=~\"rollout_info(_replicas_(desired|updated|available|unavailable)|)\"," selector \
    "} or label_replace(timestamp(rollout_info_replicas_available{" selector                    \
    "}),\"m\",\"sample_ts/rollout\",\"\",\"\")"

static const struct {
    const char *sentence;
    struct selection selections[3];
    size_t count;
    const char *namespace_label;
    const char *expected;
} rows[] = {
    {"a whole namespace of Deployments is the plain union of three arms",
     {{KIND_BIT(KIND_DEPLOYMENT), "shop", NULL, 0, NULL}},
     1,
     "namespace",
     DEPLOYMENT("namespace=\"shop\"")},
    {"a plain name is matched exactly",
     {{KIND_BIT(KIND_DEPLOYMENT), "shop", "web-1_a", 0, NULL}},
     1,
     "namespace",
     DEPLOYMENT("namespace=\"shop\",deployment=\"web-1_a\"")},
    {"a name with a special character is matched as RE2, anchored by Prometheus",
     {{KIND_BIT(KIND_STATEFULSET), "a|b", "postgres.*", 0, NULL}},
     1,
     "namespace",
     STATEFULSET("namespace=~\"a|b\",statefulset=~\"postgres.*\"")},
    {"an escape of RE2 is escaped once more for PromQL's string",
     {{KIND_BIT(KIND_DEPLOYMENT), "shop", "web\\.v1", 0, NULL}},
     1,
     "namespace",
     DEPLOYMENT("namespace=\"shop\",deployment=~\"web\\\\.v1\"")},
    {"quotes, line breaks and DEL in a name cannot end the string",
     {{KIND_BIT(KIND_DAEMONSET), "a\"b", "c\nd\x7F", 0, NULL}},
     1,
     "namespace",
     DAEMONSET("namespace=\"a\\\"b\",daemonset=\"c\\x0ad\\x7f\"")},
    {"a cluster is one more matcher",
     {{KIND_BIT(KIND_DEPLOYMENT), "shop", "web", 0, "eu-1"}},
     1,
     "namespace",
     DEPLOYMENT("region=\"eu-1\",namespace=\"shop\",deployment=\"web\"")},
    {"or several, as RE2",
     {{KIND_BIT(KIND_STATEFULSET), "shop", NULL, 0, "eu-.*|us\\.1"}},
     1,
     "namespace",
     STATEFULSET("region=~\"eu-.*|us\\\\.1\",namespace=\"shop\"")},
    {"or what has no such label",
     {{KIND_BIT(KIND_DAEMONSET), "shop", NULL, 0, ""}},
     1,
     "namespace",
     DAEMONSET("region=\"\",namespace=\"shop\"")},
    {"UTF-8 passes as it is",
     {{KIND_BIT(KIND_DAEMONSET), "bücher", NULL, 0, NULL}},
     1,
     "namespace",
     DAEMONSET("namespace=\"bücher\"")},
    {"an Argo Rollout's name is in the label name",
     {{KIND_BIT(KIND_ROLLOUT), "shop", "web", 0, NULL}},
     1,
     "exported_namespace",
     ROLLOUT("exported_namespace=\"shop\",name=\"web\"")},
    {"a label's name that is not bare is quoted, as Prometheus 3 takes it",
     {{KIND_BIT(KIND_ROLLOUT), "shop", NULL, 0, NULL}},
     1,
     "k8s.namespace.name",
     ROLLOUT("\"k8s.namespace.name\"=\"shop\"")},
    {"the kinds of a widened namespace stand side by side",
     {{KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_DAEMONSET), "shop", NULL, 0, NULL}},
     1,
     "namespace",
     DEPLOYMENT("namespace=\"shop\"") " or " DAEMONSET("namespace=\"shop\"")},
    {"several selections each carry their number",
     {{KIND_BIT(KIND_DEPLOYMENT), "shop", NULL, 0, NULL},
      {KIND_BIT(KIND_DEPLOYMENT), "shop", "web", 1, NULL},
      {KIND_BIT(KIND_ROLLOUT), "a", "b", 2, NULL}},
     3,
     "namespace",
     "label_replace(" DEPLOYMENT("namespace=\"shop\"") ",\"amberbar\",\"0\",\"\",\"\") or "
                                                       "label_replace(" DEPLOYMENT(
                                                           "namespace=\"shop\",deployment="
                                                           "\"web\"") ",\"amberbar\",\"1\","
                                                                      "\"\",\"\") or "
                                                                      "label_replace(" ROLLOUT(
                                                                          "namespace=\"a\","
                                                                          "name=\"b\"") ",\"amb"
                                                                                        "erbar"
                                                                                        "\","
                                                                                        "\"2\","
                                                                                        "\"\","
                                                                                        "\"\""
                                                                                        ")"},
};

static void writes_the_golden_queries(void **state)
{
    (void)state;
    struct text query = {0};
    struct error error;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct query_terms terms = {.namespace_label = rows[i].namespace_label,
                                          .cluster_label = "region",
                                          .selections = rows[i].count};
        bool good = query_workloads(&query, &terms, rows[i].selections, rows[i].count, &error);
        if (!good || strcmp(query.data, rows[i].expected) != 0)
            fail_msg("%s:\n%s\nis not\n%s", rows[i].sentence, query.data, rows[i].expected);
    }
    text_free(&query);
}

/* Matches `name` against the query's expression over metrics' names, anchored. */
static bool asks_for(const char *query, const char *name)
{
    static const char begin[] = "__name__=~\"";
    char expression[512];
    regex_t compiled;
    const char *from = strstr(query, begin);
    assert_non_null(from);
    from += sizeof begin - 1;
    snprintf(expression, sizeof expression, "^(%.*s)$", (int)strcspn(from, "\""), from);
    assert_int_equal(regcomp(&compiled, expression, REG_EXTENDED | REG_NOSUB), 0);
    bool matches = regexec(&compiled, name, 0, NULL, 0) == 0;
    regfree(&compiled);
    return matches;
}

static void asks_for_every_counter_in_either_style(void **state)
{
    (void)state;
    struct text compact = {0}, named = {0};
    struct error error;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const struct selection one = {KIND_BIT(kind), "shop", NULL, 0, NULL};
        struct query_terms terms = {.namespace_label = "namespace", .selections = 1};
        assert_true(query_workloads(&compact, &terms, &one, 1, &error));
        terms.named = true;
        assert_true(query_workloads(&named, &terms, &one, 1, &error));
        assert_null(strstr(named.data, "__name__"));
        assert_non_null(strstr(named.data, "timestamp("));
        const struct kind_metrics *of = kind_metrics((enum workload_kind)kind);
        size_t count = 0;
        for (size_t i = 0; i < of->count; i++) {
            const char *name = of->metrics[i].name;
            char arm[512];
            if ((kind_counters((enum workload_kind)kind) & 1u << i) == 0)
                continue;
            snprintf(arm, sizeof arm,
                     "label_replace(%s{namespace=\"shop\"},\"m\",\"%s\",\"\",\"\")", name, name);
            if (!asks_for(compact.data, name) || strstr(named.data, arm) == NULL)
                fail_msg("%s is not asked for in\n%s\n%s", name, compact.data, named.data);
            count++;
        }
        assert_in_range(count, 5, 12);
    }
    text_free(&compact);
    text_free(&named);
}

static void names_in_a_list_mean_themselves(void **state)
{
    (void)state;
    struct text pattern = {0};
    promql_add_alternative(&pattern, "web");
    promql_add_alternative(&pattern, "api.v1");
    assert_string_equal(pattern.data, "web|api\\.v1");
    text_free(&pattern);
}

static void refuses_what_a_server_would(void **state)
{
    (void)state;
    struct selection selections[64];
    struct text query = {0};
    struct error error;
    struct query_terms terms = {.namespace_label = "namespace", .selections = 64};
    for (size_t i = 0; i < 64; i++)
        selections[i] =
            (struct selection){KIND_BIT(KIND_DEPLOYMENT), "namespace", "deployment", i, NULL};
    assert_true(query_workloads(&query, &terms, selections, 16, &error));
    assert_true(query.length <= QUERY_MAX_BYTES);
    assert_false(query_workloads(&query, &terms, selections, 64, &error));
    assert_non_null(strstr(error.text, "64 rollouts"));
    assert_non_null(strstr(error.text, "join"));
    text_free(&query);
}

static void the_canary_counts_the_kinds_that_are_wanted(void **state)
{
    (void)state;
    struct text query = {0};
    const struct query_terms terms = {.namespace_label = "namespace", .selections = 1};
    const unsigned two = KIND_BIT(KIND_DAEMONSET) | KIND_BIT(KIND_ROLLOUT);
    const struct missed_sources none = {.count = 0};
    struct canary canary = {.kinds = KIND_BIT(KIND_DEPLOYMENT), .missed = &none};
    assert_true(query_canary(&query, &terms, &canary));
    assert_string_equal(query.data, "label_replace(count(kube_deployment_metadata_generation),"
                                    "\"m\",\"deployment\",\"\",\"\")");
    canary.kinds = two;
    assert_true(query_canary(&query, &terms, &canary));
    assert_string_equal(query.data, "label_replace(count(kube_daemonset_metadata_generation),"
                                    "\"m\",\"daemonset\",\"\",\"\") or "
                                    "label_replace(count(rollout_info_replicas_desired),"
                                    "\"m\",\"rollout\",\"\",\"\")");
    text_free(&query);
}

/* With all its labels: it may be another source, which has more of them than the question says. */
static void the_canary_asks_which_sources_are_there(void **state)
{
    (void)state;
    static struct source_ledger ledger = {
        .ids = {5, 6, 7},
        .records = {{.kind = KIND_DEPLOYMENT, .text = "job=\"ksm\""},
                    {.kind = KIND_ROLLOUT, .text = "job=\"argo\""},
                    {.kind = KIND_ROLLOUT, .text = ""}}};
    struct text query = {0};
    struct query_terms terms = {.namespace_label = "namespace", .selections = 2};
    terms.labels.of[KIND_ROLLOUT].namespace_ = "exported_namespace";
    const struct missed_sources missed = {.ids = {5, 6, 7, 8},
                                          .count = 4,
                                          .keys = {{{KIND_DEPLOYMENT, "", "shop", "we\"b", ""}, 0},
                                                   {{KIND_ROLLOUT, "eu", "news", "api", ""}, 6}},
                                          .key_count = 2};
    const struct selection shop = {KIND_BIT(KIND_DEPLOYMENT), "shop", NULL, 0, "eu"},
                           news = {KIND_BIT(KIND_ROLLOUT), "news", "api|x", 1, NULL};
    const struct lacking lacking[] = {{&shop, {[KIND_DEPLOYMENT] = 3}}, {&news, {0}}};
    struct canary canary = {
        .missed = &missed, .ledger = &ledger, .lacking = lacking, .lacking_count = 2};
    terms.cluster_label = "cluster";
    assert_true(query_canary(&query, &terms, &canary));
    assert_string_equal(
        query.data,
        "label_replace(max without(namespace,exported_namespace,deployment,exported_deployment)"
        "(timestamp(kube_deployment_metadata_generation{job=\"ksm\"})),"
        "\"amberbar\",\"source/deployment\",\"\",\"\") or "
        "label_replace(max without(exported_namespace,exported_exported_namespace,name,"
        "exported_name)(timestamp(rollout_info_replicas_desired{job=\"argo\"})),"
        "\"amberbar\",\"source/rollout\",\"\",\"\") or label_replace(count("
        "kube_deployment_metadata_generation{namespace=\"shop\",deployment=\"we\\\"b\"} or "
        "rollout_info_replicas_desired{job=\"argo\",cluster=\"eu\",exported_namespace=\"news\","
        "name=\"api\"} or "
        "count(count by(cluster,namespace,exported_namespace,deployment,exported_deployment)"
        "(kube_deployment_metadata_generation{cluster=\"eu\",namespace=\"shop\",deployment!=\"\"}))"
        ">3"
        " or count(count by(cluster,exported_namespace,exported_exported_namespace,name,"
        "exported_name)(rollout_info_replicas_desired{exported_namespace=\"news\",name=~\"api|x\","
        "name!=\"\"}))>0),\"amberbar\",\"shown\",\"\",\"\")");
    text_free(&query);
}

/* Then nothing witnesses for them: their sources are gone, and nothing is known. */
static void a_canary_that_is_too_long_asks_about_no_source(void **state)
{
    (void)state;
    enum { MANY = 100 };
    static struct source_ledger ledger = {
        .ids = {5}, .records = {{.kind = KIND_DEPLOYMENT, .text = "job=\"ksm\""}}};
    static char names[MANY][200];
    static struct selection selections[MANY];
    static struct lacking lacking[MANY];
    for (size_t i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "%0*zu", 150, i);
        selections[i] = (struct selection){KIND_BIT(KIND_DEPLOYMENT), "shop", names[i], i, NULL};
        lacking[i].selection = &selections[i];
    }
    struct text query = {0};
    const struct query_terms terms = {
        .namespace_label = "namespace", .cluster_label = "", .selections = MANY};
    const struct missed_sources missed = {.ids = {5}, .count = 1};
    struct canary canary = {.kinds = KIND_BIT(KIND_DAEMONSET),
                            .missed = &missed,
                            .ledger = &ledger,
                            .lacking = lacking};
    for (int get = 0; get < 2; get++) {
        canary.in_address = get;
        for (canary.lacking_count = MANY; canary.lacking_count > 0; canary.lacking_count--) {
            assert_true(query_canary(&query, &terms, &canary));
            assert_true(query_length(&query, get) <= query_room(get));
            assert_non_null(strstr(query.data, "\"daemonset\""));
            if (strstr(query.data, "source/") != NULL)
                break;
        }
        assert_true(canary.lacking_count > 10 && canary.lacking_count < MANY);
        assert_non_null(strstr(query.data, "\"shown\""));
    }
    text_free(&query);
}

static void a_kind_may_have_labels_of_its_own(void **state)
{
    (void)state;
    struct text query = {0};
    struct error error;
    struct query_terms terms = {.namespace_label = "namespace", .selections = 1};
    const struct selection shop = {KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_ROLLOUT), "shop",
                                   "web", 0, NULL};
    terms.labels.of[KIND_ROLLOUT].namespace_ = "exported_namespace";
    terms.labels.of[KIND_ROLLOUT].name = "exported_name";
    assert_true(query_workloads(&query, &terms, &shop, 1, &error));
    assert_non_null(strstr(query.data, "timestamp(kube_deployment_status_replicas_available{"
                                       "namespace=\"shop\",deployment=\"web\"})"));
    assert_non_null(strstr(query.data, "timestamp(rollout_info_replicas_available{"
                                       "exported_namespace=\"shop\",exported_name=\"web\"})"));
    assert_true(query_exported(&query, &terms, &error));
    assert_non_null(strstr(query.data,
                           "topk(1,kube_deployment_metadata_generation{exported_deployment!=\"\"} "
                           "unless on() kube_deployment_metadata_generation{"
                           "exported_deployment=\"\"})"));
    assert_non_null(strstr(query.data, "{exported_exported_name!=\"\"}"));
    text_free(&query);
}

static void knows_plain_names(void **state)
{
    (void)state;
    static const char special[] = "\\.+*?()|[]{}^$";
    assert_true(promql_is_plain(""));
    assert_true(promql_is_plain("web-1_A:/"));
    for (const char *c = special; *c != '\0'; c++) {
        char name[] = {'a', *c, 'b', '\0'};
        assert_false(promql_is_plain(name));
    }
}

static void a_nonce_is_one_arm_and_takes_the_place_of_the_one_before(void **state)
{
    (void)state;
    struct text query = {0}, alone = {0};
    text_add(&query, "up");
    assert_true(query_set_nonce(&query, "0123456789abcdef"));
    assert_true(query_set_nonce(&query, "fedcba9876543210"));
    assert_string_equal(
        query.data,
        "up or label_replace(vector(1),\"amberbar_ask\",\"fedcba9876543210\",\"\",\"\")");
    assert_true(query_set_nonce(&alone, "0123456789abcdef"));
    assert_string_equal(alone.data,
                        "label_replace(vector(1),\"amberbar_ask\",\"0123456789abcdef\",\"\",\"\")");
    text_free(&query);
    text_free(&alone);
}

static void the_length_in_an_address_counts_what_is_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        size_t length;
    } lengths[] = {{"", 0}, {"aZ0-._~", 7}, {"up{a=\"b c\"} + \xC3\xA4", 5 + 11 * 3}};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct text query = {0};
        text_add(&query, lengths[i].query);
        assert_int_equal(query_length(&query, true), lengths[i].length);
        assert_int_equal(query_length(&query, false), strlen(lengths[i].query));
        text_free(&query);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_golden_queries),
        cmocka_unit_test(asks_for_every_counter_in_either_style),
        cmocka_unit_test(names_in_a_list_mean_themselves),
        cmocka_unit_test(refuses_what_a_server_would),
        cmocka_unit_test(the_canary_counts_the_kinds_that_are_wanted),
        cmocka_unit_test(the_canary_asks_which_sources_are_there),
        cmocka_unit_test(a_canary_that_is_too_long_asks_about_no_source),
        cmocka_unit_test(a_nonce_is_one_arm_and_takes_the_place_of_the_one_before),
        cmocka_unit_test(the_length_in_an_address_counts_what_is_escaped),
        cmocka_unit_test(a_kind_may_have_labels_of_its_own),
        cmocka_unit_test(knows_plain_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
