/*
 * Reading one file: complaints at its nodes, in sentences that all read alike.
 */
#ifndef AMBERBAR_CONFIG_SCHEMA_DIAGNOSE_H
#define AMBERBAR_CONFIG_SCHEMA_DIAGNOSE_H

#include "config/yaml/tree.h"

struct reading {
    const char *file; /* its name in complaints; its relative paths begin in its directory */
    struct complaints *complaints;
    const char *manual; /* the page that lists its keys */
};

#define MANUAL_CONFIG "amberbar.yaml(5)"
#define MANUAL_BOARD "amberbar-board(5)"

#define DIAGNOSE_SHOWN 60 /* bytes of a wrong value or key that a complaint repeats */

/* So many bytes of it, whole characters, for "%.*s". */
int reading_shown(const char *text);

/* At a node's value, or at its key. */
void complain_at(const struct reading *reading, const struct node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void complain_at_key(const struct reading *reading, const struct node *node, const char *format,
                     ...) __attribute__((format(printf, 3, 4)));

/*
 * At the entry of `map` whose key begins the sentence ("max_ma is ...", "url: ..."), and at one
 * within it whose key comes next ("basic_auth: password_file: ..."); or at the map: for the
 * sentences of rooms that know settings but no files.
 */
const struct node *node_about(const struct node *map, const char *sentence);
void complain_about(const struct reading *reading, const struct node *map, const char *sentence);

/* True when the node is of `type`; else complains: KEY cannot be what it is; write `form`. */
bool node_is(const struct reading *reading, const struct node *node, enum node_type type,
             const char *form);

#define DIAGNOSE_ADVICE_SIZE 1024

/*
 * The word that a mistyped name of a part means: the same but for capitals, or one that is near and
 * has the same numbers. Two part numbers are two parts, however near: tm1638 is no tm1637. NULL:
 * none.
 */
const char *diagnose_part(const char *word, const char *const words[], size_t count);

/* What to write instead of `word`: "did you mean 'x'?", or "write a, b or c" and false when
   none is near. */
bool diagnose_advise(char out[static DIAGNOSE_ADVICE_SIZE], const char *word,
                     const char *const words[], size_t count);

/* "write a, b or c" */
void diagnose_list(char out[static DIAGNOSE_ADVICE_SIZE], const char *const words[], size_t count);

/* `name` as seen from the directory of `file` (NULL: from here); false when it does not fit. */
bool path_resolve(const char *file, const char *name, char *out, size_t size);

/*
 * A file that the service manager hands over under this plain name (systemd.exec(5), CREDENTIALS);
 * false when there is none, or it does not fit.
 */
bool path_credential(const char *name, char *out, size_t size);

#endif
