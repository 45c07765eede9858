#include "config/yaml/tree.h"

#include "config/yaml/builder.h"
#include "config/yaml/file.h"
#include "config/yaml/syntax.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static struct mark mark_of(yaml_mark_t mark)
{
    return (struct mark){mark.line + 1, mark.column + 1};
}

/* `return refuse(...)`: complains where the event begins and gives up the document. */
static bool refuse(struct builder *builder, const yaml_event_t *event, const char *sentence)
{
    return builder_refuse(builder, mark_of(event->start_mark), sentence);
}

/* Anchors and tags change what a value means elsewhere, or its type: neither is read. */
static void check_properties(struct builder *builder, const yaml_event_t *event,
                             const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL) {
        refuse(builder, event,
               "an anchor (&name) is not read; remove it, or put quotes around a value that begins "
               "with &");
    }
    if (tag != NULL) {
        refuse(builder, event,
               "a tag (!name) is not read; remove it, or put quotes around a value that begins "
               "with !");
    }
}

static bool take_key(struct builder *builder, const yaml_event_t *event, const char *text)
{
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (plain && strcmp(text, "<<") == 0)
        refuse(builder, event, "a merge key (<<) is not read; write the keys out");
    builder_take_key(builder, text, mark_of(event->start_mark));
    return true;
}

static bool take_scalar(struct builder *builder, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    struct mark mark = mark_of(event->start_mark);

    check_properties(builder, event, event->data.scalar.anchor, event->data.scalar.tag);
    if (memchr(value, '\0', length) != NULL)
        return refuse(builder, event, "a NUL (\\0) is in this text; remove it");
    const char *text = builder_keep(builder, value, length);
    if (text == NULL)
        return builder_refuse_memory(builder);
    if (builder_wants_key(builder))
        return take_key(builder, event, text);
    struct node node = {.type = NODE_SCALAR,
                        .line = mark.line,
                        .column = mark.column,
                        .text = text,
                        .plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE};
    return builder_add(builder, &node);
}

static bool take_alias(struct builder *builder, const yaml_event_t *event)
{
    struct mark mark = mark_of(event->start_mark);
    refuse(builder, event,
           "an alias (*name) is not read; write the value out, or put quotes around a value that "
           "begins with *");
    if (builder_wants_key(builder))
        return false;
    struct node node = {
        .type = NODE_SCALAR, .line = mark.line, .column = mark.column, .text = "", .broken = true};
    return builder_add(builder, &node);
}

static bool take_value(struct builder *builder, const yaml_event_t *event)
{
    struct mark mark = mark_of(event->start_mark);
    if (++builder->values > TREE_VALUES_MAX)
        return refuse(builder, event, "more than 100000 values; is it really the one you meant?");
    if (event->type == YAML_SCALAR_EVENT)
        return take_scalar(builder, event);
    if (event->type == YAML_ALIAS_EVENT)
        return take_alias(builder, event);
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        check_properties(builder, event, event->data.sequence_start.anchor,
                         event->data.sequence_start.tag);
        return builder_open(builder, NODE_LIST, mark);
    }
    check_properties(builder, event, event->data.mapping_start.anchor,
                     event->data.mapping_start.tag);
    return builder_open(builder, NODE_MAP, mark);
}

/* False: the document is given up. `done` is set at the end of what is to be read. */
static bool take_event(struct builder *builder, const yaml_event_t *event, bool *done)
{
    switch (event->type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_END_EVENT:
        *done = true;
        return true;
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    case YAML_DOCUMENT_START_EVENT:
        if (builder->rooted) {
            refuse(builder, event, "a second document (---) begins here; a file holds one");
            *done = true;
        }
        return true;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return builder_close(builder);
    case YAML_ALIAS_EVENT:
    case YAML_SCALAR_EVENT:
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return take_value(builder, event);
    }
    return false;
}

static void complain_syntax(struct builder *builder, const yaml_parser_t *parser, const char *bytes,
                            size_t length)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        builder_refuse_memory(builder);
        return;
    }
    struct mark problem = mark_of(parser->problem_mark);
    struct mark context = parser->context != NULL ? mark_of(parser->context_mark) : problem;
    struct syntax_fault fault = {
        .problem = parser->problem != NULL ? parser->problem : "unreadable",
        .context = parser->context != NULL ? parser->context : "",
        .line = problem.line,
        .column = problem.column,
        .context_line = context.line,
        .context_column = context.column,
    };
    syntax_complain(builder->complaints, builder->tree->name, bytes, length, &fault);
}

static bool build(struct builder *builder, const char *bytes, size_t length)
{
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0)
        return builder_refuse_memory(builder);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);

    bool good = true;
    bool done = false;
    while (good && !done) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) == 0) {
            complain_syntax(builder, &parser, bytes, length);
            good = false;
        } else {
            good = take_event(builder, &event, &done);
            yaml_event_delete(&event);
        }
    }
    yaml_parser_delete(&parser);
    if (good && !builder->rooted) {
        complain(builder->complaints, builder->tree->name, 0, 0,
                 "the file holds nothing but white space and comments; write its keys");
    }
    return good && builder->rooted;
}

/* `builder` is some 10 KB, so it is not on the stack. */
static struct tree *tree_build(struct builder *builder, const char *name, const char *bytes,
                               size_t length)
{
    struct tree *tree = calloc(1, sizeof *tree);
    if (tree == NULL)
        return NULL;
    builder->tree = tree;
    tree->name = builder_keep(builder, name, strlen(name));
    bool good = tree->name != NULL && build(builder, bytes, length);
    while (builder->depth > 0)
        free(builder->stack[--builder->depth].items);
    if (!good) {
        tree_free(tree);
        return NULL;
    }
    return tree;
}

struct tree *tree_read_text(const char *name, const char *bytes, size_t length,
                            struct complaints *complaints)
{
    if (length > TREE_BYTES_MAX) {
        complain(complaints, name, 0, 0,
                 "the file is longer than %zu KiB; is it really the one you meant?",
                 TREE_BYTES_MAX / 1024);
        return NULL;
    }
    if (!syntax_check_bytes(complaints, name, bytes, length))
        return NULL;
    size_t before = complaints->count;
    struct tree *tree = NULL;
    struct builder *builder = calloc(1, sizeof *builder);
    if (builder != NULL) {
        builder->complaints = complaints;
        tree = tree_build(builder, name, bytes, length);
    }
    /* cppcheck-suppress knownConditionTrueFalse ; the builder complains */
    if (tree == NULL && complaints->count == before)
        complain(complaints, name, 0, 0, "there is not enough memory to read the file");
    free(builder);
    return tree;
}

struct tree *tree_read_file(const char *path, struct complaints *complaints)
{
    struct text bytes = {0};
    struct tree *tree = NULL;
    if (file_read(path, TREE_BYTES_MAX, &bytes, complaints))
        tree = tree_read_text(path, bytes.length > 0 ? bytes.data : "", bytes.length, complaints);
    text_wipe(&bytes);
    return tree;
}
