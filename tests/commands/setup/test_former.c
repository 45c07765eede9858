/* A section is kept as it was written: its lines, and no more. */
#include "commands/setup/former.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void test_sections(void **state)
{
    (void)state;
    static const struct {
        const char *why, *source, *wanted; /* NULL: there is none */
    } rows[] = {
        {"nothing is there", "", NULL},
        {"another key begins alike", "rollouts_of: 1\n", NULL},
        {"it is below another", "a:\n  rollouts: []\n", NULL},
        {"in a comment", "# rollouts: []\n", NULL},
        {"in one line", "a: 1\nrollouts: [{a: b}]\nb: 2\n", "rollouts: [{a: b}]\n"},
        {"the last, without an end", "rollouts: []", "rollouts: []\n"},
        {"indented", "rollouts:\n  - a\n\n  # b\n  - c\nd: e\n",
         "rollouts:\n  - a\n\n  # b\n  - c\n"},
        {"not indented", "rollouts:\n- a\n- b\nc: d\n", "rollouts:\n- a\n- b\n"},
        {"what is said of the next", "rollouts:\n- a\n\n# of c\nc: d\n", "rollouts:\n- a\n"},
        {"a comment within, at the begin", "rollouts:\n- a\n# b\n- c\n",
         "rollouts:\n- a\n# b\n- c\n"},
        {"its end at the begin", "rollouts: [\n  {a: b}\n]\nc: d\n", "rollouts: [\n  {a: b}\n]\n"},
        {"over several lines", "rollouts: [\n  {a: b},\n  ]\nc: d\n",
         "rollouts: [\n  {a: b},\n  ]\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};
        const bool found = former_section(rows[i].source, "rollouts", &out);
        if (found != (rows[i].wanted != NULL) || (found && strcmp(out.data, rows[i].wanted) != 0))
            fail_msg("%s: '%s'", rows[i].why, found ? out.data : "none");
        text_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sections)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
