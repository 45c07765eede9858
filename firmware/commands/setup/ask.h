/*
 * One answer from whoever sits at a terminal. What goes on meanwhile (lights that want their
 * picture again) does; a signal and the end of input both mean that nobody answers any more, and
 * the terminal is then as it was.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_ASK_H
#define AMBERBAR_COMMANDS_SETUP_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define ANSWER_SIZE 4096 /* what a terminal's line holds */

enum heard {
    HEARD_END,      /* nothing more will come: end of input, or a signal */
    HEARD_TOO_LONG, /* a line that does not fit; it is gone */
    HEARD_ANSWER,   /* perhaps "" */
};

struct asker {
    int in;
    FILE *out;
    int signals;              /* readable once a signal came that ends it all; -1: none */
    void (*tick)(void *what); /* called often while nobody answers; NULL: nothing to do */
    void *what;
};

/* Prints the prompt and waits for a line, without spaces around it. `secret`: it is not shown. */
enum heard ask(const struct asker *asker, const char *prompt, bool secret,
               char answer[static ANSWER_SIZE]);

/* True when the signal came. */
bool ask_interrupted(const struct asker *asker);

enum consent {
    CONSENT_UNCLEAR,
    CONSENT_NO,
    CONSENT_YES,
};

/* "y", "yes", "n", "no", however written. */
enum consent consent_of(const char *answer);

#endif
