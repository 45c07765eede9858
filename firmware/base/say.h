/*
 * What commands print: lines in which nothing that somebody else has written can steer a terminal
 * or begin a line of its own. Only log.c, the terminal chip and this write to a terminal.
 */
#ifndef AMBERBAR_BASE_SAY_H
#define AMBERBAR_BASE_SAY_H

#include <stdio.h>

/* One line, made printable as a whole, with its end: a newline within it is replaced as well. */
void say_line(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for who sits there: broken between words where it does not fit into a terminal. */
void say_sentence(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* That without its end, for who answers on the same line; flushed. */
void say_prompt(FILE *to, const char *prompt);

/* The same of lines that stand together: each newline in `text` is meant. NULL: out of memory. */
void say_lines(FILE *to, const char *text);

#endif
