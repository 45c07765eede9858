/* Every field of a rollout and an indicator that is not what was meant is found. */
#include "commands/setup/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "board: terminal\nprometheus: {url: http://localhost}\n"
#define ROLLOUTS "rollouts: [{name: a, namespace: b}, {name: c, namespace: d}]\n"

static struct config *read_text(const char *content)
{
    struct text text = {0};
    struct complaints complaints = {0};
    text_add(&text, content);
    struct config *config = config_read_text("test", &text, &complaints);
    if (config == NULL)
        fail_msg("%s", complaints.text.data);
    complaints_free(&complaints);
    text_free(&text);
    return config;
}

static void rollouts_are_compared(void **unused)
{
    (void)unused;
    static const char *const others[] = {
        "rollouts: [{name: a, namespace: b}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d}, {name: e, namespace: f}]",
        "rollouts: [{name: x, namespace: b}, {name: c, namespace: d}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: x}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, cluster: x}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, deployment: x}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, kinds: [StatefulSet]}]",
        "rollouts: [{name: a, namespace: b}, {name: c, query: d}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, weight: equal}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, stall_after: 7m}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, stall_after_failure: 7m}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, forget_after: 7m}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, max_age: 80s}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, degraded_after: 7s}]",
        "rollouts: [{name: a, namespace: b}, {name: c, namespace: d, max_workloads: 7}]",
    };
    struct config *meant = read_text(HEAD ROLLOUTS), *same = read_text(HEAD ROLLOUTS);
    struct error error;
    assert_true(verify_rollouts(same, meant->rollouts, meant->rollout_count, &error));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct text text = {0};
        text_addf(&text, HEAD "%s\n", others[i]);
        struct config *other = read_text(text.data);
        if (verify_rollouts(other, meant->rollouts, meant->rollout_count, &error))
            fail_msg("%s is taken for the same", others[i]);
        config_free(other);
        text_free(&text);
    }
    config_free(same);
    config_free(meant);
}

static void indicators_are_compared(void **unused)
{
    (void)unused;
    static const char meant_keys[] =
        "name: i, query: q, warning: 1, critical: 2, explained_by: [c]";
    static const char *const others[] = {
        "name: x, query: q, warning: 1, critical: 2, explained_by: [c]",
        "name: i, query: x, warning: 1, critical: 2, explained_by: [c]",
        "name: i, query: q, warning: 1.01, critical: 2, explained_by: [c]",
        "name: i, query: q, warning: 1, critical: 2.01, explained_by: [c]",
        "name: i, query: q, warning: 1, critical: 2, explained_by: [a]",
        "name: i, query: q, warning: 1, critical: 2, explained_by: [a, c]",
        "name: i, query: q, warning: 1, critical: 2",
        "name: i, query: q, warning: 1, critical: 2, explained_by: [c], grace: 7s",
        "name: i, query: q, warning: 1, critical: 2, explained_by: [c], for: 7s",
        "name: i, query: q, warning: 1, critical: 2, explained_by: [c], poll_interval: 7m",
        "name: i, query: q, warning: 1, critical: 2, explained_by: [c], cluster: x",
    };
    struct text text = {0};
    struct error error;
    text_addf(&text, HEAD ROLLOUTS "indicators: [{%s}]\n", meant_keys);
    struct config *meant = read_text(text.data), *same = read_text(text.data);
    struct config *none = read_text(HEAD ROLLOUTS);
    assert_true(verify_indicators(same, meant->indicators, 1, &error));
    assert_true(verify_indicators(none, NULL, 0, &error));
    assert_false(verify_indicators(none, meant->indicators, 1, &error));
    assert_false(verify_indicators(same, NULL, 0, &error));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        text_clear(&text);
        text_addf(&text, HEAD ROLLOUTS "indicators: [{%s}]\n", others[i]);
        struct config *other = read_text(text.data);
        if (verify_indicators(other, meant->indicators, 1, &error))
            fail_msg("%s is taken for the same", others[i]);
        config_free(other);
    }
    text_free(&text);
    config_free(none);
    config_free(same);
    config_free(meant);
}

int main(void)
{
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rollouts_are_compared),
        cmocka_unit_test(indicators_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
