#include "daemon/terminal.h"

#include "base/log.h"
#include "chips/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

void terminal_prepare(struct board *board)
{
    struct winsize size = {0};
    struct terminal_facts facts = {.is_terminal = isatty(STDOUT_FILENO) == 1,
                                   .term = getenv("TERM"),
                                   .colorterm = getenv("COLORTERM"),
                                   .no_color = getenv("NO_COLOR")};
    if (facts.is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        facts.columns = size.ws_col;
    log_above_picture(0); /* the board before may have had one */
    for (size_t i = 0; i < board->output_count; i++) {
        struct terminal_settings *settings = board->outputs[i].chip_settings;
        if (board->outputs[i].chip != &chip_terminal)
            continue;
        terminal_adapt(settings, &facts);
        log_above_picture((int)terminal_rows(settings));
    }
}
