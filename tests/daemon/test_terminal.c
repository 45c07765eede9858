/*
 * What a board on the terminal is told of it: a terminal of this test's own is standard output, or
 * a pipe is, and standard error is that terminal.
 */
#include "daemon/terminal.h"

#include "base/log.h"
#include "chips/lamps.h"
#include "chips/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#define LINES 50
#define PATIENCE_MS 60000

static struct {
    int master, terminal, pipe[2];
    int output, error; /* as they were */
} screen;

/* A new one for each row: what a row has written may come after it. */
static bool open_screen(void)
{
    screen.master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (screen.master < 0 || grantpt(screen.master) != 0 || unlockpt(screen.master) != 0)
        return false;
    screen.terminal = open(ptsname(screen.master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    screen.output = dup(STDOUT_FILENO);
    screen.error = dup(STDERR_FILENO);
    return screen.terminal >= 0 && pipe(screen.pipe) == 0;
}

static void close_screen(void)
{
    const int fds[] = {screen.master,  screen.terminal, screen.pipe[0],
                       screen.pipe[1], screen.output,   screen.error};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        close(fds[i]);
}

/* NULL: it is not set. */
static void set(const char *name, const char *value)
{
    if (value == NULL)
        unsetenv(name);
    else
        setenv(name, value, 1);
}

/* How far up a line of the log goes to stand above the picture, and how many rows are put in for
 * it; 0: it stays where it is; -1: there is none. */
struct moved {
    int up, inserted;
};

static struct moved put_above(const char *line)
{
    char text[2048] = "";
    size_t length = 0;
    struct moved moved = {0};
    log_line(LOG_LEVEL_ERROR, "%s", line);
    while (strstr(text, line) == NULL) { /* it comes by and by */
        struct pollfd come = {.fd = screen.master, .events = POLLIN};
        const ssize_t got = poll(&come, 1, PATIENCE_MS) == 1
                                ? read(screen.master, text + length, sizeof text - 1 - length)
                                : -1;
        if (got <= 0)
            return (struct moved){-1, -1};
        length += (size_t)got;
        text[length] = '\0';
    }
    const char *up = strstr(text, "\n\033[");
    if (up != NULL)
        (void)sscanf(up, "\n\033[%dA\033[%dL", &moved.up, &moved.inserted);
    return moved;
}

static void a_board_is_told_of_its_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        bool is_terminal;
        unsigned short columns; /* 0: it does not say */
        const char *term, *colorterm, *no_color;
        bool plain;
        int64_t width;
        enum terminal_colours colours;
    } rows[] = {
        {"a terminal", true, 132, "xterm", NULL, NULL, false, 132, COLOURS_256},
        {"one that does not say how wide it is", true, 0, "xterm", NULL, NULL, false, 80,
         COLOURS_256},
        {"of all colours", true, 100, "xterm", "truecolor", NULL, false, 100, COLOURS_TRUECOLOUR},
        {"of somebody who wants none", true, 100, "xterm", "truecolor", "1", false, 100,
         COLOURS_NONE},
        {"of which nothing is known", true, 100, NULL, NULL, NULL, false, 100, COLOURS_NONE},
        {"a pipe has no columns", false, 132, "xterm", NULL, NULL, true, 80, COLOURS_256},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct board board;
        struct lamps_settings lamps = {.count = 1}, before = lamps;
        struct terminal_settings settings = {.pixels = 8, .digits = 4};
        const struct winsize size = {.ws_row = LINES, .ws_col = rows[i].columns};
        assert_true(open_screen());
        board.output_count = 2;
        board.outputs[0] =
            (struct output_settings){.chip = &chip_terminal, .chip_settings = &settings};
        board.outputs[1] = (struct output_settings){.chip = &chip_lamps, .chip_settings = &lamps};
        set("TERM", rows[i].term);
        set("COLORTERM", rows[i].colorterm);
        set("NO_COLOR", rows[i].no_color);
        assert_int_equal(ioctl(screen.terminal, TIOCSWINSZ, &size), 0);
        fflush(stdout);
        dup2(rows[i].is_terminal ? screen.terminal : screen.pipe[1], STDOUT_FILENO);
        dup2(screen.terminal, STDERR_FILENO);
        terminal_prepare(&board);
        const int above = put_above("a line").up;
        dup2(screen.output, STDOUT_FILENO);
        dup2(screen.error, STDERR_FILENO);
        if (settings.plain != rows[i].plain || settings.width != rows[i].width ||
            settings.colours != (int)rows[i].colours)
            fail_msg("%s: plain %d, %d columns, colours %d", rows[i].sentence, settings.plain,
                     (int)settings.width, settings.colours);
        if (memcmp(&lamps, &before, sizeof lamps) != 0)
            fail_msg("%s: the lamps beside it are changed", rows[i].sentence);
        const bool is_above = rows[i].is_terminal && rows[i].columns > 0;
        if (above != (is_above ? (int)terminal_rows(&settings) + 1 : 0))
            fail_msg("%s: a line of the log goes up %d rows", rows[i].sentence, above);
        close_screen();
    }
}

#define TEN "0123456789"
#define COLUMNS 20

/* As many rows as the line takes: one too many leaves a row of the picture before below the next.
 */
static void a_line_takes_the_rows_that_it_needs(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *line;
        int rows;
    } rows[] = {
        {"a short one", "a line", 1},
        {"one column is left", TEN "012345678", 1},
        {"it just fits", TEN TEN, 1},
        {"a column too many", TEN TEN "x", 2},
        {"it just fits two", TEN TEN TEN TEN, 2},
        {"more than two", TEN TEN TEN TEN "x", 3},
        {"letters of several bytes",
         TEN "\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc", 1},
        {"signs of two columns", TEN "\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d", 1},
        {"one of which does not fit", TEN "012345678\u4e2d", 2},
        {"and leaves a column at the end", TEN "012345678\u4e2d" TEN "01234567", 2},
        {"and then another", TEN "012345678\u4e2d" TEN "012345678", 3},
    };
    static struct board board;
    struct terminal_settings settings = {.pixels = 1};
    const struct winsize size = {.ws_row = LINES, .ws_col = COLUMNS};
    board.output_count = 1;
    board.outputs[0] = (struct output_settings){.chip = &chip_terminal, .chip_settings = &settings};
    assert_true(open_screen());
    set("TERM", "xterm");
    assert_int_equal(ioctl(screen.terminal, TIOCSWINSZ, &size), 0);
    fflush(stdout);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dup2(screen.terminal, STDOUT_FILENO);
        dup2(screen.terminal, STDERR_FILENO);
        settings.width = 0;
        terminal_prepare(&board);
        const struct moved moved = put_above(rows[i].line);
        dup2(screen.output, STDOUT_FILENO);
        dup2(screen.error, STDERR_FILENO);
        if (moved.inserted != rows[i].rows ||
            moved.up != rows[i].rows + (int)terminal_rows(&settings))
            fail_msg("%s: %d rows are put in, %d up", rows[i].sentence, moved.inserted, moved.up);
    }
    close_screen();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_board_is_told_of_its_terminal),
        cmocka_unit_test(a_line_takes_the_rows_that_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
