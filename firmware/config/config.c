#include "config/config.h"

#include "config/sections/sections.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef AMBERBAR_EXAMPLE_FILE
#define AMBERBAR_EXAMPLE_FILE "/usr/share/doc/amberbar/examples/amberbar.yaml"
#endif

const struct field config_fields[] = {
    {KEY("metrics_file", FIELD_PATH, offsetof(struct config, metrics_file)),
     .size = CONFIG_PATH_SIZE,
     .help = "Where to write what amberbar itself does, in Prometheus's text format, for "
             "node_exporter's textfile collector: NAME.prom; the service may write into "
             "/run/amberbar alone. Left out: nowhere."},
    {.key = NULL},
};

/* In an order in which each may look at those before it. A key more is a row more. */
static const struct section config_sections[] = {
    {.key = "board",
     .read = board_read_section,
     .required = true,
     .hint = "add e.g. board: terminal; `amberbar boards` lists the names"},
    {.key = "prometheus",
     .read = prometheus_read_section,
     .required = true,
     .hint = "add prometheus: with its url: indented under it"},
    {.key = "rollouts",
     .read = rollouts_read_section,
     .required = true,
     .hint = "add a list, e.g. rollouts: [{name: shop, namespace: shop}]"},
    {.key = "indicators", .read = indicators_read_section},
    {.key = "display", .read = display_read_section},
    {.key = NULL},
};

/* The collector reads no other; and no file of another use is named so. */
static void check_metrics_file(const struct reading *reading, const struct node *root,
                               const struct config *config)
{
    const size_t length = strlen(config->metrics_file), end = strlen(".prom");
    const bool fits = length > end && strcmp(config->metrics_file + length - end, ".prom") == 0 &&
                      config->metrics_file[length - end - 1] != '/';
    if (length > 0 && !fits)
        complain_at(reading, node_get(root, "metrics_file"),
                    "node_exporter reads only files that are named NAME.prom, not %s; e.g. "
                    "metrics_file: /run/amberbar/amberbar.prom",
                    config->metrics_file);
}

static void read_tree(const struct tree *tree, struct config *config, struct complaints *complaints)
{
    const struct reading reading = {config->path, complaints, MANUAL_CONFIG};
    const struct keys keys = {config_fields, config, config_sections, config};
    const struct node *root = tree_root(tree);
    if (root->type != NODE_MAP && !root->broken) {
        complain_at(&reading, root,
                    "this is no amberbar config; it has the keys board:, prometheus: and "
                    "rollouts:");
        return;
    }
    display_read_section(&reading, NULL, config); /* what it is when left out */
    fields_read(&reading, root, &keys, 1);
    check_metrics_file(&reading, root, config);
    board_fit_picture(&config->board, &config->picture);
}

const char *config_example(void)
{
    return AMBERBAR_EXAMPLE_FILE;
}

/* The first thing that a new user meets deserves more than "no such file". */
static bool check_present(const char *path, struct complaints *complaints)
{
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        complain(complaints, path, 0, 0,
                 "there is no such file; say `sudo amberbar setup`, copy the example %s there, or "
                 "name another with -c",
                 AMBERBAR_EXAMPLE_FILE);
        return false;
    }
    return true;
}

/* `before`: complaints that are not about this config. */
static struct config *make(const char *path, struct tree *tree, size_t before,
                           struct complaints *complaints)
{
    struct config *config = calloc(1, sizeof *config);
    if (config == NULL || !text_copy(config->path, sizeof config->path, path))
        complain(complaints, path, 0, 0, "its path is too long, or memory has run out");
    else if (tree != NULL)
        read_tree(tree, config, complaints);
    tree_free(tree);
    if (complaints->count != before) {
        config_free(config);
        return NULL;
    }
    return config;
}

struct config *config_read(const char *path, struct complaints *complaints)
{
    size_t before = complaints->count;
    bool present = check_present(path, complaints);
    return make(path, present ? tree_read_file(path, complaints) : NULL, before, complaints);
}

struct config *config_read_text(const char *name, const struct text *text,
                                struct complaints *complaints)
{
    size_t before = complaints->count;
    struct tree *tree = tree_read_text(name, text->data, text->length, complaints);
    return make(name, tree, before, complaints);
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    board_free(&config->board);
    free(config->rollouts);
    free(config->indicators);
    explicit_bzero(config, sizeof *config);
    free(config);
}

/* One line, whatever a path or a name in it holds. */
static void add_remark(struct text *out, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void add_remark(struct text *out, const char *path, const char *format, ...)
{
    struct text line = {0};
    va_list arguments;
    text_addf(&line, "%s:", path);
    va_start(arguments, format);
    text_vaddf(&line, format, arguments);
    va_end(arguments);
    out->failed |= line.failed;
    if (!line.failed)
        text_add_shown(out, line.data);
    text_add(out, "\n");
    text_free(&line);
}

/* systemd.exec(5), CREDENTIALS: handed over by a name without a path. */
static bool may_be_credential(const struct node *node)
{
    return node->type != NODE_SCALAR || strchr(node->text, '/') == NULL;
}

/* At its place; of what came through a pipe, and cannot be read again, the key has to do. */
static void complain_of_file(const struct reading *reading, const struct node *map,
                             const char *sentence, bool is_there, struct text *remarks)
{
    const struct node *node = map != NULL ? node_about(map, sentence) : NULL;
    if (node == NULL) {
        complain(reading->complaints, reading->file, 0, 0, "prometheus: %s", sentence);
    } else if (!is_there && may_be_credential(node)) {
        add_remark(remarks, reading->file, "%zu:%zu: %s, unless the service has it as a credential",
                   node->line, node->column, sentence);
    } else {
        complain_about(reading, map, sentence);
    }
}

/* Whether a file that is there may be read by whoever asks says nothing of the daemon, which may be
   another user: a remark. */
static void remark_unread(const struct reading *reading, const struct node *map,
                          const struct prometheus_settings *settings, size_t number,
                          struct text *remarks)
{
    static const char sentence[] = "%s: this user may not read it; the one that runs amberbar has "
                                   "to (`amberbar doctor` looks)";
    const char *path = prometheus_file(settings, number);
    char key[PROMETHEUS_FILE_KEY_SIZE], place[64] = " ", whole[256];
    if (path[0] == '\0' || faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 || errno != EACCES)
        return;
    snprintf(whole, sizeof whole, sentence, prometheus_file_key(settings, number, key));
    const struct node *node = map != NULL ? node_about(map, whole) : NULL;
    if (node != NULL)
        snprintf(place, sizeof place, "%zu:%zu: ", node->line, node->column);
    add_remark(remarks, reading->file, "%s%s", place, whole);
}

/* It would have to give way: the daemon leaves it alone, and writes no metrics. */
static void check_metrics_place(const struct reading *reading, const struct node *root,
                                const struct config *config)
{
    static const char sentence[] =
        "metrics_file: %s is no regular file, and is left alone; name another, or remove it";
    const char *path = config->metrics_file;
    const struct node *node = root != NULL ? node_get(root, "metrics_file") : NULL;
    struct stat status;
    if (path[0] == '\0' || lstat(path, &status) != 0 || S_ISREG(status.st_mode))
        return;
    if (node != NULL)
        complain_at(reading, node, sentence, path);
    else /* as complain_of_file() */
        complain(reading->complaints, reading->file, 0, 0, sentence, path);
}

void config_check_files(const struct config *config, struct complaints *complaints,
                        struct text *remarks)
{
    struct error error = {0};
    struct complaints again = {0}; /* it was read before */
    struct tree *tree = tree_read_file(config->path, &again);
    const struct reading reading = {config->path, complaints, MANUAL_CONFIG};
    const struct node *root = tree != NULL ? tree_root(tree) : NULL;
    const struct node *map = root != NULL ? node_get(root, "prometheus") : NULL;
    for (size_t i = 0; i < PROMETHEUS_FILES; i++) {
        if (prometheus_file_check(&config->prometheus, i, &error))
            remark_unread(&reading, map, &config->prometheus, i, remarks);
        else
            complain_of_file(&reading, map, error.text,
                             access(prometheus_file(&config->prometheus, i), F_OK) == 0, remarks);
    }
    check_metrics_place(&reading, root, config);
    tree_free(tree);
    complaints_free(&again);
}

/* A secret written into the config file itself, where everybody on the machine may read it. */
static void remark_exposed(const struct config *config, struct text *out)
{
    struct stat status;
    if (prometheus_has_inline_secret(&config->prometheus) && stat(config->path, &status) == 0 &&
        (status.st_mode & S_IROTH) != 0) {
        add_remark(out, config->path,
                   " anybody on this machine can read the secret in it; chmod o-r it, or move the "
                   "secret to a file of its own");
    }
}

/* Lamps without rhythm have five faces for eleven looks: chips/lamps.h. */
static void remark_alike(const struct config *config, struct text *out)
{
    if (config->picture.blinks && config->picture.motion == PICTURE_MOTION_OFF) {
        add_remark(out, config->path,
                   " motion: off keeps the lamps from blinking, so some states look alike (red is "
                   "failed, degraded or critical); `amberbar status` tells which it is");
    }
}

static bool is_shown(const struct picture_settings *picture, enum segment_source alone,
                     enum segment_source all, size_t index)
{
    for (size_t i = 0; i < picture->segment_count; i++) {
        const struct segment *segment = &picture->segments[i];
        if (segment->source == SEGMENT_SUMMARY || segment->source == all ||
            (segment->source == alone && segment->index == index))
            return true;
    }
    return false;
}

/* What no segment shows: its red is nowhere on the wall. */
static void remark_unshown(const struct config *config, struct text *out)
{
    const struct picture_settings *picture = &config->picture;
    static const char format[] =
        " the segments leave out the %s '%s': no pixel shows when it fails; add a segment "
        "for it, or one with show: summary";
    if (picture->segment_count == 0)
        return;
    for (size_t i = 0; i < config->rollout_count; i++)
        if (!is_shown(picture, SEGMENT_ROLLOUT, SEGMENT_ROLLOUTS, i))
            add_remark(out, config->path, format, "rollout", config->rollouts[i].name);
    for (size_t i = 0; i < config->indicator_count; i++)
        if (!is_shown(picture, SEGMENT_INDICATOR, SEGMENT_INDICATORS, i))
            add_remark(out, config->path, format, "indicator", config->indicators[i].name);
}

void config_remarks(const struct config *config, struct text *out)
{
    struct error remark = {0};
    remark_exposed(config, out);
    remark_alike(config, out);
    remark_unshown(config, out);
    for (size_t i = 0; i < PROMETHEUS_REMARKS; i++)
        if (prometheus_remark(&config->prometheus, i, &remark))
            add_remark(out, config->path, " %s", remark.text);
}
