/*
 * What a new config takes over of rollouts that have changed their places.
 */
#include "daemon/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each goes on as itself: by its name, though both ask for the same. */
static void change_places(size_t more)
{
    static struct model before, after;
    const struct rollout_settings web = {.name = "web",
                                         .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                         .namespace_ = "shop",
                                         .workload = "web",
                                         .limits = limits_default,
                                         .max_workloads = 4};
    struct rollout_settings first[] = {web, web}, then[] = {web, web, web};
    struct config old = {.rollouts = first, .rollout_count = 2};
    struct config new = {.rollouts = then, .rollout_count = 2 + more};
    struct error error;
    text_copy(first[1].name, sizeof first[1].name, "two");
    text_copy(then[0].name, sizeof then[0].name, "two");
    text_copy(then[2].name, sizeof then[2].name, "new");
    text_copy(then[2].workload, sizeof then[2].workload, "another");
    assert_true(model_start(&before, &old, 0, &error));
    before.rollouts[0].since_ms = 100;
    before.rollouts[1].since_ms = 200;
    before.reported[0] = STATE_FAILED;
    before.reported[1] = STATE_PAUSED;
    before.dim_until_ms[0] = 1000;
    before.dim_until_ms[1] = 2000;
    before.common.dimmed = true; /* is so for as long as before, if all of it was known */
    before.dim_until_ms[2] = 3000;
    before.rollouts[0].verdict = before.rollouts[1].verdict = verdict_unknown(WHY_FETCH);
    assert_true(model_start(&after, &new, 5000, &error));
    model_adopt(&after, &before, 5000);
    assert_true(after.common.dimmed == (more == 0));
    assert_int_equal(after.dim_until_ms[2 + more], 3000);
    for (size_t i = 0; i < 2 + more; i++) {
        assert_string_equal(after.rollouts[i].name, then[i].name);
        assert_ptr_equal(after.shows[i].name, then[i].name); /* the old config is freed */
        assert_int_equal(after.rollouts[i].since_ms, i == 0 ? 200 : i == 1 ? 100 : 5000);
    }
    assert_int_equal(after.reported[0], STATE_PAUSED);
    assert_int_equal(after.reported[1], STATE_FAILED);
    assert_int_equal(after.dim_until_ms[0], 2000);
    assert_int_equal(after.dim_until_ms[1], 1000);
    model_stop(&after);
    model_stop(&before);
}

static void rollouts_that_change_places_go_on(void **state)
{
    (void)state;
    for (size_t more = 0; more <= 1; more++)
        change_places(more);
}

/* A history has no gap: what was stable is not from one moment to the next as if never seen. */
static void what_begins_anew_is_a_transition(void **state)
{
    (void)state;
    static struct model before, after;
    struct rollout_settings first[] = {{.name = "api", .namespace_ = "api", .max_workloads = 4},
                                       {.name = "web", .namespace_ = "shop", .max_workloads = 4}};
    struct rollout_settings then[] = {{.name = "api", .namespace_ = "api", .max_workloads = 4},
                                      {.name = "new", .namespace_ = "new", .max_workloads = 4},
                                      {.name = "web", .namespace_ = "cms", .max_workloads = 4}};
    const struct config old = {.rollouts = first, .rollout_count = 2};
    const struct config new = {.rollouts = then, .rollout_count = 3};
    struct error error;
    assert_true(model_start(&before, &old, 0, &error));
    before.reported[0] = before.reported[1] = STATE_STABLE;
    assert_true(model_start(&after, &new, 5000, &error));
    model_adopt(&after, &before, 5000);
    const struct transition *newest = history_newest(&after.history, 0);
    assert_non_null(newest);
    assert_string_equal(newest->name, "web");
    assert_string_equal(newest->from, "stable");
    assert_string_equal(newest->to, "unknown");
    assert_null(history_newest(&after.history, 1));
    model_stop(&after);
    model_stop(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rollouts_that_change_places_go_on),
        cmocka_unit_test(what_begins_anew_is_a_transition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
