#include "config/schema/keys.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define KEYS_MAX 64    /* of one map */
#define KEYS_LISTED 10 /* in a complaint; more are the manual's */

static size_t collect_keys(const struct keys groups[], size_t count, const char *names[KEYS_MAX])
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        for (const struct field *f = groups[i].fields; f != NULL && f->key != NULL; f++) {
            assert(found < KEYS_MAX);
            names[found++] = f->key;
        }
        for (const struct section *s = groups[i].sections; s != NULL && s->key != NULL; s++) {
            assert(found < KEYS_MAX);
            names[found++] = s->key;
        }
    }
    return found;
}

static bool is_among(const char *word, const char *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

/* True where secrets stand. */
static bool is_guarded(const struct keys groups[], size_t count)
{
    bool guarded = false;
    for (size_t i = 0; i < count; i++) {
        for (const struct field *f = groups[i].fields; f != NULL && f->key != NULL; f++)
            guarded = guarded || f->guarded;
        for (const struct section *s = groups[i].sections; s != NULL && s->key != NULL; s++)
            guarded = guarded || s->guarded;
    }
    return guarded;
}

/* Keys that are soon written in another map than theirs. Being known they hold no secret. */
static const struct {
    const char *key, *place;
} elsewhere[] = {
    {"max_age", "a rollout"},
    {"stall_after", "a rollout"},
    {"forget_after", "a rollout"},
    {"degraded_after", "a rollout"},
    {"hold_after", "a rollout"},
    {"namespace", "a rollout"},
    {"deployment", "a rollout"},
    {"poll_interval", "prometheus"},
    {"timeout", "prometheus"},
    {"namespace_label", "prometheus"},
    {"cluster_label", "prometheus"},
    {"brightness", "display"},
    {"night", "display"},
};

/* The map within this one that has the key. */
static const char *inner_place(const char *key, const struct keys groups[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (const struct field *map = groups[i].fields; map != NULL && map->key != NULL; map++)
            for (const struct field *f = map->fields; f != NULL && f->key != NULL; f++)
                if (strcmp(f->key, key) == 0)
                    return map->key;
    return NULL;
}

/* NULL: of none that is known. */
static const char *place_of(const char *key, const struct keys groups[], size_t count)
{
    const char *inner = inner_place(key, groups, count);
    if (inner != NULL)
        return inner;
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        if (strcmp(elsewhere[i].key, key) == 0)
            return elsewhere[i].place;
    return NULL;
}

/* Words for what has another name here, where there is a key of that name. */
static const struct {
    const char *word, *key;
} meanings[] = {
    {"address", "url"},
    {"endpoint", "url"},
    {"host", "url"},
    {"server", "url"},
    {"target", "url"},
    {"auth", "basic_auth"},
    {"login", "basic_auth"},
    {"pass", "basic_auth"},
    {"passwd", "basic_auth"},
    {"user", "basic_auth"},
    {"api_key", "authorization"},
    {"apikey", "authorization"},
    {"bearer", "authorization"},
    {"token", "authorization"},
    {"token_file", "authorization"},
    {"cacert", "tls_config"},
    {"certificate", "tls_config"},
    {"insecure", "tls_config"},
    {"ssl", "tls_config"},
    {"tls", "tls_config"},
    {"verify", "tls_config"},
    {"org_id", "http_headers"},
    {"tenant", "http_headers"},
    {"x-scope-orgid", "http_headers"},
    {"interval", "poll_interval"},
    {"scrape_interval", "poll_interval"},
    {"refresh", "poll_interval"},
    {"proxy", "proxy_url"},
    {"ns", "namespace"},
    {"project", "namespace"},
    {"expr", "query"},
    {"promql", "query"},
    {"warn", "warning"},
    {"crit", "critical"},
    {"error", "critical"},
    {"leds", "pixels"},
    {"length", "pixels"},
    {"type", "chip"},
    {"driver", "chip"},
};

/* NULL: no key that there is. */
static const char *meant_by(const char *word, const char *const names[], size_t known)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (strcasecmp(meanings[i].word, word) == 0 && is_among(meanings[i].key, names, known))
            return meanings[i].key;
    return NULL;
}

/* True when it is nearly a key that there is, or another word for one. */
static bool advise(const struct reading *reading, const char *key, const char *const names[],
                   size_t known, char advice[static DIAGNOSE_ADVICE_SIZE])
{
    const char *meant = meant_by(key, names, known);
    if (meant != NULL)
        snprintf(advice, DIAGNOSE_ADVICE_SIZE, "did you mean '%s'?", meant);
    else if (known <= KEYS_LISTED || text_suggest(key, names, known) != NULL)
        return diagnose_advise(advice, key, names, known);
    else
        snprintf(advice, DIAGNOSE_ADVICE_SIZE, "%s lists those that there are", reading->manual);
    return meant != NULL;
}

/* Spaces that YAML takes for letters: no-break, of a typographer's width, ideographic. */
static bool has_odd_blank(const char *key)
{
    static const char *const blanks[] = {"\u00a0", "\u2002", "\u2003", "\u2009",
                                         "\u200b", "\u202f", "\u3000", "\ufeff"};
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
        if (strstr(key, blanks[i]) != NULL)
            return true;
    return false;
}

/* "password:SECRET" within braces is a key as a whole: what follows the name of one is never
   repeated. Where secrets are, a key is named only when it is nearly one that there is. */
static void refuse_key(const struct reading *reading, const struct node *node,
                       const struct keys groups[], size_t count)
{
    const char *names[KEYS_MAX];
    const size_t known = collect_keys(groups, count, names);
    const char *place = place_of(node->key, groups, count);
    char advice[DIAGNOSE_ADVICE_SIZE];
    char key[DIAGNOSE_SHOWN + 1];
    size_t length = strcspn(node->key, ":= \t\n");
    size_t shown = text_fit(node->key, length < DIAGNOSE_SHOWN ? length : DIAGNOSE_SHOWN);
    snprintf(key, sizeof key, "%.*s", (int)shown, node->key);
    if (node->key[length] == ':' && is_among(key, names, known)) {
        complain_at_key(reading, node, "a space is missing after '%s:'; add it", key);
        return;
    }
    if (place != NULL) {
        complain_at_key(reading, node, "unknown key '%s' here: it is one of %s; move it there",
                        node->key, place);
        return;
    }
    const bool is_meant = advise(reading, node->key, names, known, advice);
    if (has_odd_blank(node->key))
        complain_at_key(
            reading, node,
            "a blank in this key is none of the keyboard's (U+00A0, perhaps pasted from a "
            "page); write it anew");
    else if (is_guarded(groups, count) && !is_meant)
        complain_at_key(reading, node, "unknown key; %s", advice);
    else
        complain_at_key(reading, node, "unknown key '%s'; %s", key, advice);
}

/* "8-12" of {pixels: 0-5,8-12}: a key without a value. */
static bool is_torn_off(const struct node *node)
{
    return node->type == NODE_SCALAR && node->plain && node->text[0] == '\0' &&
           node->key[0] != '\0' && node->key[strspn(node->key, "0123456789-")] == '\0';
}

/* A comma within braces ends a value. Tells what was meant, and how many entries it took. */
static size_t refuse_torn(const struct reading *reading, const struct node *map, size_t index)
{
    const struct node *value = &map->children[index - 1];
    char whole[DIAGNOSE_SHOWN * 2];
    size_t count = 0;
    size_t length =
        (size_t)snprintf(whole, sizeof whole, "%.*s", reading_shown(value->text), value->text);
    while (index + count < map->count && is_torn_off(&map->children[index + count])) {
        const char *key = map->children[index + count++].key;
        if (length < sizeof whole)
            length += (size_t)snprintf(whole + length, sizeof whole - length, ",%s", key);
    }
    complain_at_key(reading, &map->children[index],
                    "within { } a comma ends a value; put it in quotes: %.*s: \"%s\"",
                    reading_shown(value->key), value->key, whole);
    return count;
}

void keys_check(const struct reading *reading, const struct node *map, const struct keys groups[],
                size_t count)
{
    const char *names[KEYS_MAX];
    size_t known = collect_keys(groups, count, names);
    bool guarded = is_guarded(groups, count);
    for (size_t i = 0; i < map->count; i++) {
        const struct node *node = &map->children[i];
        if (is_among(node->key, names, known))
            continue;
        if (!guarded && i > 0 && is_torn_off(node) && node[-1].type == NODE_SCALAR)
            i += refuse_torn(reading, map, i) - 1;
        else
            refuse_key(reading, node, groups, count);
    }
}

bool keys_lack(const struct node *map, const char *key, const struct keys groups[], size_t count)
{
    const char *names[KEYS_MAX];
    size_t known = collect_keys(groups, count, names);
    for (size_t i = 0; i < map->count; i++) {
        const char *given = map->children[i].key;
        bool mistyped = !is_among(given, names, known);
        const char *meant = mistyped ? meant_by(given, names, known) : given;
        meant = meant != NULL ? meant : text_suggest(given, names, known);
        if (meant != NULL && strcmp(meant, key) == 0)
            return false;
    }
    return true;
}

bool keys_run_together(const struct reading *reading, const struct node *node,
                       const struct keys groups[], size_t count)
{
    const char *names[KEYS_MAX];
    char key[DIAGNOSE_SHOWN];
    const char *colon = node->type == NODE_SCALAR && node->plain ? strchr(node->text, ':') : NULL;
    if (node->broken || colon == NULL || colon - node->text >= DIAGNOSE_SHOWN)
        return false;
    snprintf(key, sizeof key, "%.*s", (int)(colon - node->text), node->text);
    if (!is_among(key, names, collect_keys(groups, count, names)))
        return false;
    complain_at(reading, node, "a space is missing after '%s:'; add it", key);
    return true;
}
