/*
 * Writes boards/README.md: the boards, and every key of every chip and bus, from the tables by
 * which board files are read. With --check FILE compares instead: 0 when FILE is what it would
 * write. With --lights prints README's list of them instead.
 */
#include "chips/lamps.h"
#include "chips/matrix.h"
#include "config/board/bus_gpio.h"
#include "config/sections/sections.h"
#include "config/yaml/values.h"
#include "faces.h"
#include "lights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char beginning[] =
    "<!-- Written by tools/manual/boards.c; `cmake --build BUILD --target boards_readme` renews "
    "it. -->\n"
    "# Boards\n\n"
    "A board is a file that says which chip drives the lights and how it is wired: data, never "
    "code.\n"
    "`amberbar boards` lists them; `amberbar boards NAME` shows one on the 40-pin header, with "
    "what must\n"
    "be enabled and what it cannot share. The config file names one: `board: pimoroni-blinkt`.\n\n"
    "## Adding one\n\n"
    "1. Copy the file that is nearest to yours, next to your config file, and name the copy by "
    "its path:\n"
    "   `board: ./mine.yaml`.\n"
    "2. Change the chip, the pixels or digits, and the lines. On a Raspberry Pi lines are named "
    "`GPIO23`, on\n"
    "   other machines as `gpioinfo` prints them; `gpiochip` is the label that `gpiodetect` "
    "prints in brackets.\n"
    "3. `amberbar check` tells every mistake; `amberbar encode --board ./mine.yaml --pixels "
    "'#ff0000'` prints what\n"
    "   would go over the wire; `amberbar identify --board ./mine.yaml` lights one thing after "
    "the other and\n"
    "   says which key to change when you see something else.\n"
    "4. To share it, put it here: begin with comment lines (product, header pins, what must be "
    "enabled,\n"
    "   conflicts; what you have not seen yourself is \"to be verified\"), and add its row to\n"
    "   `tests/config/board/test_boards.c`. A chip that is not below is a new file in "
    "`firmware/chips/`.\n\n"
    "Two outputs are two entries under `outputs`: a strip and a display, say. Both show the same "
    "picture;\n"
    "`from: 8` makes the second strip go on where the first of 8 pixels ends, `reverse: true` "
    "makes it a mirror.\n\n"
    "Panels of HUB75 have no chip here: their rows have to be driven anew thousands of times a "
    "second, "
    "for which\n"
    "there is no driver. A controller in the network that takes DDP can have such a panel: the "
    "board "
    "`wled`, with\n"
    "`matrix`.\n\n";

static void add_words(struct text *out, const char *const words[])
{
    for (size_t i = 0; words[i] != NULL; i++)
        text_addf(out, "%s`%s`", i > 0 ? ", " : "", words[i]);
}

static void add_range(struct text *out, const struct field *field, const char *what)
{
    char least[VALUE_TEXT_SIZE], most[VALUE_TEXT_SIZE];
    if (!(field->min < 0) && !(field->max > 0)) {
        text_add(out, what);
        return;
    }
    value_write(field->type, field->min, least);
    value_write(field->type, field->max, most);
    text_addf(out, "%s to %s", least, most);
}

static void add_form(struct text *out, const struct field *field)
{
    switch (field->type) {
    case FIELD_STRING:
    case FIELD_PATH:
        text_add(out, "text");
        return;
    case FIELD_BOOL:
        text_add(out, "`true`, `false`");
        return;
    case FIELD_WORD:
        add_words(out, field->words);
        return;
    case FIELD_MAP:
        text_add(out, "a map of keys");
        return;
    case FIELD_FREQUENCY:
        add_range(out, field, "a frequency, e.g. `400kHz`");
        return;
    case FIELD_INTEGER:
    case FIELD_NUMBER:
    case FIELD_DURATION:
    case FIELD_BYTES:
    case FIELD_PERCENT:
        add_range(out, field, "a number");
        return;
    }
}

/* A sentence with its capital and its full stop. */
static void add_sentence(struct text *out, const char *help)
{
    size_t length = strlen(help);
    char first = help[0];
    bool lower = first >= 'a' && first <= 'z' && strcspn(help, ":") > 6;
    text_addf(out, "%c%s%s", lower ? first - 'a' + 'A' : first, help + 1,
              help[length - 1] == '.' ? "" : ".");
}

static void add_field(struct text *out, const struct field *field)
{
    text_addf(out, "| `%s` | ", field->key);
    add_form(out, field);
    if (field->required)
        text_add(out, " | must be there | ");
    else if (field->fallback != NULL && field->fallback[0] != '\0')
        text_addf(out, " | `%s` | ", field->fallback);
    else
        text_add(out, " | | ");
    add_sentence(out, field->help);
    text_add(out, " |\n");
}

static void add_section(struct text *out, const struct section *section)
{
    if (section->form == NULL)
        return;
    text_addf(out, "| `%s` | %s | %s | %s |\n", section->key, section->form,
              section->required ? "must be there" : "", section->help);
}

/* The keys of one map; NULLs among the lists are fine. */
static void add_keys(struct text *out, const struct field *const fields[2],
                     const struct section *const sections[2])
{
    text_add(out, "\n| key | value | left out | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < 2; i++)
        for (const struct field *f = fields[i]; f != NULL && f->key != NULL; f++)
            add_field(out, f);
    for (size_t i = 0; i < 2; i++)
        for (const struct section *s = sections[i]; s != NULL && s->key != NULL; s++)
            add_section(out, s);
    text_add(out, "\n");
}

static const struct part {
    const char *title, *words;
    const struct field *fields[2];
    const struct section *sections[2];
} parts[] = {
    {"## The file", "", {board_fields}, {board_sections}},
    {"## Each output",
     "The chip's own keys stand beside these.",
     {output_fields},
     {output_sections}},
    {"### Order of LEDs",
     "For chips that have the key `pixels`; one of the two.",
     {NULL},
     {led_order_sections}},
    {"### `matrix:`", "", {matrix_fields}, {NULL}},
    {"## Buses",
     "What may stand under `bus:`; each chip names those that it can be wired to.",
     {NULL},
     {NULL}},
    {"### `{gpio: {...}}`, two lines",
     "For strips.",
     {bus_gpio_clocked_fields},
     {bus_gpio_clocked_sections}},
    {"### `{gpio: {...}}`, three lines",
     "For chips with a latch.",
     {bus_gpio_latched_fields},
     {bus_gpio_clocked_sections}},
    {"### `{gpio: {...}}`, clock and DIO",
     "For the TM1637.",
     {bus_gpio_two_wire_fields},
     {bus_gpio_clocked_sections}},
    {"### `{gpio: {...}}`, a line a lamp", "", {NULL}, {bus_gpio_lines_sections}},
    {"#### Each of `lines:`", "", {bus_gpio_lamp_line_fields}, {NULL}},
    {"#### Each of `hold:`", "", {bus_gpio_hold_fields}, {NULL}},
    {"### `{spi: ...}`", "", {spi_fields}, {bus_gpio_beside}},
    {"### `{i2c: ...}`", "", {i2c_fields}, {i2c_sections, bus_gpio_beside}},
    {"### `{file: ...}`", "", {device_fields, device_line_fields}, {bus_gpio_beside}},
    {"### `{framebuffer: ...}`", "", {framebuffer_fields}, {bus_gpio_beside}},
    {"### `{leds: ...}`", "", {NULL}, {leds_sections}},
    {"#### Each of `leds:`", "", {light_fields}, {NULL}},
    {"### `{udp: ...}`", "", {udp_fields}, {NULL}},
    {"### `{hidraw: ...}`", "", {hidraw_fields}, {NULL}},
    {"### `stdout`", "Standard output; no keys.", {NULL}, {NULL}},
};

static void add_part(struct text *out, const struct part *part)
{
    text_addf(out, "%s\n", part->title);
    if (part->words[0] != '\0')
        text_addf(out, "\n%s\n", part->words);
    if (part->fields[0] != NULL || part->sections[0] != NULL)
        add_keys(out, part->fields, part->sections);
    else
        text_add(out, "\n");
}

static void add_buses(struct text *out, const struct chip *chip)
{
    static const enum bus_kind kinds[] = {BUS_GPIO, BUS_SPI,    BUS_I2C,
                                          BUS_LEDS, BUS_DEVICE, BUS_FRAMEBUFFER,
                                          BUS_UDP,  BUS_HIDRAW, BUS_FILE};
    char usual[VALUE_TEXT_SIZE], least[VALUE_TEXT_SIZE], most[VALUE_TEXT_SIZE];
    bool any = false;
    text_add(out, "\nBuses: ");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if ((chip->buses & BUS_BIT(kinds[i])) == 0)
            continue;
        text_addf(out, "%s`%s`", any ? ", " : "", bus_word(kinds[i]));
        any = true;
        if (kinds[i] == BUS_SPI) {
            value_write(FIELD_FREQUENCY, (double)chip->spi.hz, usual);
            value_write(FIELD_FREQUENCY, (double)chip->spi.min_hz, least);
            value_write(FIELD_FREQUENCY, (double)chip->spi.max_hz, most);
            text_addf(out, " (speed %s unless said, %s to %s)", usual, least, most);
        }
        if (kinds[i] == BUS_I2C)
            text_addf(out, " (address 0x%02x unless said)", chip->i2c_address);
    }
    text_add(out, "\n");
}

static void add_chip(struct text *out, const struct chip *chip)
{
    const struct field *const fields[2] = {chip->fields};
    bool lamps = chip == &chip_lamps || chip == &chip_sysfs_led;
    const struct section *const sections[2] = {lamps ? lamps_sections : NULL};
    text_addf(out, "### `%s`\n\n", chip->name);
    add_sentence(out, chip->summary);
    text_add(out, "\n");
    add_buses(out, chip);
    add_keys(out, fields, sections);
    if (chip == &chip_lamps) {
        text_add(out, "#### Each of `lamps:`\n");
        add_keys(out, (const struct field *const[2]){lamp_fields},
                 (const struct section *const[2]){NULL});
        faces_add(out);
    }
}

static bool add_board(struct text *out, const char *name)
{
    struct board board;
    struct complaints complaints = {0};
    bool good = board_read(name, NULL, &board, &complaints);
    if (good)
        text_addf(out, "| [`%s`](%s.yaml) | %s | ", name, name, board.title);
    else
        fputs(complaints.text.data != NULL ? complaints.text.data : "no memory\n", stderr);
    for (size_t i = 0; i < board.output_count; i++)
        text_addf(out, "%s`%s` on %s", i > 0 ? ", " : "", board.outputs[i].chip->name,
                  bus_word(board.outputs[i].bus.kind));
    text_add(out, good ? " |\n" : "");
    complaints_free(&complaints);
    board_free(&board);
    return good;
}

static bool write_manual(struct text *out)
{
    static char names[BOARDS_MAX][BUS_NAME_SIZE];
    size_t count = board_names(names, BOARDS_MAX);
    bool good = count > 0;
    text_add(out, beginning);
    text_add(out, "## Those there are\n\n| name | product | chip |\n|---|---|---|\n");
    for (size_t i = 0; i < count; i++)
        good = add_board(out, names[i]) && good;
    text_add(out, "\n");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        add_part(out, &parts[i]);
    text_add(out, "## Chips\n\n");
    for (size_t i = 0; chips[i] != NULL; i++)
        add_chip(out, chips[i]);
    while (out->length > 1 && strcmp(out->data + out->length - 2, "\n\n") == 0)
        out->data[--out->length] = '\0';
    return good && !out->failed;
}

/* Whether the file is `text`; says what to do when it is not. */
static bool check(const char *path, const struct text *text)
{
    FILE *file = fopen(path, "r");
    char *there = malloc(text->length + 2);
    size_t length = 0;
    if (file != NULL && there != NULL)
        length = fread(there, 1, text->length + 1, file);
    bool same = length == text->length && memcmp(there, text->data, length) == 0;
    if (!same)
        printf("%s is old; renew it with `cmake --build BUILD --target boards_readme`\n", path);
    if (file != NULL)
        fclose(file);
    free(there);
    return same;
}

int main(int argc, char **argv)
{
    struct text out = {0};
    bool lights = argc == 2 && strcmp(argv[1], "--lights") == 0;
    bool good = lights ? lights_add(&out) : write_manual(&out);
    if (good && argc == 3 && strcmp(argv[1], "--check") == 0)
        good = check(argv[2], &out);
    else if (good)
        good = fwrite(out.data, 1, out.length, stdout) == out.length;
    text_free(&out);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
