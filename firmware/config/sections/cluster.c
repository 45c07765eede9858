/* `cluster:` of a rollout or an indicator. */
#include "config/sections/pattern.h"
#include "config/sections/sections.h"

#include <string.h>

/* A dot is no sign of a pattern: prod.example.org is a cluster's name. */
static bool is_name(const char *text)
{
    return strpbrk(text, "\\+*?()|[]{}^$") == NULL;
}

void cluster_check(const struct reading *reading, const struct node *map,
                   const struct config *config, bool exact)
{
    const struct node *node = node_get(map, "cluster");
    struct error error = {0};
    if (node == NULL || node->type != NODE_SCALAR || node->broken)
        return;
    if (config->prometheus.cluster_label[0] == '\0') {
        complain_at_key(reading, node,
                        "a cluster cannot be chosen while cluster_label is empty; name the label "
                        "there, or remove cluster");
    } else if (node->text[0] == '\0') {
        complain_at(reading, node,
                    "cluster is empty; write a cluster's name, or remove it for any");
    } else if (exact && !is_name(node->text)) {
        complain_at(reading, node,
                    "cluster cannot be a pattern for series of a query; write one cluster's name");
    } else if (!exact && !pattern_check_expression(node->text, &error)) {
        complain_at(reading, node, "cluster %s", error.text);
    }
}
