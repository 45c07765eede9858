#include "daemon/history.h"

#include "base/log.h"
#include "base/text.h"

#include <string.h>

void history_state_words(const char *name, char out[static HISTORY_STATE_SIZE])
{
    text_copy(out, HISTORY_STATE_SIZE, name);
    for (char *at = out; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
}

const char *history_why(const char *state, const char *why)
{
    char words[HISTORY_STATE_SIZE];
    history_state_words(state, words);
    const size_t length = strlen(words);
    if (strncmp(why, words, length) != 0 && strncmp(why, state, length) != 0)
        return why;
    return strncmp(why + length, ", ", 2) == 0 ? why + length + 2 : why;
}

void history_log(const struct transition *transition)
{
    char from[HISTORY_STATE_SIZE], to[HISTORY_STATE_SIZE];
    history_state_words(transition->from, from);
    history_state_words(transition->to, to);
    log_line(LOG_LEVEL_NOTICE, "%s: %s -> %s: %s", transition->name, from, to,
             history_why(transition->to, transition->why));
}

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
