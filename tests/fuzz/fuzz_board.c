/*
 * Any bytes as a board file: a board whose chips can tell their sizes, or complaints.
 */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_board(const struct board *board)
{
    if (board->output_count == 0 || board_pixels(board) > FRAME_PIXELS_MAX ||
        board_digits(board) >= FRAME_TEXT_SIZE)
        abort();
    for (size_t i = 0; i < board->output_count; i++) {
        const struct output_settings *output = &board->outputs[i];
        bool fits = (output->chip->buses & BUS_BIT(output->bus.kind)) != 0;
        if (!fits || output->name[0] == '\0' || bus_word(output->bus.kind)[0] == '?')
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct board board;
    struct complaints complaints = {0};
    int file = memfd_create("board", MFD_CLOEXEC);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    bool good = board_read(path, NULL, &board, &complaints);
    if (good != (complaints.count == 0))
        abort();
    if (good)
        check_board(&board);
    board_free(&board);
    complaints_free(&complaints);
    close(file);
    return 0;
}
