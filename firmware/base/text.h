/*
 * Text without surprises: bounded copies, a growing buffer, numbers that do not depend on the
 * locale, and words made safe to print.
 */
#ifndef AMBERBAR_BASE_TEXT_H
#define AMBERBAR_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Quick where most texts that are looked for differ in the first letter. */
static inline bool text_same(const char *a, const char *b)
{
    return a[0] == b[0] && strcmp(a, b) == 0;
}

/* Copies, always NUL-terminated; false when `from` did not fit (it is then cut at a character). */
bool text_copy(char *to, size_t size, const char *from);

/*
 * A whole decimal floating-point number, and nothing else, in the C locale: "5", "5.0", "1e+06",
 * "-1", "NaN", "+Inf" are read; "", " 5", "0x10", "5abc" are not; "1e400" is +Inf.
 */
bool text_number(const char *text, double *value);

/* The same for an integer in [min, max], in plain decimal digits with an optional '-'. */
bool text_integer(const char *text, int64_t min, int64_t max, int64_t *value);

/* True when the bytes are well-formed UTF-8 (RFC 3629) without NUL. */
bool text_is_utf8(const char *bytes, size_t length);

/*
 * Makes `from` printable: each character that hides or steers (character.h), and each byte of
 * invalid UTF-8, becomes "?". Cut at `size`, between characters. Whatever somebody else has written
 * (names, labels, a server's words, files, arguments) goes through here, or through a function
 * below that says so, before a person or a terminal reads it.
 */
void text_printable(char *to, size_t size, const char *from);

/* The same; where it does not fit, it ends with a whole word and "...", or with a
   piece of a very long one. */
void text_shorten(char *to, size_t size, const char *from);

/* The bytes of the first characters of `text` that are whole within `most` bytes: for "%.*s". */
size_t text_fit(const char *text, size_t most);

/*
 * The word of `words` (count of them, NULLs skipped) nearest to `word` by edits (insert, delete,
 * replace, swap), or one that it begins; NULL when none is near enough to be meant: for "did you
 * mean".
 */
const char *text_suggest(const char *word, const char *const words[], size_t count);

/* A growing buffer of text. Zero-initialise it. `failed` is set once when memory runs out. */
struct text {
    char *data; /* NUL-terminated once anything was added; may be NULL before */
    size_t length;
    size_t capacity;
    bool failed;
};

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vaddf(struct text *text, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
void text_add_shown(struct text *text, const char *string); /* printable, as above */

/* The same, as a cell of a table: at most so many columns of a terminal, filled up with spaces to
   at least so many. */
void text_add_cell(struct text *text, const char *string, size_t least, size_t most);

/*
 * A printable line, broken between words where it passes so many columns (0: nowhere): what follows
 * begins below the first word, behind spaces and the number of a list. A longer word stays whole.
 */
void text_add_wrapped(struct text *text, const char *line, size_t columns);

/* Quoted and escaped (RFC 8259): what text_printable() would replace is "\uXXXX", so that it is
   harmless where it is read as it stands, and exact where it is read as JSON. */
void text_add_json(struct text *text, const char *string);
void text_clear(struct text *text);              /* keeps the memory */
void text_cut(struct text *text, size_t length); /* to at most `length` bytes */
void text_free(struct text *text);
void text_wipe(struct text *text); /* what may be a secret is overwritten first */

#endif
