/*
 * Runs a fuzz target over stored files: every file of every folder named on the command line; and,
 * where the target is built with structure.c, over mutants of each.
 */
#ifdef FUZZ_STRUCTURE
#include "fuzz/structure.h"
#endif

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX (2u << 20)

#ifdef FUZZ_STRUCTURE
#define MUTANTS 40       /* of each file */
#define MUTANT_ROOM 4096 /* bytes that one may be longer */

/* In libFuzzer's place: one byte is another. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
    if (size == 0 && max_size > 0)
        data[size++] = 'a';
    if (size > 0)
        data[size / 2] ^= 1;
    return size;
}

static size_t mutants, changed;

/* Mutants of mutants: each is made of the one before. */
static void try_mutants(const uint8_t *bytes, size_t size)
{
    const size_t room = size + MUTANT_ROOM;
    uint8_t *mutant = malloc(room);
    if (mutant == NULL)
        exit(2);
    memcpy(mutant, bytes, size);
    size_t length = size;
    for (unsigned seed = 0; seed < MUTANTS; seed++) {
        if (seed % 4 == 0) {
            memcpy(mutant, bytes, size);
            length = size;
        }
        length = LLVMFuzzerCustomMutator(mutant, length, room, seed);
        uint8_t *exact = malloc(length > 0 ? length : 1);
        if (exact == NULL)
            exit(2);
        memcpy(exact, mutant, length);
        LLVMFuzzerTestOneInput(exact, length);
        changed += length != size || memcmp(exact, bytes, length) != 0;
        mutants++;
        free(exact);
    }
    free(mutant);
}
#endif

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(INPUT_MAX);
    if (file == NULL || bytes == NULL) {
        perror(path);
        exit(2);
    }
    size_t size = fread(bytes, 1, INPUT_MAX, file);
    fclose(file);
    /* The target sees exactly `size` bytes, so that the sanitizer sees a read beyond them. */
    uint8_t *exact = malloc(size > 0 ? size : 1);
    for (size_t i = 0; exact != NULL && i < size; i++)
        exact[i] = bytes[i];
    free(bytes);
    int result = LLVMFuzzerTestOneInput(exact, size);
#ifdef FUZZ_STRUCTURE
    try_mutants(exact, size);
#endif
    free(exact);
    return result;
}

static size_t replay_folder(const char *folder)
{
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        perror(folder);
        exit(2);
    }
    size_t files = 0;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        replay_file(path);
        files++;
    }
    closedir(directory);
    return files;
}

int main(int argc, char **argv)
{
    size_t files = 0;
    for (int i = 1; i < argc; i++)
        files += replay_folder(argv[i]);
    printf("%zu inputs replayed\n", files);
#ifdef FUZZ_STRUCTURE
    printf("%zu mutants, %zu of them another input\n", mutants, changed);
    if (changed < mutants / 2)
        return 1;
#endif
    return files > 0 ? 0 : 1;
}
