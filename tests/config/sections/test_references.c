#include "config/sections/references.h"

#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#define NONE SIZE_MAX /* it is not found, and nothing is said of where */

static struct rollout_settings rollouts[] = {{.name = "shop"}, {.name = "cms"}};
static struct rollout_settings nameless[] = {{.name = "shop"}, {.name = ""}};
static struct indicator_settings indicators[] = {{.name = "ttfb"}};

static const struct {
    const char *sentence;
    struct rollout_settings *rollouts;
    size_t rollout_count, indicator_count;
    enum referent what;
    const char *name;
    size_t index;
    const char *complaints;
} rows[] = {
    {"the first", rollouts, 2, 1, REFERENT_ROLLOUT, "shop", 0, ""},
    {"the last", rollouts, 2, 1, REFERENT_ROLLOUT, "cms", 1, ""},
    {"an indicator", rollouts, 2, 1, REFERENT_INDICATOR, "ttfb", 0, ""},
    {"one of the other sort", rollouts, 2, 1, REFERENT_INDICATOR, "shop", NONE,
     "x:1:1: there is no indicator 'shop'; write ttfb\n"},
    {"one that there is not", rollouts, 2, 1, REFERENT_ROLLOUT, "db", NONE,
     "x:1:1: there is no rollout 'db'; write shop or cms\n"},
    {"one of none", rollouts, 0, 1, REFERENT_ROLLOUT, "shop", NONE,
     "x:1:1: there is no rollout; list it under rollouts\n"},
    {"an indicator of none", rollouts, 2, 0, REFERENT_INDICATOR, "ttfb", NONE,
     "x:1:1: there is no indicator; list it under indicators\n"},
    {"beside one that has lost its name, which was complained about", nameless, 2, 1,
     REFERENT_ROLLOUT, "shop", 0, ""},
    {"perhaps that one", nameless, 2, 1, REFERENT_ROLLOUT, "cms", NONE, ""},
};

static void test_find(void **state)
{
    (void)state;
    static struct config config;
    const struct node node = {.type = NODE_SCALAR, .line = 1, .column = 1, .text = ""};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        const struct reading reading = {"x", &complaints, MANUAL_CONFIG};
        size_t index = NONE;
        config.rollouts = rows[i].rollouts;
        config.rollout_count = rows[i].rollout_count;
        config.indicators = indicators;
        config.indicator_count = rows[i].indicator_count;
        const bool found =
            references_find(&reading, &node, rows[i].name, &config, rows[i].what, &index);
        expect_complaints(rows[i].sentence, &complaints, rows[i].complaints);
        if (found != (rows[i].index != NONE) || index != rows[i].index)
            fail_msg("%s: %d, %zu", rows[i].sentence, found, index);
        complaints_free(&complaints);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_find)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
