/*
 * Writes the rules of tools/prometheus/amberbar.rules.yml from the tables by which amberbar asks
 * (evidence/kind.h, prometheus/promql/kind.h): `rules_manual FILE` renews what stands behind the
 * file's own comment. With --check it compares instead: 0 when the file is what it would write.
 */
#include "base/text.h"
#include "evidence/row.h"
#include "prometheus/promql/kind.h"
#include "prometheus/promql/labels.h"

#include <stdio.h>
#include <string.h>

static const char beginning[] = "groups:\n  - name: amberbar\n    rules:\n";

/* A condition on lines of its own, without the places of matchers, and with room to read. */
static void add_condition(struct text *out, const char *at)
{
    static const struct {
        const char *is, *written;
    } parts[] = {
        {"{@}", ""},
        {",@}", "}"},
        {" and ", "\n          and "},
        {" unless ", "\n          unless "},
        {">=", " >= "},
        {"==", " == "},
        {"+", " + "},
        {">", " > "},
        {"ignoring(", "ignoring ("},
    };
    while (*at != '\0') {
        size_t part = 0;
        while (part < sizeof parts / sizeof parts[0] &&
               strncmp(at, parts[part].is, strlen(parts[part].is)) != 0)
            part++;
        if (part < sizeof parts / sizeof parts[0]) {
            text_add(out, parts[part].written);
            at += strlen(parts[part].is);
        } else {
            text_add_bytes(out, at++, 1);
        }
    }
}

static void begin_rule(struct text *out, enum workload_kind kind, enum survey_rule rule)
{
    text_addf(out,
              "      - record: amberbar:workloads:%s\n        labels: {kind: %s}\n        expr: "
              ">-\n          ",
              survey_rule_name(rule), kind_name(kind));
}

static void add_kind(struct text *out, enum workload_kind kind)
{
    const char *heartbeat = kind_metrics(kind)->heartbeat, *name = kind_query(kind)->name_label;
    begin_rule(out, kind, RULE_COUNT);
    text_addf(out,
              "count by (cluster, namespace) (count by (cluster, namespace, %s)\n          (%s))\n",
              name, heartbeat);
    begin_rule(out, kind, RULE_OLDEST);
    text_addf(out, "min by (cluster, namespace) (timestamp(%s))\n", kind_query(kind)->pulse);
    begin_rule(out, kind, RULE_ROWS);
    text_addf(out, "count without (%s, " LABELS_EXPORTED "%s) (%s)\n", name, name, heartbeat);
    begin_rule(out, kind, RULE_SETTLED);
    text_addf(out, "count without (%s, " LABELS_EXPORTED "%s) (\n          ", name, name);
    add_condition(out, kind_query(kind)->settled);
    text_add(out, ")\n");
    begin_rule(out, kind, RULE_UNSETTLED);
    text_addf(out, "%s unless (\n          ", heartbeat);
    add_condition(out, kind_query(kind)->settled);
    text_add(out, ")\n");
}

static bool read_file(const char *path, struct text *into)
{
    char bytes[4096];
    size_t count;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
        text_add_bytes(into, bytes, count);
    return fclose(file) == 0 && !into->failed;
}

static bool write_file(const char *path, const struct text *text)
{
    FILE *file = fopen(path, "w");
    bool good = file != NULL && fwrite(text->data, 1, text->length, file) == text->length;
    return file != NULL && fclose(file) == 0 && good;
}

int main(int argc, char **argv)
{
    const bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
    const char *path = argv[argc - 1], *rules;
    struct text is = {0}, made = {0};
    if ((argc != 2 && !check) || !read_file(path, &is) ||
        (rules = strstr(is.data, beginning)) == NULL) {
        fprintf(stderr, "rules_manual: [--check] FILE, with a comment and 'groups:'\n");
        return 2;
    }
    text_add_bytes(&made, is.data, (size_t)(rules - is.data));
    text_add(&made, beginning);
    for (enum workload_kind kind = 0; kind < KIND_COUNT; kind++) {
        text_add(&made, kind == 0 ? "" : "\n");
        add_kind(&made, kind);
    }
    bool good = !made.failed && (check ? strcmp(is.data, made.data) == 0 : write_file(path, &made));
    if (!good)
        fprintf(stderr, "%s %s\n", path,
                check
                    ? "is not what the tables say; `cmake --build BUILD --target manual` renews it"
                    : "cannot be written");
    text_free(&is);
    text_free(&made);
    return good ? 0 : 1;
}
