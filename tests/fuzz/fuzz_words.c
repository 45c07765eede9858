/*
 * Words on the command line, one a line, through the program's own table of commands: those that
 * only read. What they print goes nowhere.
 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

int amberbar_main(int argc, char **argv); /* the program's, by another name */

#define main amberbar_main
#include "main.c"
#undef main

#define WORDS_MAX 12

/* It plays no picture, asks nobody, and writes no file. */
static bool is_harmless(int count, char **words)
{
    static const char *const readers[] = {"check", "encode", "boards", "--help", "--version"};
    bool harmless = count < 2 || strcmp(words[count - 1], "--help") == 0;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
        harmless |= count >= 2 && strcmp(words[1], readers[i]) == 0;
    for (int i = 0; i < count; i++) /* of all files only those beside it: no pipe, no terminal */
        harmless &= strchr(words[i], '/') == NULL;
    return harmless;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char program[] = "amberbar", *words[WORDS_MAX + 2] = {program};
    FILE *const printed[] = {stdout, stderr};
    int count = 1;
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    for (char *rest = text, *word; count <= WORDS_MAX && (word = strsep(&rest, "\n")) != NULL;)
        words[count++] = word;
    if (is_harmless(count, words)) {
        stdout = stderr = fopen("/dev/null", "w");
        must(stdout != NULL);
        int status = amberbar_main(count, words);
        must(status >= EXIT_STATUS_OK && status <= EXIT_STATUS_USAGE);
        fclose(stdout);
        stdout = printed[0];
        stderr = printed[1];
    }
    free(text);
    return 0;
}
