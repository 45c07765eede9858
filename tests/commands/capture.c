#include "commands/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Sends a stream into a temporary file; the descriptor it had before. */
static int divert(FILE *stream, FILE **file)
{
    fflush(stream);
    int before = dup(fileno(stream));
    *file = tmpfile();
    assert_true(before >= 0);
    assert_non_null(*file);
    assert_true(dup2(fileno(*file), fileno(stream)) >= 0);
    return before;
}

static void restore(FILE *stream, int before, FILE *file, char *text, size_t size)
{
    fflush(stream);
    assert_true(dup2(before, fileno(stream)) >= 0);
    close(before);
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

struct captured capture(const struct command *command, const char *const words[4])
{
    struct captured captured;
    FILE *out;
    FILE *err;
    char *argv[5] = {0};
    int argc = 0;
    while (argc < 4 && words[argc] != NULL) {
        argv[argc] = strdup(words[argc]);
        assert_non_null(argv[argc++]);
    }
    int out_before = divert(stdout, &out);
    int err_before = divert(stderr, &err);
    captured.status = command_call(command, argc, argv);
    restore(stderr, err_before, err, captured.err, sizeof captured.err);
    restore(stdout, out_before, out, captured.out, sizeof captured.out);
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    return captured;
}
