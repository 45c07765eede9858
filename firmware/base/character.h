/*
 * Single characters of UTF-8 (RFC 3629): where each ends, whether a person sees it, and how much
 * room it takes.
 */
#ifndef AMBERBAR_BASE_CHARACTER_H
#define AMBERBAR_BASE_CHARACTER_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the well-formed character at `bytes`, of which `left` follow; 0 when there is none.
   NUL is none. */
size_t character_length(const char *bytes, size_t left);

/* The code point of the well-formed character of `length` bytes. */
unsigned character_code(const char *bytes, size_t length);

/*
 * True for what may steer a terminal, forge a line, hide text or turn its direction around:
 * controls (C0, DEL, C1), line and paragraph separators, bidirectional controls, characters without
 * any width of their own (Unicode's Default_Ignorable_Code_Point but the variation selectors, which
 * choose between two pictures of a sign), and noncharacters.
 */
bool character_is_hidden(unsigned code);

/* Columns on a terminal: 0 for a combining mark, 2 for East Asian wide signs and pictures, else 1
   (Unicode Standard Annex 11). */
size_t character_columns(unsigned code);

#endif
