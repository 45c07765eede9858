#include "picture/animation.h"
#include "rollout/expected_states.h"

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

static void what_is_created_is_never_less_than_what_serves(void **state)
{
    (void)state;
    const struct verdict less = verdict(STATE_PROGRESSING, 0.6, 0.4);
    struct show show;
    double p, q;
    show_start(&show, &less, 0);
    animation_levels(&show, 0, &p, &q);
    assert_true(p == 0.6 && q == 0.6);
}

/* Exactly, whatever rounding makes of a whole way: 0.2 + (0.9 - 0.2) is more than 0.9. */
static void a_glide_ends_where_it_was_to(void **state)
{
    (void)state;
    for (int i = 0; i <= 20; i++)
        for (int k = 0; k <= 20; k++) {
            const struct verdict before = verdict(STATE_PROGRESSING, i / 20.0, i / 20.0);
            const struct verdict after = verdict(STATE_PROGRESSING, k / 20.0, k / 20.0);
            struct show show;
            double p, q;
            show_start(&show, &before, 0);
            show_update(&show, &after, false, 5000);
            animation_levels(&show, 5000 + PICTURE_EASE_MS, &p, &q);
            if (p != k / 20.0 || q != k / 20.0)
                fail_msg("from %g to %g it came to %.17g and %.17g", i / 20.0, k / 20.0, p, q);
        }
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

/* p = 0.9 of what is not settled; that which wants no pods has no levels. */
static struct verdict verdict_in(const struct expected_state *in)
{
    bool none = in->state == STATE_UNKNOWN || in->state == STATE_SCALED_TO_ZERO;
    double p = none ? NONE : in->course == COURSE_SETTLED ? 1 : 0.9;
    return verdict(in->state, p, p);
}

static void what_was_under_way_and_is_settled_earns_a_sweep(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATE_COUNT * STATE_COUNT; i++) {
        const struct expected_state *from = expected_of((enum state)(i / STATE_COUNT));
        const struct expected_state *to = expected_of((enum state)(i % STATE_COUNT));
        const struct verdict before = verdict_in(from), after = verdict_in(to);
        bool sweeps = from->course == COURSE_UNDER_WAY && to->course == COURSE_SETTLED;
        struct show show;
        show_start(&show, &before, 0);
        show_update(&show, &after, false, 9000);
        if ((animation_sweep(&show, 9000) < 1) != sweeps)
            fail_msg("from %s to %s it %s", from->name, to->name, sweeps ? "rests" : "sweeps");
        assert_int_equal(show.finished_ms != INT64_MIN, sweeps);
        assert_int_equal(show.before, from->state);
        show_update(&show, &after, false, 9500); /* the next poll says the same */
        assert_int_equal(animation_sweep(&show, 9500) < 1, sweeps);
        assert_int_equal(animation_moves(&show, 9000 + PICTURE_EASE_MS), sweeps || to->moves);
        assert_int_equal(animation_moves(&show, 9000 + PICTURE_SWEEP_MS), to->moves);
        assert_true(animation_sweep(&show, 9000 + PICTURE_SWEEP_MS) == 1);
    }
}

/* A sweep leaves behind what it has become, over what was there just before it. */
static void what_was_before_is_the_last_other_state(void **state)
{
    (void)state;
    static const enum state states[] = {STATE_UNKNOWN, STATE_PROGRESSING, STATE_PROGRESSING,
                                        STATE_FAILED,  STATE_PROGRESSING, STATE_STABLE},
                            befores[] = {STATE_UNKNOWN,     STATE_UNKNOWN, STATE_UNKNOWN,
                                         STATE_PROGRESSING, STATE_FAILED,  STATE_PROGRESSING};
    struct verdict first = verdict(states[0], 0, 0);
    struct show show;
    show_start(&show, &first, 0);
    for (size_t i = 1; i < sizeof states / sizeof states[0]; i++) {
        const struct verdict next = verdict(states[i], 0.1 * (double)i, 0.1 * (double)i);
        show_update(&show, &next, false, 1000 * (int64_t)i);
        assert_int_equal(show.before, befores[i]);
    }
}

/* A new rollout begins before the light has come to the end. */
static void what_is_no_longer_settled_ends_a_sweep(void **state)
{
    (void)state;
    const struct verdict rolling = verdict(STATE_PROGRESSING, 0.9, 0.9);
    const struct verdict none = verdict(STATE_SCALED_TO_ZERO, NONE, NONE);
    struct show show;
    show_start(&show, &rolling, 0);
    show_update(&show, &none, false, 9000);
    assert_true(animation_sweep(&show, 9500) < 1);
    show_update(&show, &rolling, false, 9500);
    assert_true(animation_sweep(&show, 9500) == 1);
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
        cmocka_unit_test(what_is_created_is_never_less_than_what_serves),
        cmocka_unit_test(a_glide_ends_where_it_was_to),
        cmocka_unit_test(a_poll_that_says_the_same_restarts_nothing),
        cmocka_unit_test(a_glide_that_is_overtaken_goes_on_from_where_it_is),
        cmocka_unit_test(other_changes_are_seen_at_once),
        cmocka_unit_test(what_was_under_way_and_is_settled_earns_a_sweep),
        cmocka_unit_test(what_was_before_is_the_last_other_state),
        cmocka_unit_test(what_is_no_longer_settled_ends_a_sweep),
        cmocka_unit_test(a_dimmed_show_is_frozen),
        cmocka_unit_test(only_stable_and_paused_can_be_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
