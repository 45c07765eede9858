/* The config, as a person would write it. */
#include "commands/common/load_config.h"
#include "commands/setup/setup.h"

#include <stdio.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Text that YAML takes as it stands, where nothing of a list or a map is around it. */
static void add_scalar(struct text *out, const char *word)
{
    const bool plain = strchr(LETTERS "/.", word[0]) != NULL && word[0] != '\0' &&
                       strspn(word, LETTERS "0123456789:/._~%@+-=") == strlen(word) &&
                       word[strlen(word) - 1] != ':';
    if (plain)
        text_add(out, word);
    else
        text_add_json(out, word);
}

/* Printable: YAML breaks lines at more characters than \n. */
static bool is_ascii(const char *word)
{
    for (; *word != '\0'; word++)
        if (*word < ' ' || *word > '~')
            return false;
    return true;
}

/* PromQL, mostly without quotes: it holds nothing that begins a comment or a map's value. */
static void add_query(struct text *out, const char *query)
{
    const bool plain = query[0] != '\0' && strchr(LETTERS "(", query[0]) != NULL &&
                       strstr(query, ": ") == NULL && strstr(query, " #") == NULL &&
                       query[strlen(query) - 1] != ':' && query[strlen(query) - 1] != ' ' &&
                       strchr(query, '\\') == NULL && is_ascii(query);
    if (plain)
        text_add(out, query);
    else
        text_add_json(out, query);
}

/* What is typed is in the text itself while it is tried, and in a file beside the config then. */
static void add_secret(const struct setup *setup, bool trial, const char *key, struct text *out)
{
    const bool inside = trial && setup->secret_file[0] == '\0';
    text_addf(out, "%s%s: ", key, inside ? "" : "_file");
    if (inside)
        text_add_json(out, setup->secret);
    else
        text_add_json(out, setup->secret_file[0] != '\0' ? setup->secret_file : setup->secret_name);
}

static void add_authorization(const struct setup *setup, bool trial, struct text *out)
{
    if (setup->withholds || (setup->secret_file[0] == '\0' && setup->secret[0] == '\0'))
        return;
    if (setup->username[0] == '\0') {
        text_add(out, "  authorization: {");
        add_secret(setup, trial, "credentials", out);
    } else {
        text_add(out, "  basic_auth: {username: ");
        text_add_json(out, setup->username);
        text_add(out, ", ");
        add_secret(setup, trial, "password", out);
    }
    text_add(out, "}");
    text_add(out, trial ? "\n" : "  # read anew for each request\n");
}

static void add_prometheus(const struct setup *setup, bool trial, struct text *out)
{
    text_add(out, "prometheus:\n  url: ");
    add_scalar(out, setup->url);
    text_add(out, "\n");
    if (setup->by_get)
        text_add(out, "  http_method: GET            # POST is refused there\n");
    if (setup->no_nonce)
        text_add(out,
                 "  query_nonce: false          # its answers lack the row that proves them new\n");
    add_authorization(setup, trial, out);
    if (setup->ca_file[0] != '\0') {
        text_add(out, "  tls_config: {ca_file: ");
        text_add_json(out, !trial && setup->ca_name[0] != '\0' ? setup->ca_name : setup->ca_file);
        text_add(out, "}\n");
    }
    if (!trial)
        discover_add_labels(out, &setup->found);
}

static void add_indicator(const struct setup *setup, struct text *out)
{
    const struct suggestion *one = setup->indicator;
    if (setup->indicators.length > 0) {
        text_add(out, "\n");
        text_add(out, setup->indicators.data);
    }
    if (one == NULL)
        return;
    text_add(out, "\nindicators:                   # a light beside the bar\n  - name: ");
    discover_add_yaml(out, one->name);
    text_add(out, "\n    query: ");
    add_query(out, one->query);
    text_addf(out, "\n    warning: %.6g", one->warning);
    if (one->span[0] != '\0' && !one->own)
        text_addf(out, "  # orange; in the %s before this was written it was mostly at most %.3g",
                  one->span, one->high);
    text_addf(out, "\n    critical: %.6g  # red\n", one->critical);
    text_addf(out,
              "    explained_by: [%s]  # while these roll out, and `grace` after it, it is no "
              "alarm\n    grace: 2m\n",
              setup->names.data != NULL ? setup->names.data : "");
}

static void add_percent(struct text *out, const char *word)
{
    if (strspn(word, "0123456789.%") == strlen(word))
        text_add(out, word);
    else
        text_add_json(out, word);
}

static void add_display(const struct setup *setup, struct text *out)
{
    if (setup->brightness[0] == '\0')
        return;
    text_add(out, "\ndisplay:\n  brightness: ");
    add_percent(out, setup->brightness);
    text_add(out, "             # as it looks\n");
    if (setup->night_from[0] == '\0')
        return;
    text_add(out, "  night: {from: ");
    text_add_json(out, setup->night_from);
    text_add(out, ", to: ");
    text_add_json(out, setup->night_to);
    text_add(out, ", brightness: ");
    add_percent(out, setup->night_brightness);
    text_add(out, "}\n");
}

/* While only Prometheus is tried, or its parts, the board's own file is not there yet. */
static void add_board(const struct setup *setup, enum compose what, struct text *out)
{
    const bool changed = what == COMPOSE_FILE && setup->board_file_name[0] != '\0';
    text_add(out, "board: ");
    if (what != COMPOSE_FILE) {
        text_add(out, "terminal\n\n");
    } else if (changed) {
        char path[sizeof setup->board_file_name + 2];
        snprintf(path, sizeof path, "./%s", setup->board_file_name);
        add_scalar(out, path);
        text_add(out, "  # ");
        text_add_shown(out, setup->board.name);
        text_add(out, ", as these lights are wired\n\n");
    } else {
        add_scalar(out, setup->board_name);
        text_add(out, "  # the lights; `amberbar boards` lists them\n\n");
    }
}

void compose(const struct setup *setup, enum compose what, struct text *out)
{
    text_clear(out);
    if (what == COMPOSE_FILE)
        text_add(out,
                 "# What the light shows; written by `amberbar setup`. `man amberbar.yaml` has "
                 "every key,\n# `amberbar check` finds mistakes, and `sudo systemctl reload "
                 "amberbar` takes over a change.\n");
    add_board(setup, what, out);
    add_prometheus(setup, what == COMPOSE_TRIAL, out);
    if (what == COMPOSE_TRIAL) {
        text_add(out, "\nrollouts: [{name: all, namespace: .*}]\n");
        return;
    }
    const char *rollouts = setup->rollouts.data != NULL ? setup->rollouts.data : "";
    const bool section = strncmp(rollouts, "rollouts:", strlen("rollouts:")) == 0;
    text_add(out, section ? "\n" : "\nrollouts:                     # what the bar is about\n");
    text_add(out, rollouts);
    add_indicator(setup, out);
    add_display(setup, out);
}

bool compose_accepted(const struct setup *setup, struct error *error)
{
    struct text text = {0};
    compose(setup, COMPOSE_CHECK, &text);
    struct config *config = load_made_config(&text, error);
    const bool good = config != NULL;
    config_free(config);
    text_free(&text);
    return good;
}
