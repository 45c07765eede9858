/*
 * phases BOARDS STEP_MS REST|MOVES SECONDS: when so many boards ask one Prometheus, by the daemon's
 * own phase.h in virtual time. One exporter is scraped each STEP_MS, and boards were started at any
 * moment of the minutes before. Prints, for each question of the last SECONDS, the board's number
 * and when that is, in ms.
 */
#include "base/text.h"
#include "evidence/phase.h"

#include <stdio.h>
#include <string.h>

#define EPOCH_MS INT64_C(1764358477000)
#define LEARN_MS 600000   /* until all are in phase, if they ever are */
#define STARTED_MS 120000 /* they were started within so long */
#define INTERVAL_MS 10000 /* the default poll_interval */
#define LAG_MS 30         /* from a scrape to its being visible */
#define SOURCE 1000       /* its id */

static uint32_t scatter(uint32_t board)
{
    return (uint32_t)(((uint64_t)board + 11) * UINT64_C(0x9E3779B97F4A7C15) >> 33);
}

static void note(struct phase *phase, int64_t step_ms, bool moves, int64_t now_ms)
{
    const int64_t visible_ms = now_ms - LAG_MS;
    struct source_seen seen = {.id = SOURCE,
                               .newest_ms = EPOCH_MS + visible_ms - visible_ms % step_ms};
    const struct answer answer = {
        .eval_ms = EPOCH_MS + now_ms, .sent_ms = now_ms, .sources = &seen, .source_count = 1};
    phase_want_none(phase);
    if (moves)
        phase_want(phase, SOURCE);
    phase_note(phase, &answer);
}

static void ask(uint32_t board, int64_t step_ms, bool moves, int64_t seconds)
{
    struct phase phase = {.random = scatter(board) * 2654435761u};
    int64_t now_ms = STARTED_MS + scatter(board) % STARTED_MS;
    const int64_t begin_ms = LEARN_MS, end_ms = begin_ms + 1000 * seconds;
    while (now_ms < end_ms) {
        if (now_ms >= begin_ms)
            printf("%u %lld\n", (unsigned)board, (long long)(now_ms - begin_ms));
        note(&phase, step_ms, moves, now_ms);
        const struct phase_terms terms = {
            .moves = moves, .interval_ms = INTERVAL_MS, .asked_ms = now_ms};
        const int64_t due_ms = phase_due_ms(&phase, &terms);
        now_ms = due_ms > now_ms ? due_ms : now_ms + 1;
    }
}

int main(int argc, char **argv)
{
    int64_t boards, step_ms, seconds;
    if (argc != 5 || !text_integer(argv[1], 1, 100000, &boards) ||
        !text_integer(argv[2], 100, 3600000, &step_ms) || !text_integer(argv[4], 1, 3600, &seconds))
        return 2;
    for (int64_t board = 0; board < boards; board++)
        ask((uint32_t)board, step_ms, strcmp(argv[3], "MOVES") == 0, seconds);
    return 0;
}
