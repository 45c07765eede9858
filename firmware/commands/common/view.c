#include "commands/common/view.h"

#include "base/table.h"
#include "chips/lamps.h"

#include <string.h>

/* A board whose one output is all that is seen; of several the pixels are, side by side. */
static const struct output_settings *only(const struct board *board)
{
    return board->output_count == 1 ? &board->outputs[0] : NULL;
}

static const struct lamps_settings *lamps_of(const struct board *board)
{
    const struct output_settings *output = only(board);
    return output != NULL && output->chip->lamps ? output->chip_settings : NULL;
}

static const struct chip_face *face_of(const struct board *board)
{
    return only(board) != NULL ? only(board)->chip->face : NULL;
}

struct view view_of(const struct board *board, size_t matrix_width)
{
    struct view view = {.board = board,
                        .lights = board_pixels(board),
                        .width = matrix_width,
                        .digits = board_digits(board)};
    const struct lamps_settings *lamps = lamps_of(board);
    const struct chip_face *face = face_of(board);
    if (lamps != NULL)
        view.lights = (size_t)lamps->count;
    if (face == NULL)
        return view;
    const struct output_settings *output = only(board);
    size_t rows = face->rows(output->chip_settings);
    size_t columns = output->chip->pixels(output->chip_settings);
    view.lights = rows * columns;
    view.width = rows > 1 ? columns : 0;
    view.digits = rows > 1 ? 0 : view.digits;
    return view;
}

/* As one sees a lamp that is lit. */
static const struct srgb *shown(enum lamp_colour colour)
{
    TABLE_OF(struct srgb);
    switch (colour) {
        ROW_OF(LAMP_RED, 255, 40, 30);
        ROW_OF(LAMP_AMBER, 255, 170, 0);
        ROW_OF(LAMP_GREEN, 0, 200, 90);
        ROW_OF(LAMP_BLUE, 60, 140, 255);
        ROW_OF(LAMP_WHITE, 240, 235, 225);
    }
    NO_OTHER_ROW;
}

/* Each lamp in its own colour, when it is on. */
static void see_lamps(const struct lamps_settings *lamps, const struct frame *frame,
                      struct pixel lights[])
{
    uint8_t bytes[LAMPS_MAX];
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    chip_lamps.encode(lamps, frame, false, &wire);
    for (int64_t i = 0; i < lamps->count; i++)
        lights[i] = bytes[i] != 0
                        ? pixel_from_srgb(*shown((enum lamp_colour)lamps->lamps[i].colour))
                        : (struct pixel){0, 0, 0};
}

void view_see(const struct view *view, const struct frame *frame, struct pixel lights[])
{
    const struct lamps_settings *lamps = lamps_of(view->board);
    const struct chip_face *face = face_of(view->board);
    if (lamps != NULL)
        see_lamps(lamps, frame, lights);
    else if (face != NULL)
        face->see(only(view->board)->chip_settings, frame, lights);
    else
        memcpy(lights, frame->pixels, frame->count * sizeof *lights);
}
