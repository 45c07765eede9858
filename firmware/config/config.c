#include "config/config.h"

#include "config/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef AMBERBAR_EXAMPLE_FILE
#define AMBERBAR_EXAMPLE_FILE "/usr/share/doc/amberbar/examples/amberbar.yaml"
#endif

static void read_header(const struct reading *reading, const struct node *node,
                        struct http_header headers[static CLIENT_HEADERS_MAX], size_t count)
{
    struct http_header *header = &headers[count];
    if (!node_is(reading, node, NODE_SCALAR, "the header's value")) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(headers[i].name, node->key) == 0) {
            complain_at_key(reading, node, "the header %s is given twice; keep one",
                            headers[i].name);
        }
    }
    if (node->key[0] == '\0' || !text_copy(header->name, sizeof(header->name), node->key)) {
        complain_at_key(reading, node, "a header's name has 1 to %zu characters; correct it",
                        sizeof(header->name) - 1);
    }
    if (!text_copy(header->value, sizeof(header->value), node->text)) {
        complain_at(reading, node, "a header's value cannot be so long; at most %zu bytes fit",
                    sizeof(header->value) - 1);
    }
}

static void read_headers(const struct reading *reading, const struct node *node, void *settings)
{
    struct prometheus_settings *prometheus = settings;
    if (!node_is(reading, node, NODE_MAP, "names and values, e.g. {X-Scope-OrgID: wall}")) {
        return;
    }
    if (node->count > CLIENT_HEADERS_MAX) {
        complain_at(reading, node, "http_headers has %zu headers; at most %d are sent", node->count,
                    CLIENT_HEADERS_MAX);
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        read_header(reading, &node->children[i], prometheus->http_headers, i);
    }
}

static void read_prometheus(const struct reading *reading, const struct node *node, void *settings)
{
    static const struct section sections[] = {{.key = "http_headers", .read = read_headers},
                                              {.key = NULL}};
    struct prometheus_settings *prometheus = &((struct config *)settings)->prometheus;
    const struct keys keys = {prometheus_fields, prometheus, sections, prometheus};
    struct error error = {0};
    fields_read(reading, node, &keys, 1);
    if (prometheus->url[0] != '\0' && !prometheus_check(prometheus, &error)) {
        complain_about(reading, node, error.text);
    }
}

/* In an order in which each may look at those before it. A key more is a row more. */
static const struct section config_sections[] = {
    {"board", board_read_section, true,
     "add e.g. board: terminal; `amberbar boards` lists the names"},
    {"prometheus", read_prometheus, true, "add prometheus: with its url: indented under it"},
    {"rollouts", rollouts_read_section, true,
     "add a list, e.g. rollouts: [{name: shop, namespace: shop}]"},
    {"display", display_read_section, false, NULL},
    {NULL, NULL, false, NULL},
};

static void read_tree(const struct tree *tree, struct config *config, struct complaints *complaints)
{
    const struct reading reading = {config->path, complaints};
    const struct keys keys = {.sections = config_sections, .section_settings = config};
    display_read_section(&reading, NULL, config); /* what it is when left out */
    fields_read(&reading, tree_root(tree), &keys, 1);
}

/* The first thing that a new user meets deserves more than "no such file". */
static bool check_present(const char *path, struct complaints *complaints)
{
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        complain(complaints, path, 0, 0,
                 "there is no such file; copy the example %s there, or name another with -c",
                 AMBERBAR_EXAMPLE_FILE);
        return false;
    }
    return true;
}

struct config *config_read(const char *path, struct complaints *complaints)
{
    size_t before = complaints->count;
    struct config *config = calloc(1, sizeof(*config));
    if (config == NULL || !text_copy(config->path, sizeof(config->path), path)) {
        complain(complaints, path, 0, 0, "its path is too long, or memory has run out");
        config_free(config);
        return NULL;
    }
    struct tree *tree = NULL;
    if (check_present(path, complaints)) {
        tree = tree_read_file(path, complaints);
    }
    if (tree != NULL) {
        read_tree(tree, config, complaints);
    }
    tree_free(tree);
    if (complaints->count != before) {
        config_free(config);
        return NULL;
    }
    return config;
}

void config_free(struct config *config)
{
    if (config == NULL) {
        return;
    }
    board_free(&config->board);
    free(config->rollouts);
    explicit_bzero(config, sizeof(*config));
    free(config);
}

/* A secret written into the config file itself, where everybody on the machine may read it. */
static void remark_exposed(const struct config *config, struct text *out)
{
    struct stat status;
    bool secret = config->prometheus.basic_auth.password[0] != '\0' ||
                  config->prometheus.authorization.credentials[0] != '\0';
    if (secret && stat(config->path, &status) == 0 && (status.st_mode & S_IROTH) != 0) {
        text_addf(
            out,
            "%s: anybody on this machine can read the secret in it; chmod o-r it, or move the "
            "secret to a file of its own\n",
            config->path);
    }
}

void config_remarks(const struct config *config, struct text *out)
{
    struct error remark = {0};
    remark_exposed(config, out);
    for (size_t i = 0; i < PROMETHEUS_REMARKS; i++) {
        if (prometheus_remark(&config->prometheus, i, &remark)) {
            text_addf(out, "%s: %s\n", config->path, remark.text);
        }
    }
}
