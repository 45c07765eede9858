/*
 * The limits of each key and what it is when left out, as keys.txt has them: users' files rest on
 * these, so whoever changes one changes it there, too.
 */
#include "base/text.h"
#include "config/sections/sections.h"
#include "config/yaml/values.h"
#include "prometheus/settings/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

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

/* Each line of the file; a key that is new need not be there. */
static void expect_lines(const char *path, const char *text)
{
    char line[512], wanted[sizeof line + 1];
    size_t count = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file) != NULL; count++) {
        snprintf(wanted, sizeof wanted, "\n%s", line);
        if (strstr(text, wanted) == NULL)
            fail_msg("it is not so any more: %s", line);
    }
    fclose(file);
    assert_true(count > 100);
}

static void keys_are_as_written_down(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, "\n");
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        for (const struct field *field = sections[i].fields; field->key != NULL; field++) {
            add_field(&text, sections[i].name, field);
            for (const struct field *inner = field->type == FIELD_MAP ? field->fields : NULL;
                 inner != NULL && inner->key != NULL; inner++)
                add_field(&text, field->key, inner);
        }
    assert_false(text.failed);
    expect_lines(TESTS_DIR "/config/keys.txt", text.data);
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keys_are_as_written_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
