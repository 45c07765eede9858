#include "commands/setup/order.h"

#include "chips/ledstrip.h"
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASKED_MAX 3 /* times a colour: there are three places */

/* The colour that is seen where the wire's order is `wired` and `said` is what it is said to be. */
static char seen(const char *said, const char *wired, char lit)
{
    return wired[strcspn(said, (const char[]){lit, '\0'})];
}

/* Answers as who sees the strip; the order that it ends with. */
static const char *found(const char *begin, const char *wired)
{
    struct order_search search = {.words = ledstrip_rgbw_orders, .now = begin};
    static const char colours[] = "rg";
    for (size_t i = 0; colours[i] != '\0'; i++) {
        int asked = 1;
        while (seen(search.now, wired, colours[i]) != colours[i])
            if (++asked > ASKED_MAX || order_next(&search, colours[i]) == NULL)
                return NULL;
    }
    return search.now;
}

/* From each order to each other one, white where it was. */
static void test_every_order_is_found(void **state)
{
    (void)state;
    size_t pairs = 0;
    for (size_t i = 0; ledstrip_rgbw_orders[i] != NULL; i++)
        for (size_t k = 0; ledstrip_rgbw_orders[k] != NULL; k++) {
            const char *from = ledstrip_rgbw_orders[i], *to = ledstrip_rgbw_orders[k];
            if (strlen(from) != strlen(to) || strcspn(from, "w") != strcspn(to, "w"))
                continue;
            const char *order = found(from, to);
            if (order == NULL || strcmp(order, to) != 0)
                fail_msg("from %s to %s: %s", from, to, order != NULL ? order : "none");
            pairs++;
        }
    assert_int_equal(pairs, 36 + 4 * 36);
}

/* Who never sees red has something else that is wrong. */
static void test_it_ends(void **state)
{
    (void)state;
    struct order_search search = {.words = ledstrip_rgb_orders, .now = "grb"};
    assert_non_null(order_next(&search, 'r'));
    assert_non_null(order_next(&search, 'r'));
    assert_null(order_next(&search, 'r'));
}

static void write_one(const char *board, size_t index, const char *key, const char *value,
                      const char *wanted)
{
    struct text out = {0};
    const bool good = order_write(board, index, key, value, &out);
    assert_int_equal(good, wanted != NULL);
    if (wanted != NULL)
        assert_string_equal(out.data, wanted);
    text_free(&out);
}

static void test_files(void **state)
{
    (void)state;
    static const char two[] = "# order: of what\ntitle: A\noutputs:\n  - name: a\n    chip: x\n"
                              "    order: rgb # so\n  # - pixels: 3\n  - name: b\n    pixels: 8\n";
    write_one(two, 0, "order", "grb",
              "# order: of what\ntitle: A\noutputs:\n  - name: a\n    chip: x\n    order: grb\n"
              "  # - pixels: 3\n  - name: b\n    pixels: 8\n");
    write_one(two, 1, "order", "grb",
              "# order: of what\ntitle: A\noutputs:\n  - name: a\n    chip: x\n"
              "    order: rgb # so\n  # - pixels: 3\n  - name: b\n    order: grb\n    pixels: 8\n");
    write_one(two, 1, "pixels", "12",
              "# order: of what\ntitle: A\noutputs:\n  - name: a\n    chip: x\n"
              "    order: rgb # so\n  # - pixels: 3\n  - name: b\n    pixels: 12\n");
    write_one(two, 2, "pixels", "12", NULL);
    write_one("{outputs: [{name: a, pixels: 8}]}\n", 0, "pixels", "12", NULL);
    write_one("", 0, "pixels", "12", NULL);
}

/* Each board that ships, written with the order and the number that it has, is the same board. */
static void test_boards_that_ship(void **state)
{
    (void)state;
    static char names[BOARDS_MAX][BUS_NAME_SIZE];
    const size_t count = board_names(names, BOARDS_MAX);
    size_t written = 0;
    for (size_t i = 0; i < count; i++) {
        struct board board, again;
        struct complaints complaints = {0};
        struct text out = {0};
        assert_true(board_read(names[i], NULL, &board, &complaints));
        const struct chip *chip = board.outputs[0].chip;
        if (chip_field(chip, "order") != NULL && chip_field(chip, "pixels") != NULL) {
            char pixels[16];
            snprintf(pixels, sizeof pixels, "%zu", chip->pixels(board.outputs[0].chip_settings));
            assert_true(order_write(board.source.data, 0, "pixels", pixels, &out));
            if (!board_read_text(names[i], &out, &again, &complaints))
                fail_msg("%s: %s", names[i], complaints.text.data);
            assert_true(board_same(&board, &again));
            board_free(&again);
            written++;
        }
        text_free(&out);
        complaints_free(&complaints);
        board_free(&board);
    }
    assert_true(written > 5);
}

int main(void)
{
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_order_is_found),
        cmocka_unit_test(test_it_ends),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_boards_that_ship),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
