#include "prometheus/promql/promql.h"

#include <string.h>

static const char special[] = "\\.+*?()|[]{}^$"; /* to RE2 */

bool promql_is_plain(const char *name)
{
    return strpbrk(name, special) == NULL;
}

void promql_add_alternative(struct text *pattern, const char *name)
{
    if (pattern->length > 0)
        text_add(pattern, "|");
    for (const char *c = name; *c != '\0'; c++) {
        if (strchr(special, *c) != NULL)
            text_add(pattern, "\\");
        text_add_bytes(pattern, c, 1);
    }
}

/* A string literal of PromQL: the escapes of Go's, which it shares (prometheus/util/strutil). */
static void add_literal(struct text *out, const char *string)
{
    text_add(out, "\"");
    for (const char *c = string; *c != '\0'; c++)
        if (*c == '"' || *c == '\\')
            text_addf(out, "\\%c", *c);
        else if ((unsigned char)*c < 0x20 || *c == 0x7F)
            text_addf(out, "\\x%02x", (unsigned)*c);
        else
            text_add_bytes(out, c, 1);
    text_add(out, "\"");
}

/* Prometheus 3 takes any UTF-8 as a label's name when it is quoted; older ones know bare names
 * only. */
void promql_add_label(struct text *out, const char *label)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    bool bare = strspn(label, letters) == strlen(label) && (*label < '0' || *label > '9');
    if (bare)
        text_add(out, label);
    else
        add_literal(out, label);
}

static void add_matcher(struct text *out, const char *label, const char *name)
{
    promql_add_label(out, label);
    text_add(out, promql_is_plain(name) ? "=" : "=~");
    add_literal(out, name);
}

void promql_add_own_label(struct text *out, const char *label)
{
    struct text other = {0};
    text_add(&other, LABELS_EXPORTED);
    text_add(&other, label);
    promql_add_label(out, label);
    text_add(out, ",");
    if (!other.failed)
        promql_add_label(out, other.data);
    out->failed |= other.failed;
    text_free(&other);
}

void promql_add_identity(struct text *out, const struct query_terms *terms, enum workload_kind kind)
{
    promql_add_own_label(out, labels_namespace(&terms->labels, kind, terms->namespace_label));
    text_add(out, ",");
    promql_add_own_label(out, labels_name(&terms->labels, kind));
}

void promql_add_equals(struct text *out, const char *label, const char *value)
{
    promql_add_label(out, label);
    text_add(out, "=");
    add_literal(out, value);
}

void promql_add_matchers(struct text *out, const struct query_terms *terms,
                         const struct selection *selection, enum workload_kind kind)
{
    if (selection->cluster != NULL) {
        add_matcher(out, terms->cluster_label, selection->cluster);
        text_add(out, ",");
    }
    add_matcher(out, labels_namespace(&terms->labels, kind, terms->namespace_label),
                selection->namespace_);
    if (selection->name == NULL)
        return;
    text_add(out, ",");
    add_matcher(out, labels_name(&terms->labels, kind), selection->name);
}

void promql_add_expanded(struct text *out, const char *template, const char *matchers)
{
    for (const char *at; (at = strchr(template, '@')) != NULL; template = at + 1) {
        text_add_bytes(out, template, (size_t)(at - template));
        text_add(out, matchers);
    }
    text_add(out, template);
}

void promql_begin_mark(struct text *out)
{
    text_add(out, "label_replace(");
}

void promql_end_mark(struct text *out, const char *label, const char *value)
{
    text_addf(out, ",\"%s\",\"%s\",\"\",\"\")", label, value);
}

void promql_end_selection(struct text *out, size_t index)
{
    text_addf(out, ",\"%s\",\"%zu\",\"\",\"\")", QUERY_SELECTION_LABEL, index);
}

void promql_add_or(struct text *out, size_t start)
{
    if (out->length > start)
        text_add(out, " or ");
}
