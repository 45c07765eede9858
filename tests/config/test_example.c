/*
 * The example config: read as it stands, commented keys and all, and with each line spoilt.
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

#define EXAMPLE SOURCE_DIR "/firmware/examples/amberbar.yaml"

static void test_example(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    struct config *config = config_read(EXAMPLE, &complaints);
    expect_complaints("the example checks clean", &complaints, "");
    assert_non_null(config);
    config_free(config);
    complaints_free(&complaints);
}

static size_t read_example(char *text, size_t size)
{
    FILE *file = fopen(EXAMPLE, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, size - 1, file);
    assert_int_equal(fclose(file), 0);
    text[length] = '\0';
    return length;
}

/*
 * The example with its commented keys taken in: a line whose first word after "# " is a key or a
 * list item loses the mark. Prose has none.
 */
static size_t uncomment(const char *text, char *open)
{
    size_t length = 0;
    while (*text != '\0') {
        size_t line = strcspn(text, "\n") + 1;
        size_t indent = strspn(text, " ");
        bool commented = indent > 0 && strncmp(text + indent, "# ", 2) == 0;
        memcpy(open + length, text, indent);
        length += indent;
        text += commented ? indent + 2 : indent;
        line -= commented ? indent + 2 : indent;
        memcpy(open + length, text, line);
        length += line;
        text += line;
    }
    return length;
}

/* What the example offers in comments works once the marks are gone. */
static void test_example_comments(void **state)
{
    (void)state;
    char text[8192];
    char open[8192];
    read_example(text, sizeof text);
    size_t length = uncomment(text, open);
    open[length] = '\0';
    scratch_make();
    char *both = strstr(open, "  authorization:\n"); /* it stands there instead of basic_auth */
    assert_non_null(both);
    memcpy(both, "  #            :\n", 17);
    both = strstr(both, "    credentials_file:");
    assert_non_null(both);
    memcpy(both, "    #", 5);
    struct config *config = read_text(open);
    assert_int_equal(config->rollout_count, 8);
    assert_true(config->prometheus.recording_rules);
    assert_int_equal(config->prometheus.query_style, QUERY_STYLE_NAMED);
    assert_int_equal(config->indicator_count, 1);
    assert_int_equal(config->picture.segment_count, 4);
    assert_string_equal(config->prometheus.basic_auth.username, "wall");
    config_free(config);
    scratch_remove();
}

/* xorshift64*: the same bytes on every machine. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

/* Changes, removes or doubles some bytes of `text`; the new length. */
static size_t mutate(char *text, size_t length, size_t size, uint64_t *seed)
{
    static const char bytes[] = " \n\t:-#[]{}\"'&*!|>%@,0a\\\xff\x80";
    for (uint64_t edits = 1 + next_random(seed) % 4; edits > 0 && length > 0; edits--) {
        size_t at = (size_t)(next_random(seed) % length);
        size_t span = 1 + (size_t)(next_random(seed) % 20);
        span = span < length - at ? span : length - at;
        switch (next_random(seed) % 3) {
        case 0:
            text[at] = bytes[next_random(seed) % (sizeof bytes - 1)];
            break;
        case 1:
            memmove(text + at, text + at + span, length - at - span);
            length -= span;
            break;
        default:
            if (length + span < size) {
                memmove(text + at + span, text + at, length - at);
                length += span;
            }
            break;
        }
    }
    return length;
}

static void test_mutations(void **state)
{
    (void)state;
    enum { ROUNDS = 3000 };
    static char original[8192];
    static char text[16384];
    uint64_t seed = UINT64_C(20261122);
    size_t read = 0;
    size_t length = read_example(original, sizeof original);
    printf("seed %llu\n", (unsigned long long)seed);
    scratch_make();
    for (size_t i = 0; i < ROUNDS; i++) {
        struct complaints complaints = {0};
        memcpy(text, original, length);
        size_t mutated = mutate(text, length, sizeof text, &seed);
        struct config *config = config_read(scratch_write("c.yaml", text, mutated), &complaints);
        if ((config != NULL) != (complaints.count == 0)) {
            fail_msg("round %zu: a config and %zu complaints:\n%s", i, complaints.count,
                     complaints.text.data);
        }
        read += config != NULL;
        config_free(config);
        complaints_free(&complaints);
    }
    assert_in_range(read, ROUNDS / 10,
                    ROUNDS * 9 / 10); /* the mutations are neither idle nor mad */
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example),
        cmocka_unit_test(test_example_comments),
        cmocka_unit_test(test_mutations),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
