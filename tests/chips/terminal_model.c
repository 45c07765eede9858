#include "chips/terminal_model.h"

#include <string.h>

#define PARAMETERS 16

void terminal_open(struct terminal *terminal, size_t columns)
{
    memset(terminal, 0, sizeof *terminal);
    terminal->columns = columns;
    terminal->front = terminal->back = -1;
    terminal->cursor = terminal->wraps = true;
}

static void set_graphics(struct terminal *terminal, const int *p, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int32_t *layer = p[i] == 38 ? &terminal->front : &terminal->back;
        if (p[i] == 0) {
            terminal->front = terminal->back = -1;
        } else if ((p[i] == 38 || p[i] == 48) && i + 4 < count && p[i + 1] == 2) {
            *layer = p[i + 2] << 16 | p[i + 3] << 8 | p[i + 4];
            i += 4;
        } else if ((p[i] == 38 || p[i] == 48) && i + 2 < count && p[i + 1] == 5) {
            *layer = 0x1000000 + p[i + 2];
            i += 2;
        } else {
            terminal->unknown++;
        }
    }
}

static void set_mode(struct terminal *terminal, int mode, bool on)
{
    if (mode == 25)
        terminal->cursor = on;
    else if (mode == 7)
        terminal->wraps = on;
    else if (mode == 2026)
        terminal->updating = on;
    else
        terminal->unknown++;
}

static void control(struct terminal *terminal, bool private, const int *p, size_t count, char final)
{
    if (private && (final == 'h' || final == 'l'))
        set_mode(terminal, p[0], final == 'h');
    else if (!private && final == 'm')
        set_graphics(terminal, p, count);
    else if (!private && final == 'K')
        memset(&terminal->cells[terminal->row][terminal->column], 0,
               (SCREEN_COLUMNS - terminal->column) * sizeof terminal->cells[0][0]);
    else if (!private && final == 'A')
        terminal->row -= (size_t)p[0] < terminal->row ? (size_t)p[0] : terminal->row;
    else
        terminal->unknown++;
}

/* ESC [ parameters final; returns its length. */
static size_t sequence(struct terminal *terminal, const uint8_t *bytes, size_t length)
{
    int parameters[PARAMETERS] = {0};
    size_t count = 1, i = 2;
    bool private = length > 2 && bytes[2] == '?';
    if (length < 3 || bytes[1] != '[') {
        terminal->unknown++;
        return 1;
    }
    for (i += private; i < length && (bytes[i] == ';' || (bytes[i] >= '0' && bytes[i] <= '9')); i++)
        if (bytes[i] == ';')
            count += count < PARAMETERS;
        else
            parameters[count - 1] = 10 * parameters[count - 1] + bytes[i] - '0';
    if (i < length)
        control(terminal, private, parameters, count, (char)bytes[i]);
    return i + 1;
}

/* A character of UTF-8; returns its length. */
static size_t character(struct terminal *terminal, const uint8_t *bytes, size_t length)
{
    size_t size = 1;
    while (size < length && size < 4 && (bytes[size] & 0xC0) == 0x80)
        size++;
    if (terminal->column >= terminal->columns) {
        terminal->overruns++;
        return size;
    }
    struct cell *cell = &terminal->cells[terminal->row][terminal->column++];
    memset(cell, 0, sizeof *cell);
    memcpy(cell->text, bytes, size);
    cell->front = terminal->front;
    cell->back = terminal->back;
    return size;
}

void terminal_write(struct terminal *terminal, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        if (bytes[i] == 0x1B) {
            i += sequence(terminal, bytes + i, length - i);
        } else if (bytes[i] == '\r') {
            terminal->column = 0;
            i++;
        } else if (bytes[i] == '\n') {
            terminal->column = 0; /* as a terminal line in its usual mode does */
            terminal->row += terminal->row + 1 < SCREEN_ROWS;
            i++;
        } else {
            i += character(terminal, bytes + i, length - i);
        }
    }
}
