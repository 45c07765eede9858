/*
 * Files that were written on any computer, with any editor, by anybody: what such an editor has put
 * in without being asked is taken out before the file is read for what it says.
 */
#ifndef AMBERBAR_COMMANDS_CARD_TIDY_H
#define AMBERBAR_COMMANDS_CARD_TIDY_H

#include "base/text.h"

/*
 * Makes UTF-8 with line feeds of `bytes`: UTF-16 with a byte order mark (Windows's "Unicode") is
 * decoded, byte order marks and characters without width are left out, ends of lines of Windows and
 * of old Macs become line feeds, a space that does not break becomes a space. False: it is no text
 * (NUL, or neither of the two), and `out` holds nothing of use.
 */
bool tidy_text(const struct text *bytes, struct text *out);

/*
 * Typographic quotes as a program has them: “ ” „ « » and, but for an apostrophe within a word,
 * ‘ ’. True when there was any.
 */
bool tidy_quotes(const char *text, struct text *out);

/* Cuts white space, and one pair of quotes of any kind, from both ends, in place. */
char *tidy_word(char *word);

#endif
