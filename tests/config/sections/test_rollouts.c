/*
 * `rollouts:`: how long names may be, and what recording rules can be asked for.
 */
#include "config/expect.h"
#include "config/sections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A key of a rollout whose value has `length` letters, and what is complained of it. */
static void expect_name(const char *key, size_t length, const char *said)
{
    char name[CONFIG_PATTERN_SIZE + 8];
    char text[CONFIG_PATTERN_SIZE + 512];
    char expected[256] = "";
    const bool of_namespace = strcmp(key, "namespace") == 0;
    memset(name, 'a', length);
    name[length] = '\0';
    snprintf(text, sizeof text, BOARD URL "rollouts:\n- {name: x%s\n  %s: %s}\n",
             of_namespace ? "," : ", namespace: b,", key, name);
    if (said[0] != '\0')
        snprintf(expected, sizeof expected, "$:5:%zu: %s %s\n", strlen(key) + 5, key, said);
    const struct refused row = {key, text, expected};
    expect_configs(&row, 1);
}

static void test_lengths(void **state)
{
    (void)state;
    expect_name("namespace", 63, "");
    expect_name("namespace", 64, "has more than 63 characters, which no name has; shorten it");
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const char *key = kind_word((enum workload_kind)kind);
        expect_name(key, 253, "");
        expect_name(key, 254, "has more than 253 characters, which no name has; shorten it");
    }
    expect_name("cluster", CONFIG_PATTERN_SIZE - 1, "");
    expect_name("cluster", CONFIG_PATTERN_SIZE, "cannot be so long; at most 1023 bytes fit");
}

static const struct {
    const char *key, *value;
    unsigned kinds; /* that it says something about */
    const char *said;
} limited[] = {
    {"weight", "equal", KINDS_ALL, "a query's series count the same; remove weight"},
    {"degraded_after", "1m", KINDS_ALL,
     "a query knows of no pods that are lost; remove degraded_after"},
    {"partition", "1", KIND_BIT(KIND_STATEFULSET), "only a statefulset has a partition; remove it"},
    {"hold_after", "5s", KIND_BIT(KIND_STATEFULSET),
     "only a statefulset is held back; remove hold_after"},
    {"strategy", "OnDelete", KIND_BIT(KIND_STATEFULSET) | KIND_BIT(KIND_DAEMONSET),
     "only a statefulset or daemonset has this choice; remove strategy"},
};

/* Of each key, each kind, and the query, which is behind the last of them. */
static void test_keys_that_say_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof limited / sizeof limited[0]; i++) {
        for (int kind = 0; kind <= KIND_COUNT; kind++) {
            const bool query = kind == KIND_COUNT;
            char text[512], expected[256] = "";
            snprintf(text, sizeof text, BOARD URL "rollouts:\n- {name: x, %s: up,\n  %s: %s%s}\n",
                     query ? "query" : kind_word((enum workload_kind)kind), limited[i].key,
                     limited[i].value, query ? "" : ", namespace: b");
            if (query || (limited[i].kinds & KIND_BIT(kind)) == 0)
                snprintf(expected, sizeof expected, "$:5:3: %s\n", limited[i].said);
            const struct refused row = {limited[i].key, text, expected};
            expect_configs(&row, 1);
        }
    }
}

#define RULED(labels) \
    BOARD "prometheus: {url: 'http://p', recording_rules: true, labels: {" labels "}}\n"
#define FREE(labels) BOARD "prometheus: {url: 'http://p', labels: {" labels "}}\n"
#define OF(keys) "rollouts: [{name: a, namespace: b, " keys "}]\n"
#define TWO_LABELS(first, second)                                                     \
    "$:3:12: with recording_rules the kinds of one rollout have one label for their " \
    "namespace, not " first " and " second "; give each a rollout of its own\n"

/* By one label of the namespace for all kinds of a rollout. */
static const struct refused ruled[] = {
    {"kinds of one label", RULED("") OF("kinds: [Deployment, StatefulSet, DaemonSet, Rollout]"),
     ""},
    {"kinds of one label that is another",
     RULED("deployment: {namespace: n}, rollout: {namespace: n}")
         OF("kinds: [Deployment, Rollout]"),
     ""},
    {"kinds of two labels", RULED("rollout: {namespace: n}") OF("kinds: [Deployment, Rollout]"),
     TWO_LABELS("namespace", "n")},
    {"the first and the last of them",
     RULED("deployment: {namespace: n}") OF("kinds: [DaemonSet, Deployment]"),
     TWO_LABELS("n", "namespace")},
    {"said once of many",
     RULED("statefulset: {namespace: n}, daemonset: {namespace: m}")
         OF("kinds: [Deployment, StatefulSet, DaemonSet]"),
     TWO_LABELS("namespace", "n")},
    {"a kind beside another label", RULED("rollout: {namespace: n}") OF("kinds: [Deployment]"), ""},
    {"a kind of another label", RULED("rollout: {namespace: n}") OF("rollout: c"), ""},
    {"two labels, and no rules", FREE("rollout: {namespace: n}") OF("kinds: [Deployment, Rollout]"),
     ""},
};

static void test_recording_rules(void **state)
{
    (void)state;
    expect_configs(ruled, sizeof ruled / sizeof ruled[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_keys_that_say_nothing),
        cmocka_unit_test(test_recording_rules),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
