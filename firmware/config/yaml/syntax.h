/*
 * What is wrong with a file that is no YAML, in words for the person who wrote it.
 */
#ifndef AMBERBAR_CONFIG_YAML_SYNTAX_H
#define AMBERBAR_CONFIG_YAML_SYNTAX_H

#include "config/yaml/complaint.h"

/* What a YAML parser says, in libyaml's words; positions from 1. */
struct syntax_fault {
    const char *problem;
    const char *context; /* "while scanning a tag"; "" for none, then its place is the problem's */
    size_t line, column;
    size_t context_line, context_column; /* where the construct began */
};

/* One sentence about the fault in the text `bytes`. */
void syntax_complain(struct complaints *complaints, const char *name, const char *bytes,
                     size_t length, const struct syntax_fault *fault);

/*
 * The bytes before any parsing: false, with a complaint that names byte, line and column, when one
 * is NUL, a control character that YAML forbids, or no UTF-8.
 */
bool syntax_check_bytes(struct complaints *complaints, const char *name, const char *bytes,
                        size_t length);

#endif
