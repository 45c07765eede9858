/*
 * The board of a config that is wrong, and the config of who runs beside a boot partition.
 */
#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOOD "board: terminal\nprometheus: {url: 'http://p'}\nrollouts: [{name: a, namespace: b}]\n"
#define NONE "it names no board; add e.g. board: terminal"

static char folder[64], config_path[96], wrong_path[96];

static int begin(void **state)
{
    (void)state;
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    snprintf(folder, sizeof folder, "/tmp/amberbar-beside.XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(config_path, sizeof config_path, "%s/amberbar.yaml", folder);
    snprintf(wrong_path, sizeof wrong_path, "%s/" CARD_WRONG, folder);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    unlink(config_path);
    unlink(wrong_path);
    return rmdir(folder);
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* All that somebody may have written; what is wrong elsewhere does not matter. */
static void the_board_of_a_wrong_config_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *text, *complaint; /* NULL: it is found */
    } rows[] = {
        {GOOD, NULL},
        {"board: terminal\nprometeus: [\n", NULL},
        {"board: terminal\nrollouts: *all\n", NULL},
        {"rollouts: []\n", NONE},
        {"board: []\n", NONE},
        {"board: {name: terminal}\n", NONE},
        {"board: *light\n", NONE},
        {"- board: terminal\n", NONE},
        {"board: no-such-board\n", "no-such-board"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        struct board board;
        put(config_path, rows[i].text);
        const bool found = board_read_of_config(config_path, &board, &complaints);
        const char *said = complaints.count > 0 ? complaints.text.data : "";
        if (found != (rows[i].complaint == NULL) ||
            (!found && strstr(said, rows[i].complaint) == NULL))
            fail_msg("%s: %s", rows[i].text, found ? "a board" : said);
        if (found)
            assert_string_equal(board.name, "terminal");
        board_free(&board);
        complaints_free(&complaints);
    }
}

static void a_config_knows_its_card(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    put(config_path, GOOD);
    struct config *config = config_read_beside(config_path, NULL, &complaints);
    assert_non_null(config);
    assert_string_equal(config->card, "");
    config_free(config);
    config = config_read_beside(config_path, folder, &complaints);
    assert_non_null(config);
    assert_string_equal(config->card, folder);
    assert_string_equal(config->card_fault.text, "");
    assert_string_equal(config->rollouts[0].name, "a");
    config_free(config);
    complaints_free(&complaints);
}

static void what_is_wrong_with_the_card_is_all_that_is_shown(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"one thing\nanother\n", "one thing; another"},
                                          {"", "it does not say what"}};
    put(config_path, GOOD);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        put(wrong_path, rows[i][0]);
        struct config *config = config_read_beside(config_path, folder, &complaints);
        assert_non_null(config);
        assert_string_equal(config->card_fault.text, rows[i][1]);
        assert_string_equal(config->card, folder);
        assert_int_equal(config->rollout_count, 1);
        assert_string_equal(config->rollouts[0].name, "card");
        assert_string_equal(config->board.name, "terminal");
        config_free(config);
        complaints_free(&complaints);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_board_of_a_wrong_config_is_found),
        cmocka_unit_test(a_config_knows_its_card),
        cmocka_unit_test(what_is_wrong_with_the_card_is_all_that_is_shown),
    };
    return cmocka_run_group_tests(tests, begin, finish);
}
