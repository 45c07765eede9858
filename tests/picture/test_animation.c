#include "picture/animation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NONE ((double)NAN)

static struct verdict verdict(enum state state, double p, double q)
{
    return (struct verdict){.state = state, .p = p, .q = q};
}

static double p_at(const struct show *show, int64_t now_ms)
{
    double p, q;
    animation_levels(show, now_ms, &p, &q);
    assert_true(q >= p);
    return p;
}

static void a_bar_glides_to_its_new_length(void **state)
{
    (void)state;
    struct show show;
    struct verdict before = verdict(STATE_PROGRESSING, 0.2, 0.4);
    struct verdict after = verdict(STATE_PROGRESSING, 0.6, 0.8);
    show_start(&show, &before, 0);
    assert_true(p_at(&show, 0) == 0.2);
    show_update(&show, &after, false, 5000);
    double last = 0.2;
    for (int64_t t = 0; t <= PICTURE_EASE_MS; t += 10) {
        double p = p_at(&show, 5000 + t);
        if (p < last || p > 0.6 || p - last > 0.02)
            fail_msg("%d ms into the glide it went from %g to %g", (int)t, last, p);
        last = p;
    }
    assert_true(last == 0.6);
    assert_true(p_at(&show, 4000) == 0.2); /* a clock that is behind harms nothing */
}

static void a_poll_that_says_the_same_restarts_nothing(void **state)
{
    (void)state;
    struct show show;
    struct verdict before = verdict(STATE_PROGRESSING, 0.2, 0.4);
    struct verdict after = verdict(STATE_PROGRESSING, 0.6, 0.8);
    show_start(&show, &before, 0);
    show_update(&show, &after, false, 5000);
    double half = p_at(&show, 5300);
    show_update(&show, &after, false, 5300);
    assert_true(p_at(&show, 5300) == half);
    assert_true(p_at(&show, 5000 + PICTURE_EASE_MS) == 0.6);
    assert_int_equal(show.since_ms, 0);
}

static void a_glide_that_is_overtaken_goes_on_from_where_it_is(void **state)
{
    (void)state;
    struct show show;
    struct verdict rows[] = {verdict(STATE_PROGRESSING, 0.0, 0.0),
                             verdict(STATE_PROGRESSING, 0.6, 0.6),
                             verdict(STATE_STALLED, 0.8, 0.8)};
    show_start(&show, &rows[0], 0);
    show_update(&show, &rows[1], false, 1000);
    double seen = p_at(&show, 1200);
    show_update(&show, &rows[2], false, 1200);
    assert_true(fabs(p_at(&show, 1200) - seen) < 1e-9);
    assert_int_equal(show.since_ms, 1200);
}

/* Where a glide would show what is not: a full bar that is no longer done, progress out of nothing.
 */
static void other_changes_are_seen_at_once(void **state)
{
    (void)state;
    const struct {
        const char *what;
        struct verdict before, after;
    } rows[] = {
        {"a new rollout", verdict(STATE_STABLE, 1, 1), verdict(STATE_PROGRESSING, 0, 0.1)},
        {"a first answer", verdict(STATE_UNKNOWN, NONE, NONE), verdict(STATE_PROGRESSING, 0.5, 1)},
        {"resumed after done", verdict(STATE_PAUSED, 1, 1), verdict(STATE_PROGRESSING, 0.1, 0.2)},
        {"lost pods", verdict(STATE_STABLE, 1, 1), verdict(STATE_DEGRADED, 0.3, 1)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct show show;
        show_start(&show, &rows[i].before, 0);
        show_update(&show, &rows[i].after, false, 9000);
        if (p_at(&show, 9000) != rows[i].after.p || animation_sweep(&show, 9000) != 1)
            fail_msg("%s: p is %g at once", rows[i].what, p_at(&show, 9000));
    }
}

static void only_what_was_under_way_earns_a_sweep(void **state)
{
    (void)state;
    const struct {
        enum state before;
        bool sweeps;
    } rows[] = {
        {STATE_PROGRESSING, true}, {STATE_STALLED, true},         {STATE_UNKNOWN, false},
        {STATE_PAUSED, false},     {STATE_FAILED, false},         {STATE_DEGRADED, false},
        {STATE_STABLE, false},     {STATE_SCALED_TO_ZERO, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct show show;
        struct verdict before = verdict(rows[i].before, 0.9, 0.9);
        struct verdict after = verdict(STATE_STABLE, 1, 1);
        show_start(&show, &before, 0);
        show_update(&show, &after, false, 9000);
        assert_int_equal(show.finished_ms != INT64_MIN, rows[i].sweeps);
        assert_int_equal(animation_sweep(&show, 9000) < 1, rows[i].sweeps);
        assert_int_equal(animation_moves(&show, 9000), rows[i].sweeps);
        show_update(&show, &after, false, 9500);
        assert_int_equal(animation_moves(&show, 9500), rows[i].sweeps);
        assert_false(animation_moves(&show, 9000 + PICTURE_SWEEP_MS));
        assert_true(animation_sweep(&show, 9000 + PICTURE_SWEEP_MS) == 1);
        assert_true(animation_done(&show));
    }
}

static void a_dimmed_show_is_frozen(void **state)
{
    (void)state;
    struct show show;
    struct verdict before = verdict(STATE_PROGRESSING, 0.2, 0.4);
    struct verdict after = verdict(STATE_PROGRESSING, 0.6, 0.8);
    show_start(&show, &before, 0);
    assert_true(animation_moves(&show, 100));
    show_update(&show, &after, true, 200);
    assert_false(animation_moves(&show, 200));
    assert_true(p_at(&show, 200) == 0.6);
    show_update(&show, &after, false, 3000);
    assert_true(animation_moves(&show, 3000));
}

static void only_stable_and_paused_can_be_done(void **state)
{
    (void)state;
    for (int i = 0; i < STATE_COUNT; i++) {
        struct show show;
        struct verdict full = verdict((enum state)i, 1, 1);
        struct verdict none = verdict((enum state)i, NONE, NONE);
        show_start(&show, &full, 0);
        assert_int_equal(animation_done(&show), i == STATE_STABLE || i == STATE_PAUSED);
        show_start(&show, &none, 0);
        assert_false(animation_done(&show));
        assert_true(p_at(&show, 0) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bar_glides_to_its_new_length),
        cmocka_unit_test(a_poll_that_says_the_same_restarts_nothing),
        cmocka_unit_test(a_glide_that_is_overtaken_goes_on_from_where_it_is),
        cmocka_unit_test(other_changes_are_seen_at_once),
        cmocka_unit_test(only_what_was_under_way_earns_a_sweep),
        cmocka_unit_test(a_dimmed_show_is_frozen),
        cmocka_unit_test(only_stable_and_paused_can_be_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
