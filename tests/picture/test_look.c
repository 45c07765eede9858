#include "picture/look.h"
#include "rollout/indicator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Every look: of the states of a rollout, degraded but calm, unknown for a reason of this machine,
 * then of an indicator, but for those that are the same. */
#define ROLLOUT_LOOKS (STATE_COUNT + 1 + OWN_FAULTS)
#define LOOKS (ROLLOUT_LOOKS + 3)

static const enum why own_faults[] = {WHY_NO_NETWORK, WHY_CLOCK_UNSET, WHY_CARD_WRONG};
#define OWN_FAULTS 3

static const struct {
    enum health health;
    bool explained;
} others[] = {{HEALTH_WARNING, true}, {HEALTH_WARNING, false}, {HEALTH_CRITICAL, false}};

static const char *name_at(int index)
{
    if (index < STATE_COUNT)
        return state_name((enum state)index);
    if (index == STATE_COUNT)
        return "thinned";
    if (index < ROLLOUT_LOOKS)
        return why_name(own_faults[index - STATE_COUNT - 1]);
    return indicator_state_name(others[index - ROLLOUT_LOOKS].health,
                                others[index - ROLLOUT_LOOKS].explained);
}

static const struct look *look_at(int index)
{
    if (index < STATE_COUNT)
        return look_of((enum state)index);
    if (index > STATE_COUNT && index < ROLLOUT_LOOKS) {
        const struct verdict verdict = verdict_unknown(own_faults[index - STATE_COUNT - 1]);
        return look_of_verdict(&verdict);
    }
    if (index < ROLLOUT_LOOKS)
        return look_of_verdict(
            &(struct verdict){.state = STATE_DEGRADED, .calm = true, .p = LOOK_CALM_LEAST});
    return look_of_health(others[index - ROLLOUT_LOOKS].health,
                          others[index - ROLLOUT_LOOKS].explained);
}

static void any_two_differ_twice_beyond_hue(void **state)
{
    (void)state;
    for (int a = 0; a < LOOKS; a++)
        for (int b = 0; b < a; b++) {
            const struct look *one = look_at(a), *other = look_at(b);
            int differences = (one->motion != other->motion) + (one->fill != other->fill) +
                              (one->position != other->position);
            if (differences < 2)
                fail_msg("%s and %s differ in %d of motion, fill and position", name_at(a),
                         name_at(b), differences);
        }
}

static void only_what_is_degraded_is_thinned(void **state)
{
    (void)state;
    for (enum state is = 0; is < STATE_COUNT; is++)
        for (int calm = 0; calm < 2; calm++) {
            struct verdict verdict = {.state = is, .calm = calm != 0, .p = 0.9};
            bool own = look_of_verdict(&verdict) == look_of(is);
            assert_int_equal(own, is != STATE_DEGRADED || calm == 0);
        }
}

static void an_indicator_looks_like_a_rollout_where_it_means_the_same(void **state)
{
    (void)state;
    assert_ptr_equal(look_of_health(HEALTH_OK, false), look_of(STATE_STABLE));
    assert_ptr_equal(look_of_health(HEALTH_UNKNOWN, false), look_of(STATE_UNKNOWN));
    assert_ptr_equal(look_of_health(HEALTH_CRITICAL, true), look_of_health(HEALTH_WARNING, true));
}

static void what_is_explained_belongs_to_the_bar(void **state)
{
    (void)state;
    const struct look *bar = look_of(STATE_PROGRESSING);
    const struct look *explained = look_of_health(HEALTH_WARNING, true);
    assert_int_equal(explained->hue, bar->hue);
    assert_int_equal(explained->period_ms, bar->period_ms);
    assert_true(explained->high < bar->high); /* calm */
    assert_true(explained->high < look_of_health(HEALTH_WARNING, false)->high);
}

static void what_moves_has_a_calm_period(void **state)
{
    (void)state;
    for (int i = 0; i < LOOKS; i++) {
        const struct look *look = look_at(i);
        assert_int_equal(look->motion == MOTION_STILL, look->period_ms == 0);
        if (look->period_ms != 0 && look->period_ms < 1000)
            fail_msg("%s moves every %d ms", name_at(i), (int)look->period_ms);
    }
}

/* A look without a word lets a number stand. */
static void words_fit_and_tell_states_apart(void **state)
{
    (void)state;
    for (int a = 0; a < LOOKS; a++)
        for (size_t k = 0; k < 4; k++) {
            const char *word = look_at(a)->words[k];
            assert_true(strlen(word) <= k + 1);
            for (int b = 0; b < a; b++)
                if (word[0] != '\0' && strcmp(word, look_at(b)->words[k]) == 0)
                    fail_msg("two states say '%s' on %d digits", word, (int)k + 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_differ_twice_beyond_hue),
        cmocka_unit_test(only_what_is_degraded_is_thinned),
        cmocka_unit_test(an_indicator_looks_like_a_rollout_where_it_means_the_same),
        cmocka_unit_test(what_is_explained_belongs_to_the_bar),
        cmocka_unit_test(what_moves_has_a_calm_period),
        cmocka_unit_test(words_fit_and_tell_states_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
