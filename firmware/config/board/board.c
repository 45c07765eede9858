/* A board file: its outputs, each by the keys of its chip, and what it says for people. */
#include "chips/lamps.h"
#include "config/board/board_find.h"
#include "config/sections/sections.h"
#include "config/yaml/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct field output_fields[] = {
    {KEY("name", FIELD_STRING, offsetof(struct output_settings, name)), .size = BUS_NAME_SIZE,
     .required = true, .help = "What messages call the output, e.g. strip."},
    {KEY("from", FIELD_INTEGER, offsetof(struct output_settings, from)),
     .max = FRAME_PIXELS_MAX - 1, .fallback = "0",
     .help = "The pixel of the picture that its first pixel shows: for strips end to end."},
    {KEY("reverse", FIELD_BOOL, offsetof(struct output_settings, reverse)), .fallback = "false",
     .help = "True when its first pixel hangs where the last one should: mounted upside down, or "
             "a mirror of another."},
    {.key = NULL},
};

const struct section output_sections[] = {
    {.key = "chip",
     .required = true,
     .form = "a chip's name, below",
     .help = "What drives the lights; it decides which further keys there are."},
    {.key = "bus",
     .read = bus_read_section,
     .required = true,
     .hint = "add bus: stdout, or bus: {gpio: {data: LINE, clock: LINE}}",
     .form = "a bus, below",
     .help = "What the chip is wired to."},
    {.key = NULL},
};

#define CHIPS_MAX 64

static void refuse_chip(const struct reading *reading, const struct node *node)
{
    const char *words[CHIPS_MAX];
    char advice[DIAGNOSE_ADVICE_SIZE];
    size_t count = 0;
    while (count < CHIPS_MAX && chips[count] != NULL) {
        words[count] = chips[count]->name;
        count++;
    }
    const char *same = chip_same_wire(node->text, strlen(node->text));
    const char *near = diagnose_part(node->text, words, count);
    if (near != NULL)
        snprintf(advice, sizeof advice, "did you mean '%s'?", near);
    else if (same != NULL)
        snprintf(advice, sizeof advice, "such lights are driven as %s: write chip: %s", same, same);
    else
        diagnose_list(advice, words, count);
    complain_at(reading, node, "unknown chip '%.*s'; %s", reading_shown(node->text), node->text,
                advice);
}

/* The chip decides what the other keys mean, so it is read before them. */
static const struct chip *read_chip(const struct reading *reading, const struct node *output)
{
    const struct node *node = node_get(output, "chip");
    if (node == NULL) {
        complain_at(reading, output, "the key 'chip' is missing here; add e.g. chip: apa102");
        return NULL;
    }
    if (!node_is(reading, node, NODE_SCALAR, "the chip's name, e.g. apa102"))
        return NULL;
    const struct chip *chip = chip_find(node->text);
    if (chip == NULL)
        refuse_chip(reading, node);
    return chip;
}

/* What concerns more than one key of an output that is good otherwise. */
static void check_output(const struct reading *reading, const struct node *node,
                         struct output_settings *output)
{
    struct error error = {0};
    size_t pixels = output_pixels(output);
    if (output->chip->check != NULL && !output->chip->check(output->chip_settings, &error))
        complain_about(reading, node, error.text);
    if ((size_t)output->from + pixels > FRAME_PIXELS_MAX) {
        complain_at(reading, node_get(node, "from"),
                    "from and pixels together pass %d, the most that there are; lower one",
                    FRAME_PIXELS_MAX);
    }
    output->bus.device.pixels = output->chip->pixels(output->chip_settings);
    if (output->chip->lamps)
        lamps_check_count(reading, node, output);
    led_order_check(reading, node, output);
}

static void read_output(const struct reading *reading, const struct node *node,
                        struct output_settings *output)
{
    size_t before = reading->complaints->count;
    if (!node_is(reading, node, NODE_MAP, "the keys of an output: name, chip, bus"))
        return;
    output->chip = read_chip(reading, node);
    if (output->chip == NULL)
        return;
    output->chip_settings = calloc(1, output->chip->settings_size);
    if (output->chip_settings == NULL) {
        complain_at(reading, node, "there is not enough memory for this output");
        return;
    }
    const struct keys groups[] = {
        {output_fields, output, output_sections, output},
        {output->chip->fields, output->chip_settings, output->chip->lamps ? lamps_sections : NULL,
         output->chip_settings},
        {NULL, NULL, led_order_sections, output},
    };
    bool on_a_wire = chip_field(output->chip, "pixels") != NULL; /* in an order of its own */
    fields_read(reading, node, groups, on_a_wire ? 3 : 2);
    if (reading->complaints->count == before)
        check_output(reading, node, output);
}

static void read_outputs(const struct reading *reading, const struct node *node, void *settings)
{
    struct board *board = settings;
    if (!node_is(reading, node, NODE_LIST, "a list of outputs, each with name, chip and bus"))
        return;
    if (node->count == 0 || node->count > BOARD_OUTPUTS_MAX) {
        complain_at(reading, node, "a board has 1 to %d outputs, not %zu; correct the list",
                    BOARD_OUTPUTS_MAX, node->count);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        struct output_settings *output = &board->outputs[i];
        board->output_count++;
        read_output(reading, &node->children[i], output);
        for (size_t j = 0; j < i && output->name[0] != '\0'; j++)
            conflicts_check(reading, &node->children[i], output, &board->outputs[j]);
    }
}

const struct field board_fields[] = {
    {KEY("title", FIELD_STRING, offsetof(struct board, title)),
     .size = sizeof(((struct board *)NULL)->title), .required = true,
     .help = "The product's name, as its maker writes it."},
    {.key = NULL},
};

static void read_note(const struct reading *reading, const struct node *node,
                      struct board_notes *notes)
{
    static const struct field note[] = {
        {.key = "line", .type = FIELD_STRING, .size = BOARD_NOTE_SIZE, .required = true},
        {.key = NULL},
    };
    struct node line = *node;
    const struct node map = {.type = NODE_MAP, .children = &line, .count = 1};
    const struct keys keys = {note, notes->lines[notes->count++], NULL, NULL};
    /* cppcheck-suppress unreadVariable ; it is read, as the only child of `map` */
    line.key = note[0].key;
    fields_read(reading, &map, &keys, 1);
}

static void read_notes(const struct reading *reading, const struct node *node,
                       struct board_notes *notes)
{
    if (!node_is(reading, node, NODE_LIST, "a list of lines"))
        return;
    if (node->count > BOARD_NOTES_MAX) {
        complain_at(reading, node, "%s has at most %d lines, not %zu; shorten it", node->key,
                    BOARD_NOTES_MAX, node->count);
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        read_note(reading, &node->children[i], notes);
}

static void read_enable(const struct reading *reading, const struct node *node, void *settings)
{
    read_notes(reading, node, &((struct board *)settings)->enable);
}

static void read_conflicts(const struct reading *reading, const struct node *node, void *settings)
{
    read_notes(reading, node, &((struct board *)settings)->conflicts);
}

const struct section board_sections[] = {
    {.key = "enable",
     .read = read_enable,
     .form = "a list of lines",
     .help = "What a Raspberry Pi's config.txt must say for it; shown by `amberbar boards NAME`."},
    {.key = "conflicts",
     .read = read_conflicts,
     .form = "a list of lines",
     .help = "What cannot be used beside it; shown, too."},
    {.key = "outputs",
     .read = read_outputs,
     .required = true,
     .hint = "add the list of outputs, each with name, chip and bus",
     .form = "a list of 1 to 8 outputs",
     .help = "All show the same picture, each its part of it; one that fails does not stop the "
             "others."},
    {.key = NULL},
};

bool board_read_text(const char *path, const struct text *text, struct board *board,
                     struct complaints *complaints)
{
    size_t before = complaints->count;
    const char *bytes = text->length > 0 ? text->data : "";
    memset(board, 0, sizeof *board);
    text_copy(board->path, sizeof board->path, path);
    board_name_of(path, board->name);
    text_add_bytes(&board->source, bytes, text->length);
    struct tree *tree = tree_read_text(path, bytes, text->length, complaints);
    if (tree != NULL) {
        const struct reading reading = {path, complaints, MANUAL_BOARD};
        const struct keys keys = {board_fields, board, board_sections, board};
        fields_read(&reading, tree_root(tree), &keys, 1);
    }
    tree_free(tree);
    if (complaints->count != before) {
        board_free(board);
        return false;
    }
    return true;
}

/* False when there is any complaint; the board is empty then. */
static bool read_file(const char *path, struct board *board, struct complaints *complaints)
{
    struct text text = {0};
    bool good = file_read(path, TREE_BYTES_MAX, &text, complaints) &&
                board_read_text(path, &text, board, complaints);
    text_free(&text);
    return good;
}

bool board_read(const char *name_or_path, const char *relative_to, struct board *board,
                struct complaints *complaints)
{
    char path[CONFIG_PATH_SIZE];
    struct error error = {0};
    memset(board, 0, sizeof *board);
    if (!board_find(name_or_path, relative_to, path, &error)) {
        complain(complaints, name_or_path, 0, 0, "%s", error.text);
        return false;
    }
    return read_file(path, board, complaints);
}

/* Lights in the network: where they are no file that came with the program can know. */
static bool is_placed(const struct board *board, const char *named, struct error *error)
{
    const bool is_own = strchr(named, '/') != NULL;
    for (size_t i = 0; i < board->output_count; i++) {
        const struct bus_settings *bus = &board->outputs[i].bus;
        if (bus->kind != BUS_UDP || !udp_is_example(bus->udp.address))
            continue;
        if (is_own)
            return error_set(error,
                             "%s has an example's address, %s; write your controller's there: bus: "
                             "{udp: ADDRESS}",
                             board->path, bus->udp.address);
        return error_set(error,
                         "%s has an example's address, which is nobody's: copy it beside your "
                         "config, write bus: {udp: ADDRESS} there with your controller's, and "
                         "name the copy, ./%s.yaml; or let `sudo amberbar setup --board %s` do it",
                         board->path, board->name, board->name);
    }
    return true;
}

bool board_read_to_light(const char *name_or_path, struct board *board,
                         struct complaints *complaints)
{
    struct error error = {0};
    if (!board_read(name_or_path, ".", board, complaints))
        return false;
    if (!is_placed(board, name_or_path, &error))
        complain(complaints, name_or_path, 0, 0, "%s", error.text);
    return error.text[0] == '\0';
}

void board_read_section(const struct reading *reading, const struct node *node, void *settings)
{
    struct config *config = settings;
    char path[CONFIG_PATH_SIZE];
    struct error error = {0};
    if (!node_is(reading, node, NODE_SCALAR, "a name that `amberbar boards` lists, or a path"))
        return;
    if (!board_find(node->text, reading->file, path, &error)) {
        complain_at(reading, node, "%s", error.text);
        return;
    }
    if (read_file(path, &config->board, reading->complaints) &&
        !is_placed(&config->board, node->text, &error))
        complain_at(reading, node, "%s", error.text);
}

void board_free(struct board *board)
{
    for (size_t i = 0; i < board->output_count; i++) {
        free(board->outputs[i].chip_settings);
        free(board->outputs[i].map);
    }
    text_free(&board->source);
    memset(board, 0, sizeof *board);
}

size_t output_pixels(const struct output_settings *output)
{
    return output->map != NULL ? output->shown : output->chip->pixels(output->chip_settings);
}

bool board_writes_to_stdout(const struct board *board)
{
    for (size_t i = 0; i < board->output_count; i++)
        if (board->outputs[i].bus.kind == BUS_FILE)
            return true;
    return false;
}

size_t board_pixels(const struct board *board)
{
    size_t most = 0;
    for (size_t i = 0; i < board->output_count; i++) {
        const struct output_settings *output = &board->outputs[i];
        size_t pixels = output_pixels(output);
        pixels += pixels > 0 ? (size_t)output->from : 0;
        most = pixels > most ? pixels : most;
    }
    return most;
}

size_t board_digits(const struct board *board)
{
    size_t most = 0;
    for (size_t i = 0; i < board->output_count; i++) {
        size_t digits = board->outputs[i].chip->digits(board->outputs[i].chip_settings);
        most = digits > most ? digits : most;
    }
    return most;
}
