#include "config/sections/promql_check.h"

#include <string.h>

/* A string of PromQL (prometheus/promql/parser/lex.go): a line in ' or " with escapes by \, or any
   text in `. The first byte behind it, or NULL: it has no end. */
static const char *skip_string(const char *quote)
{
    const char *at = quote + 1;
    while (*at != '\0' && *at != *quote) {
        bool raw = *quote == '`';
        if (*at == '\n' && !raw)
            return NULL;
        at += *at == '\\' && !raw && at[1] != '\0' ? 2 : 1;
    }
    return *at != '\0' ? at + 1 : NULL;
}

static char closing(char bracket)
{
    static const char opening[] = "([{", closers[] = ")]}";
    return closers[strchr(opening, bracket) - opening];
}

/* Enters or leaves a bracket. `open` holds those that are to be closed. */
static bool take_bracket(char bracket, char open[static PROMQL_CHECK_DEPTH_MAX], size_t *depth,
                         struct error *error)
{
    if (strchr("([{", bracket) != NULL) {
        open[(*depth)++] = bracket;
        return true;
    }
    if (*depth == 0)
        return error_set(error, "has a '%c' that closes nothing; remove it", bracket);
    char last = open[--*depth];
    return closing(last) == bracket ||
           error_set(error, "has a '%c' where '%c' should close '%c'; correct it", bracket,
                     closing(last), last);
}

bool promql_check(const char *promql, struct error *error)
{
    char open[PROMQL_CHECK_DEPTH_MAX];
    size_t depth = 0;
    for (const char *at = promql; *(at += strcspn(at, "'\"`#()[]{}")) != '\0';) {
        if (*at == '#') {
            at += strcspn(at, "\n");
        } else if (strchr("'\"`", *at) != NULL) {
            const char *end = skip_string(at);
            if (end == NULL)
                return error_set(error, "has a string without its closing %c; add it", *at);
            at = end;
        } else if (depth == PROMQL_CHECK_DEPTH_MAX) {
            return true;
        } else if (!take_bracket(*at++, open, &depth, error)) {
            return false;
        }
    }
    return depth == 0 || error_set(error, "has a '%c' without its '%c'; add it", open[depth - 1],
                                   closing(open[depth - 1]));
}

void promql_check_query(const struct reading *reading, const struct node *map, const char *yields)
{
    struct error error = {0};
    const struct node *node = node_get(map, "query");
    if (node == NULL || node->type != NODE_SCALAR || node->broken)
        return;
    if (!node->plain && node->text[strspn(node->text, " \t\n")] == '\0')
        complain_at(reading, node, "query cannot be empty; write PromQL that yields %s", yields);
    else if (!promql_check(node->text, &error))
        complain_at(reading, node, "query %s", error.text);
}
