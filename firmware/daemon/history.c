#include "daemon/history.h"

void history_add(struct history *history, const struct transition *transition)
{
    history->transitions[history->count++ % HISTORY_LENGTH] = *transition;
}

const struct transition *history_newest(const struct history *history, size_t index)
{
    if (index >= HISTORY_LENGTH || index >= history->count)
        return NULL;
    return &history->transitions[(history->count - 1 - index) % HISTORY_LENGTH];
}
