/*
 * Characters as they are written down: whoever changes a shape changes it here, too.
 */
#include "chips/columns.h"
#include "chips/scenes.h"
#include "chips/segments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_have_their_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
