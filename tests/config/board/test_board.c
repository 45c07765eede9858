#include "config/config.h"
#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GPIO "bus: {gpio: {gpiochip: a, data: GPIO23, clock: GPIO24}}"

/* Board files that are refused. $ stands for the file's path. */
static const struct refused refused[] = {
    {"an empty map misses both keys", "{}\n",
     "$:1:1: the key 'title' is missing here; add it, with text\n"
     "$:1:1: the key 'outputs' is missing here; add the list of outputs, each with name, chip and "
     "bus\n"},
    {"no outputs", "title: T\noutputs: []\n",
     "$:2:10: a board has 1 to 8 outputs, not 0; correct the list\n"},
    {"an output alone instead of a list", "title: T\noutputs: {name: a}\n",
     "$:2:10: outputs cannot be a map of keys; write a list of outputs, each with name, chip and "
     "bus\n"},
    {"an output that is a word", "title: T\noutputs: [strip]\n",
     "$:2:11: this cannot be a single value; write the keys of an output: name, chip, bus\n"},
    {"a missing name", "title: T\noutputs:\n  - {chip: frames, bus: stdout}\n",
     "$:3:5: the key 'name' is missing here; add it, with text\n"},
    {"an empty name", "title: T\noutputs:\n  - {name: '', chip: frames, bus: stdout}\n",
     "$:3:12: name cannot be empty; write text\n"},
    {"a missing chip", "title: T\noutputs:\n  - name: a\n    pixels: 8\n",
     "$:3:5: the key 'chip' is missing here; add e.g. chip: apa102\n"},
    {"a mistyped chip", "title: T\noutputs:\n  - {name: a, chip: aap102}\n",
     "$:3:21: unknown chip 'aap102'; did you mean 'apa102'?\n"},
    {"a chip in capitals", "title: T\noutputs:\n  - {name: a, chip: WS2812}\n",
     "$:3:21: unknown chip 'WS2812'; did you mean 'ws2812'?\n"},
    {"another name of the same lights", "title: T\noutputs:\n  - {name: a, chip: NeoPixel}\n",
     "$:3:21: unknown chip 'NeoPixel'; such lights are driven as ws2812: write chip: ws2812\n"},
    {"another name with a number", "title: T\noutputs:\n  - {name: a, chip: WS2813-B}\n",
     "$:3:21: unknown chip 'WS2813-B'; such lights are driven as ws2812: write chip: ws2812\n"},
    {"a near number is another part", "title: T\noutputs:\n  - {name: a, chip: tm1640}\n",
     "$:3:21: unknown chip 'tm1640'; write " CHIPS_HERE "\n"},
    {"a near number of another maker", "title: T\noutputs:\n  - {name: a, chip: lpd1886}\n",
     "$:3:21: unknown chip 'lpd1886'; write " CHIPS_HERE "\n"},
    {"capitals in a word",
     "title: T\noutputs:\n  - {name: a, chip: apa102, pixels: 8, order: GRB, " GPIO "}\n",
     "$:3:47: order cannot be 'GRB'; did you mean 'grb'?\n"},
    {"lamps as words",
     "title: T\noutputs:\n  - {name: a, chip: lamps, lamps: [red, green], bus: {gpio: {gpiochip: "
     "x, lines: [A, B]}}}\n",
     "$:3:36: a lamp is a map of keys; write {colour: red}\n"
     "$:3:41: a lamp is a map of keys; write {colour: green}\n"},
    {"a number with its unit",
     "title: T\noutputs:\n  - {name: a, chip: apa102, pixels: 8, max_ma: 3A, " GPIO "}\n",
     "$:3:48: max_ma cannot be '3A'; write 3000, the number alone, in mA\n"},
    {"quotes of a word processor",
     "title: T\noutputs:\n  - {name: \u201ca\u201d, chip: apa102, "
     "pixels: 8, " GPIO "}\n",
     "$:3:12: name cannot begin with a typographic quote; write plain ones: \"...\"\n"},
    {"the chip's own keys are checked beside ours",
     "title: T\noutputs:\n  - {nam: a, chip: apa102, pixels: 0, odrer: bgr, " GPIO "}\n",
     "$:3:6: unknown key 'nam'; did you mean 'name'?\n"
     "$:3:36: pixels cannot be 0; write 1 to 1024\n"
     "$:3:39: unknown key 'odrer'; did you mean 'order'?\n"},
    {"a missing bus", "title: T\noutputs:\n  - {name: a, chip: apa102, pixels: 8}\n",
     "$:3:5: the key 'bus' is missing here; add bus: stdout, or bus: {gpio: {data: LINE, "
     "clock: LINE}}\n"},
    {"lights on standard output",
     "title: T\noutputs:\n  - {name: a, chip: apa102, pixels: 8, bus: stdout}\n",
     "$:3:45: the chip apa102 cannot be wired to stdout; write bus: {gpio: {data: LINE, "
     "clock: LINE}}\n"},
    {"frames on pins", "title: T\noutputs:\n  - {name: a, chip: frames, " GPIO "}\n",
     "$:3:35: the chip frames cannot be wired to gpio; write bus: stdout\n"},
    {"an unknown bus", "title: T\noutputs:\n  - {name: a, chip: frames, bus: stdotu}\n",
     "$:3:34: unknown bus 'stdotu'; the chip frames takes bus: stdout\n"},
    {"an unknown bus with keys",
     "title: T\noutputs:\n  - {name: a, chip: apa102, pixels: 8, bus: {gpoi: {data: 1}}}\n",
     "$:3:46: unknown bus 'gpoi'; the chip apa102 takes bus: {gpio: {data: LINE, "
     "clock: LINE}}\n"},
    {"gpio without its keys",
     "title: T\noutputs:\n  - {name: a, chip: apa102, pixels: 8, bus: gpio}\n",
     "$:3:45: the bus gpio is written otherwise; write bus: {gpio: {data: LINE, "
     "clock: LINE}}\n"},
    {"stdout with keys", "title: T\noutputs:\n  - {name: a, chip: frames, bus: {stdout: {}}}\n",
     "$:3:35: the bus stdout is written otherwise; write bus: stdout\n"},
    {"stdout with a word", "title: T\noutputs:\n  - {name: a, chip: frames, bus: {stdout: a}}\n",
     "$:3:35: the bus stdout is written otherwise; write bus: stdout\n"},
    {"two buses", "title: T\noutputs:\n  - {name: a, chip: frames, bus: {stdout: {}, gpio: {}}}\n",
     "$:3:34: bus names one bus, not 2; write bus: stdout\n"},
    {"a bus without a value", "title: T\noutputs:\n  - {name: a, chip: frames, bus: }\n",
     "$:3:34: bus cannot be empty; write bus: stdout\n"},
    {"the keys of gpio",
     "title: T\noutputs:\n  - name: a\n    chip: apa102\n    pixels: 8\n    bus:\n      gpio:\n"
     "        gpiochip: []\n        data: ''\n        clok: GPIO24\n        half_period_us: -1\n",
     "$:8:19: gpiochip names 1 to 8 chips; the first one found is used\n"
     "$:9:15: data cannot be empty; write text\n"
     "$:10:9: unknown key 'clok'; did you mean 'clock'?\n"
     "$:11:25: half_period_us cannot be -1; write 0 to 1000\n"},
    {"data and clock on one line",
     "title: T\noutputs:\n  - {name: a, chip: apa102, pixels: 8, bus: {gpio: {gpiochip: c, data: "
     "GPIO23, clock: GPIO23}}}\n",
     "$:3:52: data and clock are both GPIO23; they are two lines\n"},
    {"a label in a list within the list",
     "title: T\noutputs:\n  - {name: a, chip: apa102, pixels: 8, bus: {gpio: {gpiochip: [[c]], "
     "data: GPIO23, clock: GPIO24}}}\n",
     "$:3:64: this cannot be a list; write the label of a GPIO chip, as gpiodetect prints it\n"},
    {"two outputs of one name, on the same lines",
     "title: T\noutputs:\n  - {name: a, chip: apa102, pixels: 8, " GPIO "}\n"
     "  - {name: a, chip: apa102, pixels: 8, bus: {gpio: {gpiochip: a, data: GPIO5, clock: "
     "GPIO23}}}\n",
     "$:4:5: another output is called a too; give each its own name\n"
     "$:4:5: the output a uses the line GPIO23 already; take another\n"},
    {"standard output twice",
     "title: T\noutputs:\n  - {name: a, chip: frames, bus: stdout}\n"
     "  - {name: b, chip: frames, bus: stdout}\n",
     "$:4:5: the output a writes to standard output already; keep one\n"},
    {"a title that would move the cursor",
     "title: \"T\\e[2J\"\noutputs:\n"
     "  - {name: a, chip: frames, bus: stdout}\n",
     "$:1:8: title holds a control character; remove it\n"},
};

static void test_refused(void **state)
{
    (void)state;
    expect_boards(refused, sizeof refused / sizeof refused[0]);
}

static void test_unknown_chip(void **state)
{
    (void)state;
    static const char text[] = "title: T\noutputs:\n  - {name: a, chip: xxxxxxxxxxxx}\n";
    struct board board;
    struct complaints complaints = {0};
    scratch_make();
    assert_false(
        board_read(scratch_write("b.yaml", text, strlen(text)), NULL, &board, &complaints));
    assert_int_equal(complaints.count, 1);
    for (size_t i = 0; chips[i] != NULL; i++) /* a chip like no other lists them all */
        assert_non_null(strstr(complaints.text.data, chips[i]->name));
    board_free(&board);
    complaints_free(&complaints);
    scratch_remove();
}

/* The sentence is the chip's; where it stands is ours. */
static void test_chip_check(void **state)
{
    (void)state;
    static const char text[] = "title: T\noutputs:\n  - name: a\n    chip: apa102\n"
                               "    pixels: 100\n    max_ma: 50\n    " GPIO "\n";
    struct board board;
    struct complaints complaints = {0};
    scratch_make();
    const char *path = scratch_write("b.yaml", text, strlen(text));
    assert_false(board_read(path, NULL, &board, &complaints));
    const char *place = complaints.text.data + strlen(path);
    assert_int_equal(strncmp(place, ":6:13: max_ma ", 14), 0); /* at the key it is about */
    assert_int_equal(complaints.count, 1);
    board_free(&board);
    complaints_free(&complaints);
    scratch_remove();
}

static const struct shipped {
    const char *name, *title;
    size_t pixels, digits;
    enum bus_kind bus;
} shipped[] = {
    {"frames", "Frames as JSON lines", 8, 4, BUS_FILE},
    {"pimoroni-blinkt", "Pimoroni Blinkt!", 8, 0, BUS_GPIO},
    {"terminal", "Terminal", 8, 4, BUS_FILE},
};
#define SHIPPED (sizeof shipped / sizeof shipped[0])

static void test_shipped(void **state)
{
    (void)state;
    char names[BOARDS_MAX][BUS_NAME_SIZE];
    for (size_t i = 0; i < SHIPPED; i++) {
        struct board board;
        struct complaints complaints = {0};
        board_read(shipped[i].name, NULL, &board, &complaints);
        expect_complaints(shipped[i].name, &complaints, "");
        assert_string_equal(board.name, shipped[i].name);
        assert_string_equal(board.title, shipped[i].title);
        assert_int_equal(board_pixels(&board), shipped[i].pixels);
        assert_int_equal(board_digits(&board), shipped[i].digits);
        assert_int_equal(board.outputs[0].bus.kind, shipped[i].bus);
        board_free(&board);
        complaints_free(&complaints);
    }
    size_t count = board_names(names, BOARDS_MAX);
    for (size_t i = 0; i < count; i++) { /* those that are not in the table yet */
        struct board board;
        struct complaints complaints = {0};
        board_read(names[i], NULL, &board, &complaints);
        expect_complaints(names[i], &complaints, "");
        assert_true(i == 0 || strcmp(names[i - 1], names[i]) < 0);
        board_free(&board);
        complaints_free(&complaints);
    }
    assert_true(count >= SHIPPED);
}

/* The pins of the product, as its own library has them (pimoroni/blinkt: DAT = 23, CLK = 24). */
static void test_blinkt(void **state)
{
    (void)state;
    struct board board;
    struct complaints complaints = {0};
    assert_true(board_read("pimoroni-blinkt", NULL, &board, &complaints));
    const struct gpio_clocked_settings *gpio = &board.outputs[0].bus.gpio;
    assert_string_equal(gpio->chips[0], "pinctrl-rp1");
    assert_string_equal(gpio->chips[1], "pinctrl-bcm2711");
    assert_string_equal(gpio->chips[2], "pinctrl-bcm2835");
    assert_string_equal(gpio->chips[3], "");
    assert_string_equal(gpio->data, "GPIO23");
    assert_string_equal(gpio->clock, "GPIO24");
    assert_int_equal(gpio->half_period_us, 0);
    board_free(&board);
    complaints_free(&complaints);
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *name, *complaint;
    } names[] = {
        {"blinkt", "blinkt: there is no board 'blinkt'; did you mean 'pimoroni-blinkt'? `amberbar "
                   "boards` lists all\n"},
        {"FRUIT-14", "FRUIT-14: there is no board 'FRUIT-14'; did you mean 'adafruit-14-segment'? "
                     "`amberbar boards` lists all\n"}, /* the first of all */
        {"terminla", "terminla: there is no board 'terminla'; did you mean 'terminal'? `amberbar "
                     "boards` lists all\n"},
        {"neopixel", "neopixel: there is no board 'neopixel'; such lights are driven as ws2812: "
                     "take 'ws2812-pio' or 'ws2812-spi'; `amberbar boards` lists all\n"},
        {"ws2815-spi", "ws2815-spi: there is no board 'ws2815-spi'; such lights are driven as "
                       "ws2812: take 'ws2812-pio' or 'ws2812-spi'; `amberbar boards` lists all\n"},
        {"dotstar", "dotstar: there is no board 'dotstar'; such lights are driven as apa102: take "
                    "'apa102-spi'; `amberbar boards` lists all\n"},
        {"tm1640", "tm1640: there is no board 'tm1640'; `amberbar boards` lists them, and a path "
                   "such as ./mine.yaml names your own\n"},
        {"x", "x: there is no board 'x'; `amberbar boards` lists them, and a path such as "
              "./mine.yaml names your own\n"}, /* though max7219 has one */
        {"zzz", "zzz: there is no board 'zzz'; `amberbar boards` lists them, and a path such as "
                "./mine.yaml names your own\n"},
        {"./zzz.yaml", "./zzz.yaml: there is no board file /nowhere/./zzz.yaml; check the path, or "
                       "take a name that `amberbar boards` lists\n"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct board board;
        struct complaints complaints = {0};
        assert_false(board_read(names[i].name, "/nowhere/x.yaml", &board, &complaints));
        expect_complaints(names[i].name, &complaints, names[i].complaint);
        board_free(&board);
        complaints_free(&complaints);
    }
}

#define X8 "xxxxxxxx"
#define X60 X8 X8 X8 X8 X8 X8 X8 "xxxx"

/* A word with a board file's ending, or with '/', is a file beside the config; so it is called. */
static void test_files(void **state)
{
    (void)state;
    static const char board_text[] = "title: T\noutputs: [{name: a, chip: frames, bus: stdout}]\n";
    static const struct {
        const char *file, *word, *name; /* NULL: there is none, by that word */
    } rows[] = {
        {"mine.yaml", "mine.yaml", "mine"},
        {"mine.yml", "mine.yml", "mine"},
        {"mine.json", "mine.json", "mine"},
        {"mine.yaml", "./mine.yaml", "mine"},
        {"mine", "./mine", "mine"},
        {"mine.txt", "./mine.txt", "mine.txt"},
        {"mine.yaml.bak", "./mine.yaml.bak", "mine.yaml.bak"},
        {"mine.old.yaml", "mine.old.yaml", "mine.old"},
        {"terminal.yaml", "terminal.yaml", "terminal"},
        {"x.yaml", "x.yaml", "x"},
        {X60 "xxx.yaml", X60 "xxx.yaml", X60 "xxx"},
        {X60 "xxxx.yaml", X60 "xxxx.yaml", X60 "xxx"}, /* which is shortened */
        {X60 "xxx", "./" X60 "xxx", X60 "xxx"},
        {"mine.txt", "mine.txt", NULL},
        {"mine", "mine", NULL},
        {"mine.yaml", "mine.yml", NULL},
        {"mine.yaml", "mine", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char config[128];
        struct board board;
        struct complaints complaints = {0};
        snprintf(config, sizeof config, "%s/c.yaml", scratch_make());
        scratch_write(rows[i].file, board_text, strlen(board_text));
        const bool found = board_read(rows[i].word, config, &board, &complaints);
        scratch_remove();
        if (found != (rows[i].name != NULL) || complaints.count != (found ? 0 : 1))
            fail_msg("%s by %s: %s", rows[i].file, rows[i].word,
                     found ? "found" : complaints.text.data);
        if (found) {
            assert_string_equal(board.name, rows[i].name);
            assert_string_equal(board.title, "T");
            assert_string_equal(strrchr(board.path, '/') + 1, rows[i].file);
        }
        board_free(&board);
        complaints_free(&complaints);
    }
}

/* An empty name of a place is none. */
static void test_where_boards_are(void **state)
{
    (void)state;
    char installed[CONFIG_PATH_SIZE];
    unsetenv("AMBERBAR_BOARDS");
    snprintf(installed, sizeof installed, "%s", board_directory());
    assert_int_equal(installed[0], '/');
    setenv("AMBERBAR_BOARDS", "", 1);
    assert_string_equal(board_directory(), installed);
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    assert_string_equal(board_directory(), SOURCE_DIR "/boards");
}

/* The longest path that fits is looked for, and not found; one byte more is too much. */
static void test_long_paths(void **state)
{
    (void)state;
    for (size_t length = CONFIG_PATH_SIZE - 1; length <= CONFIG_PATH_SIZE; length++) {
        char path[CONFIG_PATH_SIZE + 1] = "";
        struct board board;
        struct complaints complaints = {0};
        for (size_t i = 0; i < length; i++)
            path[i] = i % 200 == 0 ? '/' : 'x';
        assert_false(board_read(path, NULL, &board, &complaints));
        assert_int_equal(complaints.count, 1);
        const char *said = complaints.text.data;
        if (length < CONFIG_PATH_SIZE)
            assert_non_null(strstr(said, ": there is no board file /xxx"));
        else
            assert_non_null(strstr(said, ": this path is too long; at most 511 bytes fit\n"));
        board_free(&board);
        complaints_free(&complaints);
    }
}

static void test_nothing_is_installed(void **state)
{
    (void)state;
    struct board board;
    struct complaints complaints = {0};
    setenv("AMBERBAR_BOARDS", "/nowhere/boards", 1);
    assert_false(board_read("terminal", NULL, &board, &complaints));
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    expect_complaints("no boards at all", &complaints,
                      "terminal: there is no board 'terminal', nor any other in /nowhere/boards; "
                      "say `sudo cmake --install build`, or set AMBERBAR_BOARDS to the boards of "
                      "the source\n");
    board_free(&board);
    complaints_free(&complaints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),      cmocka_unit_test(test_chip_check),
        cmocka_unit_test(test_unknown_chip), cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_blinkt),       cmocka_unit_test(test_names),
        cmocka_unit_test(test_files),        cmocka_unit_test(test_where_boards_are),
        cmocka_unit_test(test_long_paths),   cmocka_unit_test(test_nothing_is_installed),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
