/*
 * One error, in one sentence for the person who has to fix it: what failed, on which thing, why,
 * and what to do. Functions that can fail return bool (or a pointer) and fill a struct error of the
 * caller's; only the daemon and the commands print one.
 */
#ifndef AMBERBAR_BASE_ERROR_H
#define AMBERBAR_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

/* Bytes with the NUL; a longer text is cut with "..." at a character. */
#define ERROR_TEXT_SIZE 512

struct error {
    char text[ERROR_TEXT_SIZE]; /* empty: no error */
};

/* Writes the sentence and returns false, so that `return error_set(...)` reads as what it means. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool error_vset(struct error *error, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Puts "prefix: " before the text that is already there; returns false. */
bool error_prefix(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
