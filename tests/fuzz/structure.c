#include "fuzz/structure.h"

#include "base/text.h"
#include "config/yaml/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef FUZZ_PREFIX
#define FUZZ_PREFIX 0 /* bytes before the text, which choose how it is read */
#endif

#define NODES_MAX 4096 /* of an input; those behind are never changed */
#define DEPTH_MAX (2 * TREE_DEPTH_MAX + 8)
#define PLAIN_MAX 64
#define SCALAR_MAX 256 /* bytes of a scalar that libFuzzer may change */

enum change {
    CHANGE_REPLACE,
    CHANGE_REMOVE,
    CHANGE_DOUBLE,
    CHANGE_SWAP,
    CHANGE_COPY, /* another node's value */
    CHANGE_RENAME,
    CHANGE_WRAP_LIST,
    CHANGE_WRAP_MAP,
    CHANGE_SCALAR,
    CHANGE_COUNT
};

/* What is done, and to which node. */
struct edit {
    enum change change;
    const struct node *at, *other;
    const char *text; /* that takes its place, as it stands */
};

/* A list or map that is being written. */
struct frame {
    const struct node *node;
    size_t next;
    bool untouched;    /* written in another's place: no edit reaches into it */
    const char *after; /* what closes a wrapping around it */
};

struct writer {
    struct text text;
    const struct edit *edit;
    struct frame frames[DEPTH_MAX];
    size_t depth;
};

static const char *const replacements[] = {"null",
                                           "[]",
                                           "{}",
                                           "\"\"",
                                           "0",
                                           "-1",
                                           "1e308",
                                           "NaN",
                                           "true",
                                           "\"a\"",
                                           "[[\"a\"]]",
                                           "{\"a\": [{}]}",
                                           "[[[[[[[[]]]]]]]]",
                                           "9223372036854775808",
                                           "\"\\u202e\\u001b[2J\""};

/* xorshift64*: the same seed, the same mutant. */
static size_t draw(uint64_t *state, size_t below)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (size_t)((*state * UINT64_C(0x2545F4914F6CDD1D)) >> 33) % below;
}

/* Without recursion: each node's children are put behind it. */
static size_t list_nodes(const struct tree *tree, const struct node *nodes[static NODES_MAX])
{
    size_t count = 1;
    nodes[0] = tree_root(tree);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < nodes[i]->count && count < NODES_MAX; k++)
            nodes[count++] = &nodes[i]->children[k];
    return count;
}

static bool may_stay_plain(const struct node *node)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";
    const size_t length = strlen(node->text);
    return node->plain && length > 0 && length < PLAIN_MAX && strspn(node->text, letters) == length;
}

/* Begins a value; the children of a list or map are written by the loop of write_tree(). */
static void begin(struct writer *writer, const struct node *node, bool untouched, const char *after)
{
    if (node->type == NODE_SCALAR || writer->depth == DEPTH_MAX) {
        const char *text = node->type == NODE_SCALAR ? node->text : "";
        if (node->type == NODE_SCALAR && may_stay_plain(node))
            text_add(&writer->text, text);
        else
            text_add_json(&writer->text, text);
        text_add(&writer->text, after);
        return;
    }
    text_add(&writer->text, node->type == NODE_LIST ? "[" : "{");
    writer->frames[writer->depth++] = (struct frame){node, 0, untouched, after};
}

static void begin_edited(struct writer *writer, const struct node *node)
{
    const struct edit *edit = writer->edit;
    switch (edit->change) {
    case CHANGE_REPLACE:
    case CHANGE_SCALAR:
        text_add(&writer->text, edit->text);
        break;
    case CHANGE_SWAP:
    case CHANGE_COPY:
        begin(writer, node == edit->at ? edit->other : edit->at, true, "");
        break;
    case CHANGE_WRAP_LIST:
        text_add(&writer->text, "[");
        begin(writer, node, true, "]");
        break;
    case CHANGE_WRAP_MAP:
        text_add(&writer->text, "{\"a\": ");
        begin(writer, node, true, "}");
        break;
    case CHANGE_REMOVE:
    case CHANGE_DOUBLE:
    case CHANGE_RENAME:
    case CHANGE_COUNT:
        begin(writer, node, true, "");
        break;
    }
}

static bool is_edited(const struct writer *writer, const struct node *node, bool untouched)
{
    const struct edit *edit = writer->edit;
    return !untouched && (node == edit->at || (edit->change == CHANGE_SWAP && node == edit->other));
}

static void write_child(struct writer *writer, const struct frame *frame, const struct node *child,
                        bool separated)
{
    const bool edited = is_edited(writer, child, frame->untouched);
    const bool renamed = edited && writer->edit->change == CHANGE_RENAME;
    text_add(&writer->text, separated ? ", " : "");
    if (frame->node->type == NODE_MAP) {
        text_add_json(&writer->text, renamed ? writer->edit->text : child->key);
        text_add(&writer->text, ": ");
    }
    if (edited)
        begin_edited(writer, child);
    else
        begin(writer, child, frame->untouched, "");
}

/* The next child of the innermost list or map; or its end. */
static void step(struct writer *writer)
{
    struct frame *frame = &writer->frames[writer->depth - 1];
    const bool doubles = writer->edit->change == CHANGE_DOUBLE;
    const size_t at = doubles ? frame->next / 2 : frame->next;
    if (at == frame->node->count) {
        text_add(&writer->text, frame->node->type == NODE_LIST ? "]" : "}");
        text_add(&writer->text, frame->after);
        writer->depth--;
        return;
    }
    const struct node *child = &frame->node->children[at];
    const bool edited = is_edited(writer, child, frame->untouched);
    const bool again = doubles && frame->next % 2 == 1;
    frame->next++;
    if ((again && !edited) || (edited && writer->edit->change == CHANGE_REMOVE))
        return;
    const char last = writer->text.data[writer->text.length - 1];
    write_child(writer, frame, child, last != '[' && last != '{');
}

/* The tree with the edit in it; false: no memory. */
static bool write_tree(const struct tree *tree, const struct edit *edit, struct text *out)
{
    static struct writer writer;
    const struct node *root = tree_root(tree);
    writer = (struct writer){.edit = edit};
    if (is_edited(&writer, root, false))
        begin_edited(&writer, root);
    else
        begin(&writer, root, false, "");
    while (writer.depth > 0 && !writer.text.failed)
        step(&writer);
    *out = writer.text;
    return !writer.text.failed;
}

/* A scalar's text as libFuzzer changes it. */
static void change_scalar(const struct node *node, struct text *text)
{
    uint8_t bytes[SCALAR_MAX + 1] = {0};
    size_t length = node->type == NODE_SCALAR ? strlen(node->text) : 0;
    length = length < SCALAR_MAX ? length : SCALAR_MAX;
    memcpy(bytes, node->type == NODE_SCALAR ? node->text : "", length);
    length = LLVMFuzzerMutate(bytes, length, SCALAR_MAX);
    bytes[length] = '\0';
    if (node->type == NODE_SCALAR && node->plain)
        text_add(text, (const char *)bytes);
    else
        text_add_json(text, (const char *)bytes);
}

static struct edit choose(const struct node *const nodes[], size_t count, uint64_t *random,
                          struct text *text)
{
    struct edit edit = {.change = (enum change)draw(random, CHANGE_COUNT),
                        .at = nodes[draw(random, count)],
                        .other = nodes[draw(random, count)],
                        .text =
                            replacements[draw(random, sizeof replacements / sizeof *replacements)]};
    if (edit.change == CHANGE_SCALAR) {
        change_scalar(edit.at, text);
        edit.text = text->failed || text->data == NULL ? "" : text->data;
    } else if (edit.change == CHANGE_RENAME) {
        edit.text = edit.other->key != NULL ? edit.other->key : "";
    }
    return edit;
}

static struct tree *read_input(const uint8_t *data, size_t size)
{
    struct complaints complaints = {0};
    struct tree *tree = NULL;
    if (size > FUZZ_PREFIX)
        tree = tree_read_text("input", (const char *)data + FUZZ_PREFIX, size - FUZZ_PREFIX,
                              &complaints);
    complaints_free(&complaints);
    return tree;
}

/* Puts the text behind the prefix; 0: it does not fit. */
static size_t put(uint8_t *out, size_t max_size, const struct text *text)
{
    if (text->length == 0 || text->length + FUZZ_PREFIX > max_size)
        return 0;
    memcpy(out + FUZZ_PREFIX, text->data, text->length);
    return text->length + FUZZ_PREFIX;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const struct node *nodes[NODES_MAX];
    uint64_t random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    struct text text = {0}, scalar = {0};
    size_t made = 0;
    draw(&random, 2);
    struct tree *tree = draw(&random, 5) == 0 ? NULL : read_input(data, size);
    if (tree != NULL) {
        const size_t count = list_nodes(tree, nodes);
        const struct edit edit = choose(nodes, count, &random, &scalar);
        if (write_tree(tree, &edit, &text))
            made = put(data, max_size, &text);
    }
    tree_free(tree);
    text_free(&text);
    text_free(&scalar);
    return made > 0 ? made : LLVMFuzzerMutate(data, size, max_size);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out_size, unsigned seed)
{
    static const struct node *nodes[NODES_MAX], *givers[NODES_MAX];
    uint64_t random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    struct text text = {0};
    struct tree *tree = read_input(data1, size1), *giver = read_input(data2, size2);
    size_t made = 0;
    if (tree != NULL && giver != NULL && max_out_size > FUZZ_PREFIX) {
        const size_t count = list_nodes(tree, nodes), given = list_nodes(giver, givers);
        const struct edit edit = {CHANGE_COPY, nodes[draw(&random, count)],
                                  givers[draw(&random, given)], ""};
        memcpy(out, data1, FUZZ_PREFIX);
        if (write_tree(tree, &edit, &text))
            made = put(out, max_out_size, &text);
    }
    tree_free(tree);
    tree_free(giver);
    text_free(&text);
    return made;
}
