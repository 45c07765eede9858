/*
 * Writes the keys of amberbar.yaml(5), as roff, from the tables by which config files are read.
 * tools/manual/pages puts them into the page.
 */
#include "config/sections/sections.h"
#include "config/yaml/values.h"

#include <stdio.h>
#include <string.h>

#define FORM_SIZE 256

/* Keys that are lists or words with a grammar of their own, which no table of fields describes. */
struct words {
    const char *key;
    const char *form; /* NULL: a list of kinds */
    const char *help;
};

static const struct words top_words[] = {
    {"board", "a name or a path",
     "The lights: a name that `amberbar boards` lists, or the path "
     "of a board file of yours, see amberbar-board(5)."},
    {"prometheus", "its keys", "Where Prometheus is, and who we are to it."},
    {"rollouts", "a list", "What the bar is about."},
    {"indicators", "a list", "Health beside the bar: any PromQL with thresholds."},
    {"display", "its keys", "How it is shown."},
    {0},
};

#define PROXY_WORDS                                                                           \
    {                                                                                         \
        "proxy_connect_header", "names and values",                                           \
            "Headers for the proxy itself, on the way to an https address; they are secrets." \
    }

static const struct words prometheus_words[] = {
    PROXY_WORDS,
    {"oauth2", "its keys", "A token from a token server, as in Prometheus's http_config."},
    {"http_headers", "names and values",
     "Headers that each request carries: X-Scope-OrgID: wall, or with a list of values, or with "
     "the keys that follow."},
    {"http_headers: NAME: values", "a list of values", "Values of the header."},
    {"http_headers: NAME: secrets", "a list of values", "Values that are secrets."},
    {"http_headers: NAME: files", "a list of files' names",
     "Files that hold one value each; read anew before each poll."},
    {"extra_params", "names and values",
     "Parameters that each query carries, each a value or a list of them: {nocache: \"1\"}. They "
     "stand in the address, where some proxies look for them, and so in the logs of servers."},
    {"labels", "its keys",
     "The labels of those kinds that have their own: where a target has a label of the same name "
     "and is scraped without honor_labels, workloads' own are there as exported_NAME. "
     "With recording_rules the kinds of one rollout have the same label for their namespace."},
    {0},
};

static const struct words oauth2_words[] = {
    PROXY_WORDS,
    {"scopes", "a list of scopes", "What the token shall be good for: [metrics.read]."},
    {"endpoint_params", "names and values", "Parameters that the token server wants besides."},
    {0},
};

static const struct words rollout_words[] = {
    {"kinds", NULL, "Which kinds of a whole namespace; Deployment alone when it is left out."},
    {0},
};

static const struct words indicator_words[] = {
    {"explained_by", "a list of rollouts' names",
     "While one of them runs, and for grace after it, the indicator is explained."},
    {0},
};

static const struct words display_words[] = {
    {"segments", "a list", "Which pixels show what; one bar over all when it is left out."},
    {"colours", "names and colours",
     "Other colours for stable, progressing, warning, failed, stalled, degraded, thinned, paused, "
     "scaled_to_zero or unknown: {stable: \"#0072b2\"}."},
    {"night", "its keys", "When it is night, and how dark."},
    {0},
};

static const struct part {
    const char *title;
    const struct words *words;
    const struct field *fields[2];
} parts[] = {
    {"The file", top_words, {config_fields}},
    {"prometheus", prometheus_words, {prometheus_fields, proxy_fields}},
    {"prometheus: oauth2", oauth2_words, {oauth2_fields, proxy_fields}},
    {"prometheus: labels", NULL, {labels_fields}},
    {"rollouts, each", rollout_words, {rollout_fields}},
    {"indicators, each", indicator_words, {indicator_fields}},
    {"display", display_words, {display_fields, wall_fields}},
    {"display: segments, each", NULL, {segment_fields, layout_fields}},
    {"display: night", NULL, {night_fields}},
};

/* Text as roff takes it. */
static void print_text(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (*c == '\\')
            printf("\\e");
        else if (*c == '-')
            printf("\\-");
        else if (*c == '"')
            printf("\\(dq"); /* within an argument, the plain one would end it */
        else if (*c == '\n')
            printf(" ");
        else
            printf(c == text && (*c == '.' || *c == '\'') ? "\\&%c" : "%c", *c);
}

static void print_key(const char *prefix, const char *key, const char *form)
{
    printf(".TP\n.BR \"");
    print_text(prefix);
    print_text(key);
    printf("\" \": ");
    print_text(form);
    printf("\"\n");
}

static void describe(const struct field *field, char *out, size_t size)
{
    static const char *const forms[] = {
        [FIELD_STRING] = "text",        [FIELD_PATH] = "a file's name",
        [FIELD_INTEGER] = "a number",   [FIELD_NUMBER] = "a number",
        [FIELD_BOOL] = "true or false", [FIELD_DURATION] = "a duration",
        [FIELD_BYTES] = "a size",       [FIELD_FREQUENCY] = "a frequency",
        [FIELD_PERCENT] = "a share",    [FIELD_WORD] = "",
        [FIELD_MAP] = "its keys"};
    char least[VALUE_TEXT_SIZE], most[VALUE_TEXT_SIZE];
    if (field->form != NULL) {
        snprintf(out, size, "%s", field->form);
        return;
    }
    size_t length = (size_t)snprintf(out, size, "%s", forms[field->type]);
    for (size_t i = 0; field->type == FIELD_WORD && field->words[i] != NULL; i++)
        length += (size_t)snprintf(out + length, size - length, "%s%s", i > 0 ? ", " : "",
                                   field->words[i]);
    if (field->min < 0 || field->max > 0) {
        value_write(field->type, field->min, least);
        value_write(field->type, field->max, most);
        snprintf(out + length, size - length, ", %s to %s", least, most);
    }
}

static void print_field(const char *prefix, const struct field *field)
{
    char form[512];
    describe(field, form, sizeof form);
    print_key(prefix, field->key, form);
    print_text(field->help != NULL ? field->help : "");
    if (field->required)
        printf(" Must be there.");
    else if (field->fallback != NULL && field->fallback[0] != '\0') {
        printf(" Left out: ");
        print_text(field->fallback);
        printf(".");
    }
    printf("\n");
}

static void print_fields(const struct field *fields)
{
    for (const struct field *field = fields; field != NULL && field->key != NULL; field++) {
        char prefix[64];
        print_field("", field);
        snprintf(prefix, sizeof prefix, "%s: ", field->key);
        for (const struct field *inner = field->type == FIELD_MAP ? field->fields : NULL;
             inner != NULL && inner->key != NULL; inner++)
            print_field(prefix, inner);
    }
}

int main(void)
{
    char form[FORM_SIZE];
    snprintf(form, sizeof form, "a list of %s", KIND_LIST);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        printf(".SS ");
        print_text(parts[i].title);
        printf("\n");
        for (size_t j = 0; j < 2; j++)
            print_fields(parts[i].fields[j]);
        for (const struct words *word = parts[i].words; word != NULL && word->key != NULL; word++) {
            print_key("", word->key, word->form != NULL ? word->form : form);
            print_text(word->help);
            printf("\n");
        }
    }
    return 0;
}
