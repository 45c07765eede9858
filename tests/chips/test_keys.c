/*
 * Characters and keys as they are written down: whoever changes a shape, a limit or what is taken
 * where a key is left out changes it here, too.
 */
#include "chips/chip.h"
#include "chips/columns.h"
#include "chips/scenes.h"
#include "chips/segments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_FILE TESTS_DIR "/chips/walls/keys.txt"
#define FOURTEEN "abcdef<>hjklmn." /* with the halves of the bar in the middle */

/* The names of what is lit. */
static void name_segments(unsigned lit, const char *names, char *out)
{
    for (size_t i = 0; names[i] != '\0'; i++)
        if ((lit >> i & 1) != 0)
            *out++ = names[i];
    *out = '\0';
}

/* A letter's rows, '#' lit. */
static void draw_letter(char character, char *out)
{
    const struct columns columns = {.count = COLUMNS_LETTER, .rows = 8, .text = true};
    struct pixel dark[COLUMNS_LETTER] = {0};
    struct frame frame = {.pixels = dark, .count = COLUMNS_LETTER, .text = {character}};
    uint8_t lit[COLUMNS_LETTER] = {0};
    columns_draw(&columns, &frame, lit);
    for (size_t row = 0; row < 5; row++) {
        for (size_t x = 0; x < 3; x++)
            *out++ = (lit[x] >> row & 1) != 0 ? '#' : '.';
        *out++ = row < 4 ? ' ' : '|';
    }
    *out = '\0';
}

static void characters_have_their_shapes(void **state)
{
    (void)state;
    static char text[SCENES_TEXT_SIZE];
    size_t length = 0;
    for (char character = 1; character > 0 && character < 127; character++) {
        char seven[16], fourteen[24], letter[32] = "|";
        name_segments(segments_of(character), "abcdefg.", seven);
        name_segments(segments14_of(character), FOURTEEN, fourteen);
        if (character > ' ' && strchr(".:", character) == NULL)
            draw_letter(character, letter);
        if (seven[0] != '\0' || fourteen[0] != '\0' || strchr(letter, '#') != NULL)
            length += (size_t)snprintf(text + length, sizeof text - length,
                                       "%3d %c  %-8s %-12s |%s\n", character,
                                       character > ' ' ? character : ' ', seven, fourteen, letter);
        assert_true(length < sizeof text);
    }
    scenes_expect(TESTS_DIR "/chips/walls/characters.txt", text);
}

static const char *write_key(const struct chip *chip, const struct field *field, char *line,
                             size_t size)
{
    char limits[64] = "";
    if (field->min < field->max)
        snprintf(limits, sizeof limits, "%g to %g, ", field->min, field->max);
    snprintf(line, size, "%s %s: %s%s\n", chip->name, field->key, limits,
             field->required           ? "required"
             : field->fallback != NULL ? field->fallback
                                       : "none");
    return line;
}

/* Each line of the file. */
static void keys_have_their_limits(void **state)
{
    (void)state;
    char wanted[256], line[256];
    FILE *file = fopen(KEYS_FILE, "r");
    assert_non_null(file);
    while (fgets(wanted, sizeof wanted, file) != NULL) {
        bool found = false;
        for (const struct chip *const *chip = chips; !found && *chip != NULL; chip++)
            for (const struct field *field = (*chip)->fields; !found && field->key != NULL; field++)
                found = strcmp(write_key(*chip, field, line, sizeof line), wanted) == 0;
        if (!found)
            fail_msg("it is not so any more: %s", wanted);
    }
    fclose(file);
}

/* In the file's own words, "CHIP KEY: ". */
static bool is_written_down(FILE *file, const char *line)
{
    char written[256];
    size_t length = strcspn(line, ":") + 1;
    rewind(file);
    while (fgets(written, sizeof written, file) != NULL)
        if (strncmp(written, line, length) == 0)
            return true;
    return false;
}

/* Each key of each chip. Those that are new are added where somebody asks for it, to be read. */
static void keys_are_written_down(void **state)
{
    (void)state;
    bool adds = getenv("AMBERBAR_GOLDEN_RENEW") != NULL;
    char line[256];
    size_t missing = 0;
    FILE *file = fopen(KEYS_FILE, adds ? "a+" : "r");
    assert_non_null(file);
    for (const struct chip *const *chip = chips; *chip != NULL; chip++)
        for (const struct field *field = (*chip)->fields; field->key != NULL; field++) {
            if (is_written_down(file, write_key(*chip, field, line, sizeof line)))
                continue;
            missing++;
            if (adds)
                fputs(line, file);
            else
                print_error("tests/chips/walls/keys.txt has no line of this key: %s", line);
        }
    fclose(file);
    if (missing > 0 && !adds)
        fail_msg("%zu missing; `cmake --build build/test --target golden` adds them, to be read",
                 missing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_have_their_shapes),
        cmocka_unit_test(keys_have_their_limits),
        cmocka_unit_test(keys_are_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
