#include "daemon/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check_within_a_quarter(int64_t wait_ms, int64_t around_ms)
{
    if (wait_ms < around_ms * 3 / 4 || wait_ms > around_ms * 5 / 4)
        fail_msg("waits %lld ms where about %lld ms were due", (long long)wait_ms,
                 (long long)around_ms);
}

static void doubles_from_one_second_to_thirty(void **state)
{
    (void)state;
    static const int64_t steps[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000};
    for (uint32_t seed = 0; seed < 1000; seed++) {
        struct backoff backoff = {.random = seed};
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
            check_within_a_quarter(backoff_next_ms(&backoff, INT64_MAX), steps[i]);
        backoff_reset(&backoff);
        check_within_a_quarter(backoff_next_ms(&backoff, INT64_MAX), 1000);
    }
}

static void waits_no_longer_than_it_may_and_then_spreads_too(void **state)
{
    (void)state;
    int64_t least = INT64_MAX, most = 0;
    for (uint32_t seed = 1; seed <= 100; seed++) {
        struct backoff backoff = {.random = seed * 2654435761u};
        for (int i = 0; i < 5; i++)
            backoff_next_ms(&backoff, 10000);
        int64_t wait = backoff_next_ms(&backoff, 10000);
        least = wait < least ? wait : least;
        most = wait > most ? wait : most;
        assert_in_range(backoff_next_ms(&backoff, 0), 0, 0);
    }
    assert_in_range(least, 7500, 8000);
    assert_in_range(most, 9500, 10000);
}

static void waits_longest_at_once_when_somebody_must_act(void **state)
{
    (void)state;
    struct backoff backoff = {.random = 7};
    check_within_a_quarter(backoff_slowest_ms(&backoff), 30000);
    check_within_a_quarter(backoff_next_ms(&backoff, INT64_MAX), 30000);
}

static void spreads_a_hundred_boards(void **state)
{
    (void)state;
    int64_t least = INT64_MAX, most = 0;
    for (uint32_t seed = 1; seed <= 100; seed++) {
        struct backoff backoff = {.random = seed * 2654435761u};
        int64_t wait = backoff_slowest_ms(&backoff);
        least = wait < least ? wait : least;
        most = wait > most ? wait : most;
    }
    assert_true(most - least > 10000);
}

/* Random numbers are those of xorshift32 as it is published (Marsaglia, "Xorshift RNGs", 13, 17,
   5), which it begins with from 1; each is divided by the room on both sides of what is due. */
static void each_wait_is_spread_by_the_next_number(void **state)
{
    (void)state;
    static const struct {
        uint32_t random;
        int64_t wait_ms;
    } expected[] = {{270369, 750 + 270369 % 501},
                    {67634689, 1500 + 67634689 % 1001},
                    {2647435461, 3000 + 2647435461 % 2001},
                    {307599695, 22500 + 307599695 % 15001}};
    for (uint32_t seed = 0; seed <= 1; seed++) { /* 0 would stay 0 */
        struct backoff backoff = {.random = seed};
        for (size_t i = 0; i < 4; i++) {
            const int64_t wait_ms =
                i < 3 ? backoff_next_ms(&backoff, INT64_MAX) : backoff_slowest_ms(&backoff);
            assert_int_equal(backoff.random, expected[i].random);
            assert_int_equal(wait_ms, expected[i].wait_ms);
        }
    }
    struct backoff more = {.random = 1}, most = more;
    assert_int_equal(backoff_next_ms(&more, 1080 + 1), 1080);
    assert_int_equal(backoff_next_ms(&most, 1080), 1080 - 67634689 % (1080 / 4 + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_from_one_second_to_thirty),
        cmocka_unit_test(waits_no_longer_than_it_may_and_then_spreads_too),
        cmocka_unit_test(waits_longest_at_once_when_somebody_must_act),
        cmocka_unit_test(spreads_a_hundred_boards),
        cmocka_unit_test(each_wait_is_spread_by_the_next_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
