#include "config/config.h"
#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                   \
    "board: pimoroni-blinkt\n"                                 \
    "prometheus: {url: 'http://p:9090', poll_interval: 10s}\n" \
    "rollouts: [{name: cms, namespace: cms}, {name: shop, namespace: shop}]\n"
#define ONE(keys) HEAD "indicators: [{name: ttfb, query: up, " keys "}]\n"
#define FINE ONE("warning: 1, critical: 2")

/* Configs that are refused. $ stands for the file's path. */
static const struct refused refused[] = {
    {"everything is missing", HEAD "indicators: [{}]\n",
     "$:4:14: the key 'name' is missing here; add it, with a name of your choice such as errors\n"
     "$:4:14: the key 'query' is missing here; add it, with PromQL that yields a number\n"
     "$:4:14: the key 'warning' is missing here; add it, with a number such as 0.5\n"
     "$:4:14: the key 'critical' is missing here; add it, with a number such as 0.5\n"},
    {"an indicator that is a word", HEAD "indicators: [ttfb]\n",
     "$:4:14: this cannot be a single value; write the keys of an indicator, e.g. {name: errors, "
     "query: "
     "my_errors, warning: 1, critical: 10}\n"},
    {"indicators that are a map", HEAD "indicators: {name: ttfb}\n",
     "$:4:13: indicators cannot be a map of keys; write a list of indicators\n"},
    {"a mistyped key", ONE("warning: 1, critical: 2, explaind_by: [cms]"),
     "$:4:63: unknown key 'explaind_by'; did you mean 'explained_by'?\n"},
    {"a threshold in words", ONE("warning: much, critical: 2"),
     "$:4:47: warning cannot be 'much'; write a number such as 0.5\n"},
    {"no way is bad", ONE("warning: 0.50, critical: .5"),
     "$:4:63: critical cannot be .5 as warning is; write more where rising is bad, or less where "
     "falling is\n"},
    {"a query that is empty: said once",
     HEAD "indicators: [{name: a, query: '', warning: 1, critical: 2}]\n",
     "$:4:31: query cannot be empty; write PromQL that yields a number\n"},
    {"a query of nothing", HEAD "indicators: [{name: a, query: ' ', warning: 1, critical: 2}]\n",
     "$:4:31: query cannot be empty; write PromQL that yields a number\n"},
    {"a cluster by a pattern", ONE("cluster: 'eu.*', warning: 1, critical: 2"),
     "$:4:47: cluster cannot be a pattern for series of a query; write one cluster's name\n"},
    {"explained by what is no rollout", ONE("warning: 1, critical: 2, explained_by: [shop, csm]"),
     "$:4:84: there is no rollout 'csm'; did you mean 'cms'?\n"},
    {"explained by one thing twice", ONE("warning: 1, critical: 2, explained_by: [cms, cms]"),
     "$:4:83: cms is named twice; keep one\n"},
    {"explained by a word", ONE("warning: 1, critical: 2, explained_by: cms"),
     "$:4:77: explained_by cannot be a single value; write a list of rollouts, e.g. [shop]\n"},
    {"asked more often than anything is", ONE("warning: 1, critical: 2, poll_interval: 5s"),
     "$:4:78: poll_interval cannot be shorter than that of prometheus, 10s, in whose polls it is "
     "asked; remove it, or write more\n"},
    {"asked just as often", ONE("warning: 1, critical: 2, poll_interval: 10s"), ""},
    {"asked a millisecond sooner", ONE("warning: 1, critical: 2, poll_interval: 9s999ms"),
     "$:4:78: poll_interval cannot be shorter than that of prometheus, 10s, in whose polls it is "
     "asked; remove it, or write more\n"},
    {"explained by what there is not, as there is none, twice",
     "board: pimoroni-blinkt\nprometheus: {url: 'http://p:9090'}\nrollouts: []\n"
     "indicators: [{name: a, query: up, warning: 1, critical: 2, explained_by: [b, c]}]\n",
     "$:3:11: rollouts names 1 to 32 rollouts, not 0; one rollout may hold many workloads by a "
     "regular expression\n"
     "$:4:75: there is no rollout; list it under rollouts\n"
     "$:4:78: there is no rollout; list it under rollouts\n"},
    {"two of one name",
     HEAD "indicators:\n  - {name: a, query: up, warning: 1, critical: 2}\n"
          "  - {name: a, query: up, warning: 1, critical: 2}\n",
     "$:6:12: there is an indicator called a already; give each its own name\n"},
    {"the name of a rollout",
     HEAD "indicators: [{name: shop, query: up, warning: 1, critical: 2}]\n",
     "$:4:21: there is a rollout called shop already; give each its own name\n"},
    {"a name in two lines",
     HEAD "indicators: [{name: \"a\\nb\", query: up, warning: 1, critical: 2}]\n",
     "$:4:21: name begins or ends with a space, or has several lines; write a short name such as "
     "shop\n"},
    {"a segment of an unknown indicator",
     FINE "display: {segments: [{pixels: 6, show: indicator tfb}]}\n",
     "$:5:40: there is no indicator 'tfb'; did you mean 'ttfb'?\n"},
    {"a segment of an indicator without its name",
     FINE "display: {segments: [{pixels: 6, show: indicator}]}\n",
     "$:5:40: the indicator's name is missing; write indicator NAME\n"},
    {"a segment of all indicators, and a name",
     FINE "display: {segments: [{pixels: 6, show: indicators ttfb}]}\n",
     "$:5:40: indicators takes no name; write indicator ttfb, or indicators alone\n"},
};

static struct config *read_text(const char *text, struct complaints *complaints)
{
    return config_read(scratch_write("c.yaml", text, strlen(text)), complaints);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    expect_configs(refused, sizeof refused / sizeof refused[0]);
}

static void at_most_so_many(void **state)
{
    (void)state;
    struct text text = {0};
    struct complaints complaints = {0};
    scratch_make();
    text_add(&text, HEAD "indicators:\n");
    for (int i = 0; i <= CONFIG_INDICATORS_MAX; i++)
        text_addf(&text, "  - {name: a%d, query: up, warning: 1, critical: 2}\n", i);
    assert_null(read_text(text.data, &complaints));
    assert_non_null(
        strstr(complaints.text.data, ":5:3: indicators names 33; at most 32 are shown"));
    complaints_free(&complaints);
    text_free(&text);
    scratch_remove();
}

static void what_is_left_out_has_its_value(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    scratch_make();
    struct config *config = read_text(FINE, &complaints);
    expect_complaints("a plain indicator", &complaints, "");
    const struct indicator_settings *indicator = &config->indicators[0];
    assert_int_equal(config->indicator_count, 1);
    assert_string_equal(indicator->name, "ttfb");
    assert_string_equal(indicator->query, "up");
    assert_int_equal(indicator->limits.for_ms, 0);
    assert_int_equal(indicator->limits.grace_ms, 120000);
    assert_int_equal(indicator->poll_interval_ms, 0);
    assert_int_equal(indicator->explained_by_count, 0);
    config_free(config);
    config = read_text(HEAD "indicators: []\n", &complaints);
    expect_complaints("no indicators", &complaints, "");
    assert_int_equal(config->indicator_count, 0);
    config_free(config);
    config = read_text(HEAD "indicators:\n  # - {name: ttfb}\n", &complaints);
    expect_complaints("indicators that are commented out", &complaints, "");
    assert_int_equal(config->indicator_count, 0);
    config_free(config);
    complaints_free(&complaints);
    scratch_remove();
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    scratch_make();
    struct config *config = read_text(HEAD "indicators:\n"
                                           "  - name: free space\n"
                                           "    query: 'min(free) / max(size)'\n"
                                           "    warning: 2e-1\n"
                                           "    critical: -0.5\n"
                                           "    for: 30s\n"
                                           "    grace: 5m\n"
                                           "    poll_interval: 1m\n"
                                           "    explained_by: [shop, cms]\n"
                                           "  - {name: ttfb, query: up, warning: 1, critical: 2}\n"
                                           "display:\n"
                                           "  segments:\n"
                                           "    - {pixels: 6, show: indicator ttfb}\n"
                                           "    - {pixels: 7, show: indicators}\n"
                                           "    - {pixels: 5, show: indicator free space}\n",
                                      &complaints);
    expect_complaints("indicators with everything", &complaints, "");
    const struct indicator_settings *indicator = &config->indicators[0];
    const struct segment *segments = config->picture.segments;
    assert_string_equal(indicator->query, "min(free) / max(size)");
    assert_true(indicator->limits.warning == 0.2 && indicator->limits.critical == -0.5);
    assert_int_equal(indicator->limits.for_ms, 30000);
    assert_int_equal(indicator->limits.grace_ms, 300000);
    assert_int_equal(indicator->poll_interval_ms, 60000);
    assert_int_equal(indicator->explained_by_count, 2);
    assert_int_equal(indicator->explained_by[0], 1);
    assert_int_equal(indicator->explained_by[1], 0);
    assert_int_equal(segments[0].source, SEGMENT_INDICATOR);
    assert_int_equal(segments[0].index, 1);
    assert_int_equal(segments[1].source, SEGMENT_INDICATORS);
    assert_int_equal(segments[2].source, SEGMENT_INDICATOR);
    assert_int_equal(segments[2].index, 0);
    config_free(config);
    complaints_free(&complaints);
    scratch_remove();
}

int main(void)
{
    assert_int_equal(setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1), 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(at_most_so_many),
        cmocka_unit_test(what_is_left_out_has_its_value),
        cmocka_unit_test(what_is_written_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
