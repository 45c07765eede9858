/*
 * What a key of a file may be: the tables from which a config or board file is read, its errors are
 * worded, and its manual is made. A room that has settings declares a struct and a table of fields
 * for it; only config/ reads files.
 */
#ifndef AMBERBAR_BASE_FIELD_H
#define AMBERBAR_BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_STRING,    /* char[size]: text that fits */
    FIELD_PATH,      /* char[size]: relative names resolve against the file that names them, after
                        the service manager's credentials */
    FIELD_INTEGER,   /* int64_t in [min, max] */
    FIELD_NUMBER,    /* double in [min, max] */
    FIELD_BOOL,      /* bool: true or false */
    FIELD_DURATION,  /* int64_t milliseconds in [min, max] ms: 500ms, 5s, 2m, 1h */
    FIELD_BYTES,     /* int64_t bytes in [min, max]: 65536, 512KiB, 4MiB */
    FIELD_FREQUENCY, /* int64_t hertz in [min, max]: 400kHz, 1MHz, 8000000 */
    FIELD_PERCENT,   /* double 0..1 in [min, max]: 30%, 0.3 */
    FIELD_WORD,      /* int: the index of the word in `words` */
    FIELD_MAP,       /* a struct at `offset`, by the table `fields` */
};

struct field {
    const char *key; /* NULL ends a table */
    enum field_type type;
    bool required;
    uint32_t offset;            /* in the settings struct; offsetof() */
    uint32_t size;              /* FIELD_STRING, FIELD_PATH: of the array, with the NUL */
    double min, max;            /* inclusive, in the stored unit; both 0: any */
    const char *const *words;   /* FIELD_WORD: NULL-terminated */
    const struct field *fields; /* FIELD_MAP */
    const char *fallback;       /* the value when the key is left out, as a file would write it;
                                   NULL: the setting stays zero */
    bool guarded;               /* its map holds secrets: a key of it that is not known may be one
                                   in the wrong place, and is not repeated in a complaint */
    const char *form;           /* what "write ..." asks for, with an example; NULL: by its type */
    const char *help;           /* one sentence for the manual: meaning, unit, when to change it */
};

/* A row of a table of fields begins so: {KEY("brightness", FIELD_PERCENT, offsetof(...)), ...} */
#define KEY(word, kind, place) .key = (word), .type = (kind), .offset = (place)
#define RANGE(least, most) .min = (least), .max = (most)

/*
 * A table of X(name, kind, columns...) makes its struct as well, so that a key is one row, and no
 * member is of another type than its kind. For kinds that are no arrays and no maps.
 *
 *     struct settings {                          const struct field fields[] = {
 *         KEYS(FIELD_MEMBER)                         KEYS(SETTINGS_ROW){.key = NULL},
 *     };                                         };
 */
#define FIELD_MEMBER(name, kind, ...) MEMBER_OF_##kind name;
#define MEMBER_OF_FIELD_INTEGER int64_t
#define MEMBER_OF_FIELD_NUMBER double
#define MEMBER_OF_FIELD_BOOL bool
#define MEMBER_OF_FIELD_DURATION int64_t
#define MEMBER_OF_FIELD_BYTES int64_t
#define MEMBER_OF_FIELD_FREQUENCY int64_t
#define MEMBER_OF_FIELD_PERCENT double
#define MEMBER_OF_FIELD_WORD int

#endif
