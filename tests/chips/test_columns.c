/*
 * How much light a column is said to have.
 */
#include "chips/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *sentence;
    struct pixel pixel;
    uint16_t light;
} rows[] = {
    {"none", {0, 0, 0}, 0},
    {"the strongest channel's", {1000, 10, 20}, 1000},
    {"blue", {10, 20, 1000}, 1000},
    {"green counts more", {10, 1000, 20}, 1600},
    {"as strong as another", {1000, 1000, 0}, 1600},
    {"white, of more than halves", {1000, 501, 501}, 1600},
    {"with half the green it is none", {1000, 500, 501}, 1000},
    {"with half the blue it is none", {1000, 501, 500}, 1000},
    {"with half the red it is none", {500, 501, 1000}, 1000},
    {"what is more than there is", {0, 65535, 0}, 65535},
    {"the most that is not", {0, 40959, 0}, 65534},
};

static void light_is_that_of_the_strongest_channel(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (columns_light(rows[i].pixel) != rows[i].light)
            fail_msg("%s: %u", rows[i].sentence, columns_light(rows[i].pixel));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(light_is_that_of_the_strongest_channel)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
