/* `prometheus:` of the config. */
#include "config/sections/sections.h"

#include <string.h>
#include <strings.h>

/* A map of names with one value or several each, on its way into an array of pairs. */
struct pairs {
    const char *map;
    struct http_pair *items;
    size_t count, max;
    const struct node *name; /* whose values are read now */
};

static void add_pair(const struct reading *reading, const struct node *node,
                     enum pair_source source, struct pairs *pairs)
{
    struct node unnamed = *node; /* the name of a pair is not ours: it may be anything */
    unnamed.key = NULL;
    if (!node_is(reading, &unnamed, NODE_SCALAR, "a value"))
        return;
    if (pairs->count == pairs->max) {
        complain_at(reading, node, "%s has more than %zu values; leave out the others", pairs->map,
                    pairs->max);
        return;
    }
    struct http_pair *pair = &pairs->items[pairs->count++];
    pair->source = source;
    if (pairs->name->key[0] == '\0' ||
        !text_copy(pair->name, sizeof pair->name, pairs->name->key)) {
        complain_at_key(reading, pairs->name, "a name in %s has 1 to %zu characters; correct it",
                        pairs->map, sizeof pair->name - 1);
    }
    bool fits = source == PAIR_FILE && node->text[0] != '\0'
                    ? path_credential(node->text, pair->value, sizeof pair->value) ||
                          path_resolve(reading->file, node->text, pair->value, sizeof pair->value)
                    : text_copy(pair->value, sizeof pair->value, node->text);
    if (!fits) {
        complain_at(reading, node, "a value in %s cannot be so long; at most %zu bytes fit",
                    pairs->map, sizeof pair->value - 1);
    }
}

/* One value, or a list of them. */
static void add_values(const struct reading *reading, const struct node *node,
                       enum pair_source source, struct pairs *pairs)
{
    if (node->type != NODE_LIST)
        add_pair(reading, node, source, pairs);
    for (size_t i = 0; node->type == NODE_LIST && i < node->count; i++)
        add_pair(reading, &node->children[i], source, pairs);
}

static void read_values(const struct reading *reading, const struct node *node, void *pairs)
{
    add_values(reading, node, PAIR_VALUE, pairs);
}

static void read_secrets(const struct reading *reading, const struct node *node, void *pairs)
{
    add_values(reading, node, PAIR_SECRET, pairs);
}

static void read_files(const struct reading *reading, const struct node *node, void *pairs)
{
    add_values(reading, node, PAIR_FILE, pairs);
}

/* As Prometheus has it, or shorter: NAME: VALUE. */
static void read_header(const struct reading *reading, const struct node *node, struct pairs *pairs)
{
    static const struct section sections[] = {
        {.key = "values", .read = read_values},
        {.key = "secrets", .read = read_secrets, .guarded = true},
        {.key = "files", .read = read_files},
        {.key = NULL}};
    const struct keys keys = {.sections = sections, .section_settings = pairs};
    if (node->type == NODE_MAP)
        fields_read(reading, node, &keys, 1);
    else
        add_values(reading, node, PAIR_VALUE, pairs);
}

static void complain_if_twice(const struct reading *reading, const struct node *map, size_t number)
{
    for (size_t i = 0; i < number; i++) {
        if (strcasecmp(map->children[i].key, map->children[number].key) == 0) {
            complain_at_key(reading, &map->children[number],
                            "this header is given twice, first in line %zu; keep one",
                            map->children[i].key_line);
        }
    }
}

/* What is none is not repeated: it may hold what belongs behind a colon. */
static bool is_header(const struct reading *reading, const struct node *node)
{
    if (node->key[0] == '\0' || prometheus_is_header(node->key)) /* "": complained about below */
        return true;
    complain_at_key(
        reading, node,
        "this is no header's name; write one such as X-Scope-OrgID, and its value after "
        "': '");
    return false;
}

static void read_headers(const struct reading *reading, const struct node *node, void *settings)
{
    struct prometheus_settings *prometheus = settings;
    struct pairs pairs = {
        .map = "http_headers", .items = prometheus->http_headers, .max = CLIENT_HEADERS_MAX};
    if (!node_is(reading, node, NODE_MAP, "names and values, e.g. {X-Scope-OrgID: wall}"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        complain_if_twice(reading, node, i);
        pairs.name = &node->children[i];
        if (is_header(reading, pairs.name))
            read_header(reading, pairs.name, &pairs);
    }
}

/* A map of names, each with a value or a list of values. */
static void read_pairs(const struct reading *reading, const struct node *node, struct pairs pairs,
                       enum pair_source source)
{
    if (!node_is(reading, node, NODE_MAP, "names and values, e.g. {dedup: \"true\"}"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        pairs.name = &node->children[i];
        if (source != PAIR_SECRET || is_header(reading, pairs.name))
            add_values(reading, pairs.name, source, &pairs);
    }
}

static void read_connect_headers(const struct reading *reading, const struct node *node,
                                 void *settings)
{
    struct proxy_settings *proxy = settings;
    read_pairs(reading, node,
               (struct pairs){.map = "proxy_connect_header",
                              .items = proxy->connect_headers,
                              .max = CLIENT_CONNECT_HEADERS_MAX},
               PAIR_SECRET);
}

static void read_extra_params(const struct reading *reading, const struct node *node,
                              void *settings)
{
    struct prometheus_settings *prometheus = settings;
    read_pairs(reading, node,
               (struct pairs){.map = "extra_params",
                              .items = prometheus->extra_params,
                              .max = CLIENT_PARAMS_MAX},
               PAIR_VALUE);
}

static void read_endpoint_params(const struct reading *reading, const struct node *node,
                                 void *settings)
{
    struct oauth2_settings *oauth2 = settings;
    read_pairs(reading, node,
               (struct pairs){.map = "endpoint_params",
                              .items = oauth2->endpoint_params,
                              .max = CLIENT_PARAMS_MAX},
               PAIR_VALUE);
}

/* RFC 6749 section 3.3: with a space between them. */
static void read_scopes(const struct reading *reading, const struct node *node, void *settings)
{
    struct oauth2_settings *oauth2 = settings;
    struct text scopes = {0};
    if (!node_is(reading, node, NODE_LIST, "a list, e.g. [metrics.read]"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        if (node_is(reading, &node->children[i], NODE_SCALAR, "a scope")) {
            text_add(&scopes, scopes.length > 0 ? " " : "");
            text_add(&scopes, node->children[i].text);
        }
    }
    if (scopes.failed ||
        (scopes.length > 0 && !text_copy(oauth2->scopes, sizeof oauth2->scopes, scopes.data))) {
        complain_at(reading, node, "scopes cannot be so long; at most %zu bytes fit",
                    sizeof oauth2->scopes - 1);
    }
    text_free(&scopes);
}

static const struct section proxy_sections[] = {
    {.key = "proxy_connect_header", .read = read_connect_headers}, {.key = NULL}};

static void read_oauth2(const struct reading *reading, const struct node *node, void *settings)
{
    static const struct section sections[] = {
        {.key = "scopes", .read = read_scopes},
        {.key = "endpoint_params", .read = read_endpoint_params},
        {.key = NULL},
    };
    struct oauth2_settings *oauth2 = &((struct prometheus_settings *)settings)->oauth2;
    const struct keys groups[] = {
        {oauth2_fields, oauth2, sections, oauth2},
        {proxy_fields, &oauth2->proxy, proxy_sections, &oauth2->proxy},
    };
    fields_read(reading, node, groups, sizeof groups / sizeof groups[0]);
}

static void read_labels(const struct reading *reading, const struct node *node, void *settings)
{
    struct prometheus_settings *prometheus = settings;
    const struct keys keys = {labels_fields, &prometheus->labels, NULL, NULL};
    fields_read(reading, node, &keys, 1);
}

void prometheus_read_section(const struct reading *reading, const struct node *node, void *settings)
{
    static const struct section sections[] = {
        {.key = "oauth2", .read = read_oauth2},
        {.key = "http_headers", .read = read_headers},
        {.key = "extra_params", .read = read_extra_params},
        {.key = "labels", .read = read_labels},
        {.key = NULL},
    };
    struct prometheus_settings *prometheus = &((struct config *)settings)->prometheus;
    const struct keys groups[] = {
        {prometheus_fields, prometheus, sections, prometheus},
        {proxy_fields, &prometheus->proxy, proxy_sections, &prometheus->proxy},
    };
    struct error error = {0};
    read_oauth2(reading, NULL, prometheus); /* what it is when left out */
    fields_read(reading, node, groups, sizeof groups / sizeof groups[0]);
    for (size_t i = 0; prometheus->url[0] != '\0' && i < PROMETHEUS_CHECKS; i++)
        if (!prometheus_check(prometheus, i, &error))
            complain_about(reading, node, error.text);
}
