#include "lights.h"

#include "base/table.h"
#include "commands/common/view.h"

#include <stdio.h>

enum kind { KIND_STRIP, KIND_MATRIX, KIND_DIGITS, KIND_LAMPS, KIND_USB, KIND_NETWORK, KIND_NONE };

static const char *title_of(enum kind kind)
{
    switch (kind) {
        ROW(KIND_STRIP, "Strips and bars");
        ROW(KIND_MATRIX, "Matrices");
        ROW(KIND_DIGITS, "Digits and letters");
        ROW(KIND_LAMPS, "Traffic lights, towers and single lights");
        ROW(KIND_USB, "On USB");
        ROW(KIND_NETWORK, "In the network");
        ROW(KIND_NONE, "With no lights at all");
    }
    NO_OTHER_ROW;
}

/* By where its first output hangs, else by what it shows. */
static enum kind kind_of(const struct board *board)
{
    const struct output_settings *first = &board->outputs[0];
    struct picture_settings picture = {0};
    board_fit_picture(board, &picture);
    const struct view view = view_of(board, picture.width);
    if (first->bus.kind == BUS_HIDRAW)
        return KIND_USB;
    if (first->bus.kind == BUS_UDP)
        return KIND_NETWORK;
    if (first->bus.kind == BUS_FILE)
        return KIND_NONE;
    if (first->chip->lamps)
        return KIND_LAMPS;
    if (view.width > 0)
        return KIND_MATRIX;
    return view.digits > 0 ? KIND_DIGITS : KIND_STRIP;
}

static bool add_board(struct text lists[static KIND_NONE + 1], const char *name)
{
    struct board board;
    struct complaints complaints = {0};
    bool good = board_read(name, NULL, &board, &complaints);
    if (good) {
        struct text *list = &lists[kind_of(&board)];
        text_addf(list, "%s %s (`%s`)", list->length > 0 ? "," : "", board.title, name);
    } else {
        fputs(complaints.text.data != NULL ? complaints.text.data : "no memory\n", stderr);
    }
    complaints_free(&complaints);
    board_free(&board);
    return good;
}

bool lights_add(struct text *out)
{
    static char names[BOARDS_MAX][BUS_NAME_SIZE];
    struct text lists[KIND_NONE + 1] = {{0}};
    size_t count = board_names(names, BOARDS_MAX);
    bool good = count > 0;
    for (size_t i = 0; i < count; i++)
        good = add_board(lists, names[i]) && good;
    for (enum kind kind = 0; kind <= KIND_NONE; kind++) {
        good = good && !lists[kind].failed;
        if (lists[kind].length > 0)
            text_addf(out, "- **%s**:%s\n", title_of(kind), lists[kind].data);
        text_free(&lists[kind]);
    }
    return good;
}
