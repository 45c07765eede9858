#include "config/sections/references.h"

#include <string.h>

static const char *word_of(enum referent what)
{
    return what == REFERENT_ROLLOUT ? "rollout" : "indicator";
}

static const char *name_of(const struct config *config, enum referent what, size_t index)
{
    return what == REFERENT_ROLLOUT ? config->rollouts[index].name : config->indicators[index].name;
}

static size_t count_of(const struct config *config, enum referent what)
{
    return what == REFERENT_ROLLOUT ? config->rollout_count : config->indicator_count;
}

/* True when one of the first `count` is called `name`; then `node` was complained about. */
static bool is_taken(const struct reading *reading, const struct node *node,
                     const struct config *config, enum referent what, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name_of(config, what, i), node->text) == 0) {
            complain_at(reading, node, "there is %s %s called %s already; give each its own name",
                        what == REFERENT_ROLLOUT ? "a" : "an", word_of(what), node->text);
            return true;
        }
    }
    return false;
}

void references_check_name(const struct reading *reading, const struct node *node,
                           const struct config *config, enum referent what, size_t index)
{
    const char *name = name_of(config, what, index);
    if (node == NULL || name[0] == '\0')
        return;
    if (strpbrk(name, "\n\t\r") != NULL || name[0] == ' ' || name[strlen(name) - 1] == ' ') {
        complain_at(reading, node,
                    "name begins or ends with a space, or has several lines; write "
                    "a short name such as shop");
    }
    if (!is_taken(reading, node, config, what, index) && what == REFERENT_INDICATOR)
        is_taken(reading, node, config, REFERENT_ROLLOUT, config->rollout_count);
}

bool references_find(const struct reading *reading, const struct node *node, const char *name,
                     const struct config *config, enum referent what, size_t *index)
{
    const char *names[CONFIG_ROLLOUTS_MAX + CONFIG_INDICATORS_MAX];
    char advice[DIAGNOSE_ADVICE_SIZE];
    size_t count = 0;
    size_t all = count_of(config, what);
    for (size_t i = 0; i < all; i++) {
        if (strcmp(name_of(config, what, i), name) == 0) {
            *index = i;
            return true;
        }
        if (name_of(config, what, i)[0] != '\0')
            names[count++] = name_of(config, what, i);
    }
    if (count < all) /* one has lost its name, which was complained about */
        return false;
    if (count == 0) {
        complain_at(reading, node, "there is no %s; list it under %ss", word_of(what),
                    word_of(what));
        return false;
    }
    diagnose_advise(advice, name, names, count);
    complain_at(reading, node, "there is no %s '%.*s'; %s", word_of(what), reading_shown(name),
                name, advice);
    return false;
}
