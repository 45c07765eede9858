#include "commands/replay/replay_board.h"
#include "base/say.h"

#include "base/clock.h"
#include "daemon/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

bool stage_open(struct stage *stage, const char *board)
{
    struct complaints complaints = {0};
    struct error error = {0};
    *stage = (struct stage){.picture = {.brightness = 1}};
    signal(SIGPIPE, SIG_IGN); /* a reader that leaves is an output's error */
    if (!board_read(board, ".", &stage->board, &complaints)) {
        say_lines(stderr, complaints.text.data);
        complaints_free(&complaints);
        return false;
    }
    complaints_free(&complaints);
    board_fit_picture(&stage->board, &stage->picture);
    terminal_prepare(&stage->board);
    stage->outputs = outputs_open(&stage->board, &error);
    if (stage->outputs == NULL)
        say_line(stderr, "%s", error.text);
    return stage->outputs != NULL;
}

void stage_play(struct stage *stage, const struct subject *subject, const char *caption,
                int64_t for_ms)
{
    int64_t begun = clock_monotonic_ms();
    for (int64_t now = begun; now - begun < for_ms; now = clock_monotonic_ms()) {
        stage->frame.pixels = stage->pixels;
        stage->frame.count = board_pixels(&stage->board);
        picture_draw(&stage->picture, subject, board_digits(&stage->board), now, &stage->frame);
        text_copy(stage->frame.caption, sizeof stage->frame.caption, caption);
        outputs_show(stage->outputs, &stage->frame, now);
        if (isatty(STDOUT_FILENO) != 1)
            return;
        nanosleep(&(struct timespec){.tv_nsec = PICTURE_FRAME_MS * 1000000L}, NULL);
    }
}

void stage_close(struct stage *stage)
{
    if (stage->outputs != NULL)
        outputs_darken(stage->outputs, clock_monotonic_ms());
    outputs_close(stage->outputs);
    board_free(&stage->board);
}
