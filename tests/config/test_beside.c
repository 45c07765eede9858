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
#include <sys/stat.h>
#include <unistd.h>

#define GOOD "board: terminal\nprometheus: {url: 'http://p'}\nrollouts: [{name: a, namespace: b}]\n"
#define NONE "it names no board; add e.g. board: terminal"

static char folder[64], config_path[96], wrong_path[96], card[96], card_config[128];

static int begin(void **state)
{
    (void)state;
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    snprintf(folder, sizeof folder, "/tmp/amberbar-beside.XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(config_path, sizeof config_path, "%s/amberbar.yaml", folder);
    snprintf(card, sizeof card, "%s/card", folder);
    snprintf(wrong_path, sizeof wrong_path, "%s/card/" CARD_WRONG, folder);
    snprintf(card_config, sizeof card_config, "%s/card/" CARD_CONFIG, folder);
    return mkdir(card, 0755);
}

static int finish(void **state)
{
    (void)state;
    unlink(config_path);
    unlink(wrong_path);
    unlink(card_config);
    return rmdir(card) != 0 || rmdir(folder) != 0 ? -1 : 0;
}

/* NULL: there is no such file. */
static void put(const char *path, const char *text)
{
    if (text == NULL) {
        unlink(path);
        return;
    }
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
        {"", NONE},
        {"x", NONE},
        {"\xff", NONE}, /* no text, so no YAML: the line of the key is all that is looked for */
        {"\xff\nboard: terminal\n", NULL},
        {"\xff\nprometheus: {}\nboard: terminal", NULL},
        {"board: terminal\n\xff\n", NULL},
        {"board: terminal # and more\n\xff\n", NULL},
        {"\xff\n  board: terminal\n", NONE},
        {"\xff\nkeyboard: terminal\n", NONE},
        {"\xff\nboar", NONE},
        {"\xff\nboard: [terminal]\n", NONE},
        {"\xff\nboard: [\n", NONE},
        {"\xff\nboard: no-such-board\n", "no-such-board"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        struct board board;
        memset(&board, 0xff, sizeof board); /* it is free to be freed in any case */
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

/* What comes through a pipe cannot be read a second time. */
static void what_is_no_plain_file_is_not_read_again(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"/nowhere/amberbar.yaml", "/nowhere/amberbar.yaml: there is no such file; "},
        {"/dev/null", "/dev/null: it is no plain file, and is not read again\n"},
        {"/tmp", "/tmp: it is no plain file, and is not read again\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        struct board board;
        memset(&board, 0xff, sizeof board);
        assert_false(board_read_of_config(rows[i][0], &board, &complaints));
        assert_int_equal(complaints.count, 1);
        assert_int_equal(strncmp(complaints.text.data, rows[i][1], strlen(rows[i][1])), 0);
        board_free(&board);
        complaints_free(&complaints);
    }
}

static void a_config_knows_its_card(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    put(config_path, GOOD);
    put(wrong_path, NULL);
    put(card_config, "board: traffic-light\n"); /* which does not matter: nothing is wrong */
    struct config *config = config_read_beside(config_path, NULL, &complaints);
    assert_non_null(config);
    assert_string_equal(config->card, "");
    config_free(config);
    config = config_read_beside(config_path, card, &complaints);
    assert_non_null(config);
    assert_string_equal(config->card, card);
    assert_string_equal(config->card_fault.text, "");
    assert_string_equal(config->board.name, "terminal");
    assert_string_equal(config->rollouts[0].name, "a");
    config_free(config);
    complaints_free(&complaints);
}

static void what_is_wrong_with_the_card_is_all_that_is_shown(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"one thing\nanother\n", "one thing; another"},
                                          {"one thing", "one thing"},
                                          {"x", "x"},
                                          {"\n", "it does not say what"},
                                          {"", "it does not say what"}};
    put(config_path, GOOD);
    put(card_config, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct complaints complaints = {0};
        put(wrong_path, rows[i][0]);
        struct config *config = config_read_beside(config_path, card, &complaints);
        assert_non_null(config);
        assert_string_equal(config->card_fault.text, rows[i][1]);
        assert_string_equal(config->card, card);
        assert_int_equal(config->rollout_count, 1);
        assert_string_equal(config->rollouts[0].name, "card");
        assert_string_equal(config->board.name, "terminal");
        assert_string_equal(config->path, config_path);
        assert_int_equal(complaints.count, 0);
        config_free(config);
        complaints_free(&complaints);
    }
}

/* It is there, so something is wrong, though nobody can tell what. */
static void a_word_that_cannot_be_read_is_one_too(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    put(wrong_path, NULL);
    put(config_path, GOOD);
    assert_int_equal(mkdir(wrong_path, 0755), 0);
    struct config *config = config_read_beside(config_path, card, &complaints);
    assert_int_equal(rmdir(wrong_path), 0);
    assert_non_null(config);
    assert_string_equal(config->card_fault.text, "it does not say what");
    config_free(config);
    config = config_read_beside(config_path, "/nowhere/card", &complaints); /* nothing is */
    assert_non_null(config);
    assert_string_equal(config->card_fault.text, "");
    config_free(config);
    complaints_free(&complaints);
}

/* The card's config goes before the machine's; what is wrong with one that is not used, or that
   has no board, nobody is told. */
static const struct {
    const char *sentence, *card, *config; /* NULL: there is none */
    const char *board;
    bool blinks;
    size_t width; /* of the picture */
} lights[] = {
    {"the card's", "board: traffic-light\n", GOOD, "traffic-light", true, 0},
    {"the card's, wrong elsewhere", "board: traffic-light\nbord: [\n", GOOD, "traffic-light", true,
     0},
    {"the card's, which is no YAML", "\xff\nboard: pimoroni-unicorn-hat\n", GOOD,
     "pimoroni-unicorn-hat", false, 8},
    {"the card's alone", "board: terminal\n", NULL, "terminal", false, 0},
    {"the machine's", NULL, GOOD, "terminal", false, 0},
    {"the machine's, which is wrong elsewhere", NULL, "board: relay-tower\nbord: 1\n",
     "relay-tower", false, 0},
    {"the card has no board", "rollouts: []\n", GOOD, "terminal", false, 0},
    {"the card's board is wrong", "board: no-such-board\n", "board: traffic-light\n",
     "traffic-light", true, 0},
    {"neither", NULL, NULL, "raspberry-pi-leds", true, 0},
    {"both are wrong", "board: no-such-board\n", "rollouts: []\n", "raspberry-pi-leds", true, 0},
};

static void it_is_shown_on_the_lights_that_there_are(void **state)
{
    (void)state;
    put(wrong_path, "one thing\n");
    for (size_t i = 0; i < sizeof lights / sizeof lights[0]; i++) {
        struct complaints complaints = {0};
        put(card_config, lights[i].card);
        put(config_path, lights[i].config);
        struct config *config = config_read_beside(config_path, card, &complaints);
        if (config == NULL || complaints.count > 0)
            fail_msg("%s: %s", lights[i].sentence,
                     complaints.count > 0 ? complaints.text.data : "no config");
        if (strcmp(config->board.name, lights[i].board) != 0 ||
            config->picture.blinks != lights[i].blinks || config->picture.width != lights[i].width)
            fail_msg("%s: %s, %s, %zu wide", lights[i].sentence, config->board.name,
                     config->picture.blinks ? "blinks" : "does not blink", config->picture.width);
        config_free(config);
        complaints_free(&complaints);
    }
}

/* Nothing can be shown: only what is wrong with the last try is said. */
static void without_any_lights_there_is_no_config(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    put(wrong_path, "one thing\n");
    put(card_config, "board: no-such-board\n");
    put(config_path, GOOD);
    setenv("AMBERBAR_BOARDS", folder, 1); /* which has none */
    struct config *config = config_read_beside(config_path, card, &complaints);
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    assert_null(config);
    assert_int_equal(complaints.count, 1);
    assert_non_null(strstr(complaints.text.data, "there is no board 'raspberry-pi-leds'"));
    complaints_free(&complaints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_board_of_a_wrong_config_is_found),
        cmocka_unit_test(what_is_no_plain_file_is_not_read_again),
        cmocka_unit_test(a_config_knows_its_card),
        cmocka_unit_test(what_is_wrong_with_the_card_is_all_that_is_shown),
        cmocka_unit_test(a_word_that_cannot_be_read_is_one_too),
        cmocka_unit_test(it_is_shown_on_the_lights_that_there_are),
        cmocka_unit_test(without_any_lights_there_is_no_config),
    };
    return cmocka_run_group_tests(tests, begin, finish);
}
