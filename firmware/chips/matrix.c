#include "chips/matrix.h"

#include "picture/frame.h"

const char *const matrix_corner_words[] = {"top-left", "top-right", "bottom-left", "bottom-right",
                                           NULL};
const char *const matrix_way_words[] = {"rows", "columns", NULL};

const struct field matrix_fields[] = {
    {KEY("width", FIELD_INTEGER, offsetof(struct matrix, width)), RANGE(1, FRAME_PIXELS_MAX),
     .required = true, .help = "how many LEDs a row has, as the matrix hangs"},
    {KEY("height", FIELD_INTEGER, offsetof(struct matrix, height)), RANGE(1, FRAME_PIXELS_MAX),
     .required = true, .help = "how many rows there are"},
    {KEY("first", FIELD_WORD, offsetof(struct matrix, first)), .words = matrix_corner_words,
     .fallback = "top-left", .help = "the corner where the wire begins, as the matrix hangs"},
    {KEY("wired", FIELD_WORD, offsetof(struct matrix, wired)), .words = matrix_way_words,
     .fallback = "rows", .help = "what the wire runs along"},
    {KEY("serpentine", FIELD_BOOL, offsetof(struct matrix, serpentine)), .fallback = "false",
     .help =
         "true: the wire turns at the end of each row; false: each row begins on the same side"},
    {KEY("filled", FIELD_WORD, offsetof(struct matrix, filled)), .words = matrix_way_words,
     .fallback = "rows",
     .help = "rows: the picture goes from row to row, downwards; columns: from left to right"},
    {.key = NULL},
};

size_t matrix_pixel(const struct matrix *matrix, size_t led)
{
    size_t width = (size_t)matrix->width, height = (size_t)matrix->height;
    size_t length = matrix->wired == MATRIX_ROWS ? width : height;
    size_t line = led / length, at = led % length;
    if (matrix->serpentine && line % 2 == 1)
        at = length - 1 - at;
    size_t x = matrix->wired == MATRIX_ROWS ? at : line;
    size_t y = matrix->wired == MATRIX_ROWS ? line : at;
    if (matrix->first == MATRIX_TOP_RIGHT || matrix->first == MATRIX_BOTTOM_RIGHT)
        x = width - 1 - x;
    if (matrix->first == MATRIX_BOTTOM_LEFT || matrix->first == MATRIX_BOTTOM_RIGHT)
        y = height - 1 - y;
    return matrix->filled == MATRIX_ROWS ? y * width + x : x * height + y;
}
