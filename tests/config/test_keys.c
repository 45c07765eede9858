/*
 * The limits of each key and what it is when left out, of a chip too, as keys.txt has them: users'
 * files rest on these, so whoever changes one changes it there, too.
 */
#include "base/text.h"
#include "chips/chip.h"
#include "config/sections/sections.h"
#include "config/yaml/values.h"
#include "prometheus/settings/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_FILE TESTS_DIR "/config/keys.txt"
#define LINE_SIZE 512

static const struct {
    const char *name;
    const struct field *fields;
} sections[] = {
    {"file", config_fields},
    {"prometheus", prometheus_fields},
    {"proxy", proxy_fields},
    {"oauth2", oauth2_fields},
    {"labels", labels_fields},
    {"rollouts", rollout_fields},
    {"indicators", indicator_fields},
    {"display", display_fields},
    {"wall", wall_fields},
    {"segments", segment_fields},
    {"layout", layout_fields},
    {"night", night_fields},
    {"board", board_fields},
    {"outputs", output_fields},
    {"spi", spi_fields},
    {"i2c", i2c_fields},
    {"device", device_fields},
    {"device line", device_line_fields},
    {"framebuffer", framebuffer_fields},
    {"light", light_fields},
    {"udp", udp_fields},
    {"hidraw", hidraw_fields},
};

static void add_field(struct text *out, const char *section, const struct field *field)
{
    char least[VALUE_TEXT_SIZE], most[VALUE_TEXT_SIZE];
    text_addf(out, "%s: %s: ", section, field->key);
    if (field->min < 0 || field->max > 0) {
        value_write(field->type, field->min, least);
        value_write(field->type, field->max, most);
        text_addf(out, "%s to %s, ", least, most);
    }
    if (field->required)
        text_add(out, "must be there\n");
    else
        text_addf(out, "else %s\n", field->fallback != NULL ? field->fallback : "nothing");
}

/* Of the sections, of the maps in them, and of each chip. */
static void add_all(struct text *out)
{
    text_add(out, "\n");
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        for (const struct field *field = sections[i].fields; field->key != NULL; field++) {
            add_field(out, sections[i].name, field);
            for (const struct field *inner = field->type == FIELD_MAP ? field->fields : NULL;
                 inner != NULL && inner->key != NULL; inner++)
                add_field(out, field->key, inner);
        }
    for (const struct chip *const *chip = chips; *chip != NULL; chip++)
        for (const struct field *field = (*chip)->fields; field->key != NULL; field++)
            add_field(out, (*chip)->name, field);
    assert_false(out->failed);
}

static void each_line_of_the_file_is_so(void **state)
{
    (void)state;
    char line[LINE_SIZE], wanted[LINE_SIZE + 1];
    struct text text = {0};
    size_t count = 0;
    FILE *file = fopen(KEYS_FILE, "r");
    assert_non_null(file);
    add_all(&text);
    for (; fgets(line, sizeof line, file) != NULL; count++) {
        snprintf(wanted, sizeof wanted, "\n%s", line);
        if (strstr(text.data, wanted) == NULL)
            fail_msg("it is not so any more: %s", line);
    }
    fclose(file);
    text_free(&text);
    assert_true(count > 100);
}

/* In the file's own words, "SECTION: KEY: ". */
static bool is_written_down(FILE *file, const char *line)
{
    char written[LINE_SIZE];
    const size_t section = strcspn(line, ":") + 1,
                 length = section + strcspn(line + section, ":") + 1;
    rewind(file);
    while (fgets(written, sizeof written, file) != NULL)
        if (strncmp(written, line, length) == 0)
            return true;
    return false;
}

/* Those that are new are added where somebody asks for it, to be read. */
static void each_key_is_in_the_file(void **state)
{
    (void)state;
    const bool adds = getenv("AMBERBAR_GOLDEN_RENEW") != NULL;
    struct text text = {0};
    size_t missing = 0;
    FILE *file = fopen(KEYS_FILE, adds ? "a+" : "r");
    assert_non_null(file);
    add_all(&text);
    for (char *rest = text.data, *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (*line == '\0' || is_written_down(file, line))
            continue;
        missing++;
        if (adds)
            fprintf(file, "%s\n", line);
        else
            print_error("tests/config/keys.txt has no line of this key: %s\n", line);
    }
    fclose(file);
    text_free(&text);
    if (missing > 0 && !adds)
        fail_msg("%zu missing; `cmake --build build/test --target golden` adds them, to be read",
                 missing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_of_the_file_is_so),
        cmocka_unit_test(each_key_is_in_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
