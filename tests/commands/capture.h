/*
 * What a command prints, as text.
 */
#ifndef AMBERBAR_TESTS_COMMANDS_CAPTURE_H
#define AMBERBAR_TESTS_COMMANDS_CAPTURE_H

struct captured {
    int status;
    char out[8192]; /* standard output */
    char err[8192]; /* standard error */
};

/* Runs a command with up to four words, the first its own name; NULLs end them. */
struct captured capture(int (*command)(int argc, char **argv), const char *const words[4]);

#endif
