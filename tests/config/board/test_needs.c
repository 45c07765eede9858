/*
 * What an output needs of a machine, and what is remarked on where it has not got it.
 */
#include "config/board/needs.h"
#include "machine/scene.h"

#include <stdlib.h>

#define BOARD "title: T\noutputs:\n"
#define APA102(bus) "  - {name: a, chip: apa102, pixels: 8, bus: {" bus "}}\n"
#define WS2812(bus) "  - {name: b, chip: ws2812, pixels: 8, bus: {" bus "}}\n"
#define MAX7219(bus) "  - {name: c, chip: max7219, bus: {" bus "}}\n"
#define PIO(keys) "  - {name: p, chip: ws2812-pio, pixels: 64, bus: {file: /dev/leds0" keys "}}\n"
#define SENSE "  - {name: s, chip: sense-hat, bus: {framebuffer: RPi-Sense FB}}\n"
#define ONE_LIGHT(name) \
    "  - {name: l, chip: sysfs-led, lamps: [{colour: red}], bus: {leds: [" name "]}}\n"
#define TWO_LIGHTS                                                                               \
    "  - {name: l, chip: sysfs-led, lamps: [{colour: red}, {colour: green}], bus: {leds: [ACT, " \
    "PWR]}}\n"
#define PINS(chip, data) \
    "  - {name: g, chip: apa102, pixels: 8, bus: {gpio: {" chip "data: " data ", clock: 4}}}\n"
#define FAN "dtoverlay=gpio-fan\n" /* has GPIO12 */
#define LAST_IS_FAN "dtoverlay=gpio-fan,gpiopin=27\n"
#define FIRST_IS_FAN "dtoverlay=gpio-fan,gpiopin=0\n"

static void load(struct board *board, const char *text)
{
    struct text source = {0};
    struct complaints complaints = {0};
    text_add(&source, text);
    if (!board_read_text("b.yaml", &source, board, &complaints))
        fail_msg("%s", complaints.text.data);
    text_free(&source);
    complaints_free(&complaints);
}

static const struct {
    const char *sentence, *model, *config, *devices, *lights, *framebuffers, *outputs;
    const char *remarks[2]; /* who each line is of, and words of it; NULL: there are no more */
} rows[] = {
    {"SPI that is there", PI4, "", "spidev0.0\n", "", "", APA102("spi: /dev/spidev0.0"), {NULL}},
    {"SPI that is not",
     PI4,
     "",
     "",
     "",
     "",
     APA102("spi: /dev/spidev0.0"),
     {"a: there is no /dev/spidev0.0: SPI 0 is not enabled: put dtparam=spi=on"}},
    {"a machine that does not say what it is",
     "",
     "",
     "",
     "",
     "",
     APA102("spi: /dev/spidev0.0"),
     {NULL}},
    {"a machine of few words",
     "X",
     NULL,
     "",
     "",
     "",
     APA102("spi: /dev/spidev0.0"),
     {"a: there is no /dev/spidev0.0, nor any other SPI"}},
    {"each output says its own",
     PI4,
     "",
     "i2c-1\n",
     "",
     "",
     APA102("spi: /dev/spidev0.0") "  - {name: d, chip: ht16k33, bus: {i2c: /dev/i2c-1}}\n" MAX7219(
         "spi: /dev/spidev1.0"),
     {"a: there is no /dev/spidev0.0", "c: there is no /dev/spidev1.0"}},
    {"I2C that is not there",
     PI4,
     "",
     "spidev0.0\n",
     "",
     "",
     "  - {name: d, chip: ht16k33, bus: {i2c: /dev/i2c-1}}\n",
     {"d: there is no /dev/i2c-1: I2C 1 is not enabled"}},
    {"a latched chip wants the select",
     PI3,
     "dtoverlay=spi0-1cs\n",
     "spidev0.0\n",
     "",
     "",
     MAX7219("spi: /dev/spidev0.1"),
     {"c: leaves SPI 0 with one chip select"}},
    {"a clocked one does not",
     PI3,
     "dtoverlay=spi0-1cs\n",
     "spidev0.0\n",
     "",
     "",
     APA102("spi: /dev/spidev0.1"),
     {"a: work on /dev/spidev0.0"}},
    {"lights without a clock cannot go to two lines instead",
     "OrangePi Zero3",
     NULL,
     "",
     "",
     "",
     WS2812("spi: /dev/spidev0.0"),
     {"b: there is no /dev/spidev0.0, nor any other SPI"}},
    {"pulses pause on a Pi 4's SPI 1, and its clock falls",
     PI4,
     "dtoverlay=spi1-1cs\n",
     "spidev1.0\n",
     "",
     "",
     WS2812("spi: /dev/spidev1.0"),
     {"b: pauses within a frame", "b: core_freq=500"}},
    {"clocked lights do not mind",
     PI4,
     "dtoverlay=spi1-1cs\n",
     "spidev1.0\n",
     "",
     "",
     APA102("spi: /dev/spidev1.0"),
     {NULL}},
    {"pulses on a clock that falls",
     PI3,
     "",
     "spidev0.0\n",
     "",
     "",
     WS2812("spi: /dev/spidev0.0"),
     {"b: core_freq=250"}},
    {"pulses on a clock that stands still",
     PI3,
     "core_freq=250\n",
     "spidev0.0\n",
     "",
     "",
     WS2812("spi: /dev/spidev0.0"),
     {NULL}},
    {"the kernel's driver as the board has it",
     PI5,
     "dtoverlay=ws2812-pio,gpio=18,num_leds=64\n",
     "leds0\n",
     "",
     "",
     PIO(", line: GPIO18"),
     {NULL}},
    {"fewer LEDs than the board has",
     PI5,
     "dtoverlay=ws2812-pio,gpio=18,num_leds=63\n",
     "leds0\n",
     "",
     "",
     PIO(", line: GPIO18"),
     {"p: drives 63 LEDs on GPIO18, and the "
      "board file has 64 on GPIO18"}},
    {"another line than the board has",
     PI5,
     "dtoverlay=ws2812-pio,gpio=21,num_leds=64\n",
     "leds0\n",
     "",
     "",
     PIO(", line: GPIO18"),
     {"p: drives 64 LEDs on GPIO21"}},
    {"a board that names no line",
     PI5,
     "dtoverlay=ws2812-pio,gpio=21,num_leds=64\n",
     "leds0\n",
     "",
     "",
     PIO(""),
     {NULL}},
    {"a framebuffer that is there",
     PI4,
     "",
     "",
     "",
     "fb0 vc4drmfb\nfb1 RPi-Sense FB\n",
     SENSE,
     {NULL}},
    {"a framebuffer that is not",
     PI4,
     "",
     "",
     "",
     "fb0 vc4drmfb\n",
     SENSE,
     {"s: no framebuffer has the name 'RPi-Sense FB'"}},
    {"what needs nothing of it",
     PI4,
     "",
     "",
     "",
     "",
     "  - {name: n, chip: ddp, pixels: 8, bus: {udp: 192.168.1.60}}\n"
     "  - {name: u, chip: blink1, bus: {hidraw: any}}\n"
     "  - {name: t, chip: frames, bus: stdout}\n" PINS("", "GPIO23"),
     {NULL}},
    {"a line that a fan has", PI4, FAN, "", "", "", PINS("", "GPIO12"), {"g: a fan"}},
    {"by its number", PI4, FAN, "", "", "", PINS("", "12"), {"g: a fan"}},
    {"the line beside it", PI4, FAN, "", "", "", PINS("", "GPIO13"), {NULL}},
    {"the first line", PI4, FIRST_IS_FAN, "", "", "", PINS("", "GPIO0"), {"g: a fan"}},
    {"the last line", PI4, LAST_IS_FAN, "", "", "", PINS("", "GPIO27"), {"g: a fan"}},
    {"a line of that number on another chip",
     PI4,
     FAN,
     "",
     "",
     "",
     PINS("gpiochip: pca9535, ", "12"),
     {NULL}},
    {"a second line of an output",
     PI4,
     "dtoverlay=gpio-fan,gpiopin=4\n",
     "",
     "",
     "",
     PINS("", "GPIO23"),
     {"g: a fan"}},
    {"a line that is held beside SPI",
     PI4,
     FAN,
     "spidev0.0\n",
     "",
     "",
     APA102("spi: /dev/spidev0.0, hold: [{line: GPIO12, level: high}]"),
     {"a: a fan"}},
    {"the kernel's own line of SPI is the kernel's business",
     PI4,
     "dtoverlay=gpio-fan,gpiopin=10\n",
     "spidev0.0\n",
     "",
     "",
     APA102("spi: /dev/spidev0.0"),
     {NULL}},
    {"one light that it has", PI4, "", "", "PWR\nACT\n", "", ONE_LIGHT("ACT"), {NULL}},
    {"two lights that it has", PI4, "", "", "PWR\nACT\n", "", TWO_LIGHTS, {NULL}},
    {"by their older names", PI4, "", "", "led0\nled1\n", "", TWO_LIGHTS, {NULL}},
    {"the first is not there",
     PI4,
     "",
     "",
     "PWR\n",
     "",
     TWO_LIGHTS,
     {"l: this machine has no light ACT: name one of /sys/class/leds"}},
    {"the last is not there",
     PI4,
     "",
     "",
     "ACT\n",
     "",
     TWO_LIGHTS,
     {"l: this machine has no light PWR: name one of /sys/class/leds"}},
    {"it has no lights at all",
     PI4,
     "",
     "",
     "",
     "",
     TWO_LIGHTS,
     {"l: this machine has no light ACT: name one of /sys/class/leds"}},
};

static struct text text_of(const char *words)
{
    struct text text = {0};
    text_add(&text, words);
    return text;
}

/* Each line is of whom the row has it, and there are no others. */
static bool is_as_expected(const char *line, const char *const remarks[2])
{
    const size_t name = strlen("a: ");
    for (size_t i = 0; i < 2 && remarks[i] != NULL; i++) {
        const size_t length = strcspn(line, "\n");
        const char *words = remarks[i] + name;
        if (strncmp(line, remarks[i], name) != 0 ||
            memmem(line, length, words, strlen(words)) == NULL || line[length] != '\n')
            return false;
        line += length + 1;
    }
    return *line == '\0';
}

static void it_is_remarked_what_is_not_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine machine = scene(rows[i].model, rows[i].config, rows[i].devices);
        struct text out = {0};
        struct board board;
        char text[512];
        machine.lights = text_of(rows[i].lights);
        machine.framebuffers = text_of(rows[i].framebuffers);
        snprintf(text, sizeof text, "%s%s", BOARD, rows[i].outputs);
        load(&board, text);
        board_remarks(&machine, &board, &out);
        if (!is_as_expected(out.length > 0 ? out.data : "", rows[i].remarks))
            fail_msg("%s: %s", rows[i].sentence, out.length > 0 ? out.data : "nothing");
        board_free(&board);
        text_free(&out);
        text_free(&machine.lights);
        text_free(&machine.framebuffers);
    }
}

/* Two lines of GPIO would do as well: said of lights that have a clock alone. */
static void another_wiring_is_only_named_where_it_would_do(void **state)
{
    (void)state;
    static const struct {
        const char *output;
        bool named;
    } outputs[] = {{APA102("spi: /dev/spidev0.0"), true},
                   {WS2812("spi: /dev/spidev0.0"), false},
                   {"  - {name: d, chip: ht16k33, bus: {i2c: /dev/i2c-1}}\n", false}};
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        struct machine machine = scene("OrangePi Zero3", NULL, "");
        struct text out = {0};
        struct board board;
        char text[512];
        snprintf(text, sizeof text, "%s%s", BOARD, outputs[i].output);
        load(&board, text);
        board_remarks(&machine, &board, &out);
        assert_non_null(out.data);
        if ((strstr(out.data, "bus: {gpio: ...}") != NULL) != outputs[i].named)
            fail_msg("%s%s", outputs[i].output, out.data);
        board_free(&board);
        text_free(&out);
    }
}

static void each_bus_has_its_device(void **state)
{
    (void)state;
    static const struct {
        const char *output, *word, *device; /* NULL: none */
        bool measures;
    } outputs[] = {
        {APA102("spi: /dev/spidev0.1"), "spi", "/dev/spidev0.1", false},
        {WS2812("spi: /dev/spidev0.1"), "spi", "/dev/spidev0.1", true},
        {"  - {name: d, chip: ht16k33, bus: {i2c: /dev/i2c-1}}\n", "i2c", "/dev/i2c-1", false},
        {PIO(""), "file", "/dev/leds0", false},
        {SENSE, "framebuffer", NULL, false},
        {PINS("", "GPIO23"), "gpio", NULL, false},
        {TWO_LIGHTS, "leds", NULL, false},
        {"  - {name: n, chip: ddp, pixels: 8, bus: {udp: 192.168.1.60}}\n", "udp", NULL, false},
        {"  - {name: u, chip: blink1, bus: {hidraw: any}}\n", "hidraw", NULL, false},
        {"  - {name: t, chip: frames, bus: stdout}\n", "stdout", NULL, false},
    };
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        struct board board;
        char text[512];
        snprintf(text, sizeof text, "%s%s", BOARD, outputs[i].output);
        load(&board, text);
        const char *device = output_device(&board.outputs[0]);
        if ((device == NULL) != (outputs[i].device == NULL) ||
            (device != NULL && strcmp(device, outputs[i].device) != 0))
            fail_msg("%s: %s", outputs[i].output, device != NULL ? device : "none");
        assert_string_equal(bus_word(board.outputs[0].bus.kind), outputs[i].word);
        assert_int_equal(output_measures_pulses(&board.outputs[0]), outputs[i].measures);
        board_free(&board);
    }
}

static void lines_of_the_header_have_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool on_header;
        int number;
    } lines[] = {
        {"GPIO0", true, 0},   {"0", true, 0},       {"GPIO27", true, 27},    {"27", true, 27},
        {"GPIO28", true, -1}, {"28", true, -1},     {"GPIO", true, -1},      {"", true, -1},
        {"GPI23", true, -1},  {"GPIO-1", true, -1}, {"GPIO23x", true, -1},   {"ID_SDA", true, -1},
        {"GPIO9", false, -1}, {"9", false, -1},     {"GPIOGPIO4", true, -1}, {"O4", true, -1},
        {"gpio23", true, -1}, {"XXXX23", true, -1},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const struct line_use use = {"data", lines[i].line, lines[i].on_header};
        if (output_line_number(&use) != lines[i].number)
            fail_msg("%s is %d", lines[i].line, output_line_number(&use));
    }
}

/* As many outputs with as many lights as there can be; the last light is `last`. */
static void load_all_lights(struct board *board, const char *last)
{
    struct text text = {0};
    text_add(&text, BOARD);
    for (size_t i = 0; i < BOARD_OUTPUTS_MAX; i++) {
        text_addf(&text, "  - {name: o%zu, chip: sysfs-led, lamps: [", i);
        for (size_t j = 0; j < BUS_LEDS_MAX; j++)
            text_addf(&text, "%s{colour: red}", j > 0 ? ", " : "");
        text_add(&text, "], bus: {leds: [");
        for (size_t j = 0; j < BUS_LEDS_MAX; j++) {
            const bool is_last = i + 1 == BOARD_OUTPUTS_MAX && j + 1 == BUS_LEDS_MAX;
            text_add(&text, j > 0 ? ", " : "");
            if (is_last)
                text_add(&text, last);
            else
                text_addf(&text, "x%zu", i * BUS_LEDS_MAX + j);
        }
        text_add(&text, "]}}\n");
    }
    load(board, text.data);
    text_free(&text);
}

static void the_model_decides_for_every_light(void **state)
{
    (void)state;
    static const struct {
        const char *model, *last;
        int sense;
    } lights[] = {
        {PI5, "ACT", LIGHT_INVERTED},
        {PI4, "ACT", LIGHT_UPRIGHT},
        {PI5, "{light: ACT, inverted: model}", LIGHT_INVERTED},
        {PI5, "{light: ACT, inverted: false}", LIGHT_UPRIGHT},
        {PI4, "{light: ACT, inverted: true}", LIGHT_INVERTED},
    };
    for (size_t i = 0; i < sizeof lights / sizeof lights[0]; i++) {
        const struct machine machine = scene(lights[i].model, "", "");
        struct board board;
        load_all_lights(&board, lights[i].last);
        board_settle_lights(&machine, &board);
        assert_int_equal(board.output_count, BOARD_OUTPUTS_MAX);
        for (size_t j = 0; j < BOARD_OUTPUTS_MAX * BUS_LEDS_MAX; j++) {
            const struct leds_settings *leds = &board.outputs[j / BUS_LEDS_MAX].bus.leds;
            const bool is_last = j + 1 == BOARD_OUTPUTS_MAX * BUS_LEDS_MAX;
            assert_int_equal(leds->lights[j % BUS_LEDS_MAX].inverted,
                             is_last ? lights[i].sense : LIGHT_UPRIGHT);
        }
        board_free(&board);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_remarked_what_is_not_there),
        cmocka_unit_test(another_wiring_is_only_named_where_it_would_do),
        cmocka_unit_test(each_bus_has_its_device),
        cmocka_unit_test(lines_of_the_header_have_numbers),
        cmocka_unit_test(the_model_decides_for_every_light),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
