/*
 * `display:` of the config, but for its colours and its night: brightness, motion, and what each
 * segment of the strip shows.
 */
#include "chips/lamps.h"
#include "config/sections/references.h"
#include "config/sections/sections.h"
#include "config/yaml/values.h"

#include <stdio.h>
#include <string.h>

static const char *const palette_words[] = {"default", "colour-blind", "night-red", NULL};

#define PICTURE_ROW(name, kind, ...) \
    {KEY(#name, kind, offsetof(struct picture_settings, name)), __VA_ARGS__},
const struct field display_fields[] = {PICTURE_KEYS(PICTURE_ROW){.key = NULL}};

const struct field wall_fields[] = {
    {KEY("palette", FIELD_WORD, offsetof(struct config, palette_name)), .words = palette_words,
     .fallback = "default",
     .help = "colour-blind: blue is well and orange is not; night-red: red alone, by brightness."},
    {KEY("heartbeat", FIELD_DURATION, offsetof(struct config, heartbeat_ms)), RANGE(0, 3600000),
     .fallback = "30s",
     .help =
         "A still picture ripples faintly so often, sent by an answer of Prometheus: what never "
         "ripples is frozen. 0: never."},
    {.key = NULL},
};

/* One segment as the file has it. */
struct segment_text {
    char pixels[96];
    char show[ROLLOUT_NAME_SIZE + 16];
};

const struct field segment_fields[] = {
    {KEY("pixels", FIELD_STRING, offsetof(struct segment_text, pixels)),
     .size = sizeof(((struct segment_text *)NULL)->pixels), .required = true,
     .form = "pixels such as 0-5",
     .help = "The pixels, from 0: 0-5, or 6 alone, or with gaps 0-5,8-12."},
    {KEY("show", FIELD_STRING, offsetof(struct segment_text, show)),
     .size = sizeof(((struct segment_text *)NULL)->show), .required = true,
     .form = "what it shows, such as rollouts",
     .help =
         "rollout NAME, rollouts (all on one bar), indicator NAME, indicators (side by side), or "
         "summary (the worst of all)."},
    {.key = NULL},
};

static const char *const mirror_words[] = {"none", "ends", "centre", NULL};

/* How its line lies on the strip. */
const struct field layout_fields[] = {
    {KEY("reverse", FIELD_BOOL, offsetof(struct segment, reverse)), .fallback = "false",
     .help = "true: the bar grows from its last pixel to its first."},
    {KEY("mirror", FIELD_WORD, offsetof(struct segment, mirror)), .words = mirror_words,
     .fallback = "none",
     .help = "ends: the bar grows from both ends to the middle; centre: from the middle to both."},
    {KEY("offset", FIELD_INTEGER, offsetof(struct segment, offset)), RANGE(0, FRAME_PIXELS_MAX - 1),
     .fallback = "0",
     .help = "It begins so many pixels further on and goes round its end: for rings."},
    {.key = NULL},
};

/* What a segment may show. `named` is followed by a name. */
static const struct source_word {
    const char *word;
    enum segment_source source;
    bool named;
    enum referent what; /* that it is about */
} source_words[] = {
    {"rollout", SEGMENT_ROLLOUT, true, REFERENT_ROLLOUT},
    {"rollouts", SEGMENT_ROLLOUTS, false, REFERENT_ROLLOUT},
    {"indicator", SEGMENT_INDICATOR, true, REFERENT_INDICATOR},
    {"indicators", SEGMENT_INDICATORS, false, REFERENT_INDICATOR},
    {"summary", SEGMENT_SUMMARY, false, REFERENT_ROLLOUT},
};
#define SOURCE_WORDS (sizeof source_words / sizeof source_words[0])

static void refuse_source(const struct reading *reading, const struct node *node, const char *word)
{
    const char *words[SOURCE_WORDS];
    for (size_t i = 0; i < SOURCE_WORDS; i++)
        words[i] = source_words[i].word;
    const char *near = text_suggest(word, words, SOURCE_WORDS);
    if (near != NULL) {
        complain_at(reading, node, "a segment cannot show '%.*s'; did you mean '%s'?",
                    reading_shown(word), word, near);
    } else {
        complain_at(reading, node,
                    "a segment cannot show '%.*s'; write rollout NAME, rollouts, indicator NAME, "
                    "indicators or summary",
                    reading_shown(word), word);
    }
}

static void parse_show(const struct reading *reading, const struct node *node,
                       const struct config *config, struct segment *segment)
{
    char word[ROLLOUT_NAME_SIZE + 16];
    size_t length = strcspn(node->text, " ");
    const char *name = node->text + length + strspn(node->text + length, " ");
    snprintf(word, sizeof word, "%.*s", (int)length, node->text);
    for (size_t i = 0; i < SOURCE_WORDS; i++) {
        const struct source_word *row = &source_words[i];
        if (strcmp(row->word, word) != 0)
            continue;
        segment->source = row->source;
        if (row->named && name[0] == '\0') {
            complain_at(reading, node, "the %s's name is missing; write %s NAME", word, word);
            return;
        }
        if (!row->named && name[0] != '\0') {
            complain_at(reading, node, "%s takes no name; write %s %.*s, or %s alone", word,
                        row->what == REFERENT_INDICATOR ? "indicator" : "rollout",
                        reading_shown(name), name, word);
            return;
        }
        if (row->source == SEGMENT_INDICATORS && config->indicator_count == 0) {
            complain_at(reading, node, "there is no indicator; list it under indicators");
            return;
        }
        if (row->named)
            references_find(reading, node, name, config, row->what, &segment->index);
        return;
    }
    refuse_source(reading, node, word);
}

static bool check_span(const struct reading *reading, const struct node *node,
                       const struct board *board, size_t first, size_t last)
{
    size_t pixels = board_pixels(board);
    if (first > last) {
        complain_at(reading, node, "pixels %zu-%zu run backwards; write %zu-%zu", first, last, last,
                    first);
        return false;
    }
    if (board->output_count > 0 && pixels > 0 && last >= pixels) {
        complain_at(reading, node,
                    "pixel %zu is beyond the strip, which has %zu pixels; write 0 to %zu", last,
                    pixels, pixels - 1);
        return false;
    }
    return true;
}

static void refuse_pixels(const struct reading *reading, const struct node *node)
{
    complain_at(reading, node, "pixels cannot be '%.*s'; write e.g. 0-5, or 6",
                reading_shown(node->text), node->text);
}

/* With the first, which is empty where nothing could be read: then it overlaps with none. */
static size_t span_count(const struct segment *segment)
{
    return 1 + segment->more_count;
}

static struct span span_of(const struct segment *segment, size_t index)
{
    return index == 0 ? (struct span){segment->first, segment->count} : segment->more[index - 1];
}

static void add_span(struct segment *segment, size_t first, size_t count)
{
    if (segment->count > 0) {
        segment->more[segment->more_count++] = (struct span){first, count};
        return;
    }
    segment->first = first;
    segment->count = count;
}

/* "0-5,8-12": one stretch of pixels or several. */
static void parse_pixels(const struct reading *reading, const struct node *node,
                         const struct board *board, struct segment *segment)
{
    const char *at = node->text;
    do {
        char word[VALUE_TEXT_SIZE];
        size_t first, last, length = strcspn(at, ",");
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        if (length >= sizeof word || segment->more_count == SEGMENT_MORE_MAX ||
            !value_range(word, &first, &last)) {
            refuse_pixels(reading, node);
            return;
        }
        if (!check_span(reading, node, board, first, last))
            return;
        add_span(segment, first, last - first + 1);
        at += length + (at[length] == ',');
        at += strspn(at, " ");
    } while (*at != '\0');
}

static bool spans_overlap(const struct segment *a, const struct segment *b)
{
    for (size_t i = 0; i < span_count(a); i++) {
        for (size_t k = 0; k < (a == b ? i : span_count(b)); k++) {
            const struct span one = span_of(a, i), other = span_of(b, k);
            if (one.first < other.first + other.count && other.first < one.first + one.count)
                return true;
        }
    }
    return false;
}

static void check_overlap(const struct reading *reading, const struct node *list, size_t index,
                          const struct segment segments[])
{
    const struct node *pixels = node_get(&list->children[index], "pixels");
    if (spans_overlap(&segments[index], &segments[index]))
        complain_at(reading, pixels, "pixels %s name a pixel twice; write each once", pixels->text);
    for (size_t i = 0; i < index; i++) {
        if (spans_overlap(&segments[index], &segments[i])) {
            complain_at(reading, pixels,
                        "pixels %s overlap with %s in line %zu; a pixel belongs to one segment",
                        pixels->text, node_get(&list->children[i], "pixels")->text,
                        list->children[i].line);
            return;
        }
    }
}

static void read_segment(const struct reading *reading, const struct node *node,
                         const struct config *config, struct segment *segment)
{
    struct segment_text text = {0};
    const struct keys keys[] = {{.fields = segment_fields, .settings = &text},
                                {.fields = layout_fields, .settings = segment}};
    if (!node_is(reading, node, NODE_MAP, "{pixels: 0-5, show: rollouts}"))
        return;
    fields_read(reading, node, keys, 2);
    if (text.pixels[0] != '\0')
        parse_pixels(reading, node_get(node, "pixels"), &config->board, segment);
    if (text.show[0] != '\0')
        parse_show(reading, node_get(node, "show"), config, segment);
}

static void read_segments(const struct reading *reading, const struct node *node, void *settings)
{
    struct config *config = settings;
    struct picture_settings *picture = &config->picture;
    if (!node_is(reading, node, NODE_LIST, "a list, e.g. - {pixels: 0-5, show: rollouts}"))
        return;
    if (node->count > PICTURE_SEGMENTS_MAX) {
        complain_at(reading, node, "segments has %zu segments; at most %d are shown", node->count,
                    PICTURE_SEGMENTS_MAX);
        return;
    }
    if (node->count > 0 && config->board.output_count > 0 && board_pixels(&config->board) == 0) {
        complain_at_key(reading, node, "the board %s has no pixels; remove segments",
                        config->board.name);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        read_segment(reading, &node->children[i], config, &picture->segments[i]);
        check_overlap(reading, node, i, picture->segments);
    }
    picture->segment_count = node->count;
}

struct picture_settings picture_usual(double brightness)
{
    struct picture_settings picture = {0};
    const struct keys keys = {.fields = display_fields, .settings = &picture};
    fields_read(NULL, NULL, &keys, 1);
    picture.brightness = brightness;
    return picture;
}

/* A lamp is known by its colour, and so is what it stands for. */
static void check_lamps(const struct reading *reading, const struct node *display,
                        const struct board *board)
{
    const char *const keys[] = {"palette", "colours"};
    for (size_t i = 0; i < 2 * board->output_count; i++) {
        const struct node *node = node_get(display, keys[i % 2]);
        const struct chip *chip = board->outputs[i / 2].chip;
        if (node != NULL && (chip->lamps || chip->own_colours)) {
            complain_at_key(reading, node, "the %s of %s have colours of their own; remove %s",
                            chip->lamps ? "lamps" : "lights", board->name, node->key);
        }
    }
}

static bool has_relay(const struct output_settings *output)
{
    return output->chip->hold_ms != NULL && output->chip->hold_ms(output->chip_settings) > 0;
}

/* Too few to tell by their places what they mean: a bar wants three. */
#define FEW_PIXELS 2

static bool is_few(const struct output_settings *output)
{
    size_t pixels = output->chip->pixels(output->chip_settings);
    return output->chip->lamps || (pixels > 0 && pixels <= FEW_PIXELS);
}

void board_fit_picture(const struct board *board, struct picture_settings *picture)
{
    bool few = false, other = false;
    for (size_t i = 0; i < board->output_count; i++) {
        const struct output_settings *output = &board->outputs[i];
        few |= is_few(output);
        other |= has_relay(output) ||
                 (!is_few(output) && output->chip->pixels(output->chip_settings) > 0);
        if (output->width > 0 && output->from == 0)
            picture->width = output->width;
    }
    picture->blinks = few && !other; /* relays wear */
}

void display_read_section(const struct reading *reading, const struct node *node, void *settings)
{
    static const struct section sections[] = {{.key = "segments", .read = read_segments},
                                              {.key = "colours", .read = colours_read_section},
                                              {.key = "night", .read = night_read_section},
                                              {.key = NULL}};
    struct config *config = settings;
    const struct keys keys[] = {{display_fields, &config->picture, sections, config},
                                {wall_fields, config, NULL, NULL}};
    memset(&config->palette, 0, sizeof config->palette);
    fields_read(reading, node, keys, 2);
    colours_complete(config);
    board_fit_picture(&config->board, &config->picture);
    check_lamps(reading, node, &config->board);
}
