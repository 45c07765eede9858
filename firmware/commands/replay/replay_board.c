#include "commands/replay/replay_board.h"
#include "base/say.h"

#include "base/clock.h"
#include "daemon/terminal.h"

#include <stdio.h>
#include <unistd.h>

bool replay_board_open(struct replay_board *wall, const char *board)
{
    struct complaints complaints = {0};
    struct error error = {0};
    *wall = (struct replay_board){.picture = picture_usual(1)};
    ending_begin(&wall->ending);
    if (!board_read(board, ".", &wall->board, &complaints)) {
        say_lines(stderr, complaints.text.data);
        complaints_free(&complaints);
        return false;
    }
    complaints_free(&complaints);
    board_fit_picture(&wall->board, &wall->picture);
    terminal_prepare(&wall->board);
    wall->outputs = outputs_open(&wall->board, &error);
    if (wall->outputs == NULL)
        say_line(stderr, "%s", error.text);
    return wall->outputs != NULL;
}

void replay_board_play(struct replay_board *wall, const struct subject *subject,
                       const char *caption, int64_t for_ms)
{
    int64_t begun = clock_monotonic_ms();
    for (int64_t now = begun; now - begun < for_ms; now = clock_monotonic_ms()) {
        wall->frame.pixels = wall->pixels;
        wall->frame.count = board_pixels(&wall->board);
        picture_draw(&wall->picture, subject, board_digits(&wall->board), now, &wall->frame);
        text_copy(wall->frame.caption, sizeof wall->frame.caption, caption);
        outputs_show(wall->outputs, &wall->frame, now);
        if (isatty(STDOUT_FILENO) != 1 || ending_wait(&wall->ending, PICTURE_FRAME_MS))
            return;
    }
}

int replay_board_close(struct replay_board *wall, int status)
{
    if (wall->outputs != NULL)
        outputs_darken(wall->outputs, clock_monotonic_ms());
    outputs_close(wall->outputs);
    board_free(&wall->board);
    return ending_end(&wall->ending, status);
}
