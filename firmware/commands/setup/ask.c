#include "commands/setup/ask.h"

#include "base/say.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#define TICK_MS 40

/* Waits for input; false: a signal came, or nobody can be waited for. */
static bool wait_for_input(const struct asker *asker)
{
    struct pollfd waits[] = {{.fd = asker->signals, .events = POLLIN},
                             {.fd = asker->in, .events = POLLIN}};
    for (;;) {
        int ready = poll(waits, 2, asker->tick != NULL ? TICK_MS : -1);
        if (ready < 0 && errno != EINTR)
            return false;
        if (ready > 0 && waits[0].revents != 0)
            return false;
        if (ready > 0)
            return true;
        if (asker->tick != NULL)
            asker->tick(asker->what);
    }
}

static void trim(char *line)
{
    size_t begin = strspn(line, " \t\r"), length = strlen(line + begin);
    memmove(line, line + begin, length + 1);
    while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL)
        line[--length] = '\0';
}

/* Byte by byte: what follows the line is the next answer's. */
static enum heard hear(const struct asker *asker, char answer[static ANSWER_SIZE])
{
    size_t length = 0;
    bool fits = true;
    for (;;) {
        char byte;
        ssize_t got = wait_for_input(asker) ? read(asker->in, &byte, 1) : 0;
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return HEARD_END;
        if (byte == '\n')
            break;
        fits = fits && length + 1 < ANSWER_SIZE && byte != '\0';
        if (fits)
            answer[length++] = byte;
    }
    answer[length] = '\0';
    trim(answer);
    return fits ? HEARD_ANSWER : HEARD_TOO_LONG;
}

enum heard ask(const struct asker *asker, const char *prompt, bool secret,
               char answer[static ANSWER_SIZE])
{
    struct termios before, silent;
    const bool hides = secret && tcgetattr(asker->in, &before) == 0;
    if (hides) { /* before the question is seen, so that no answer comes earlier */
        silent = before;
        silent.c_lflag = (silent.c_lflag & ~(tcflag_t)ECHO) | ECHONL;
        tcsetattr(asker->in, TCSANOW, &silent);
    }
    say_prompt(asker->out, prompt);
    answer[0] = '\0';
    enum heard heard = hear(asker, answer);
    if (hides)
        tcsetattr(asker->in, TCSANOW, &before);
    if (heard == HEARD_END)
        say_lines(asker->out, "\n");
    return heard;
}

bool ask_interrupted(const struct asker *asker)
{
    struct pollfd signals = {.fd = asker->signals, .events = POLLIN};
    return poll(&signals, 1, 0) > 0;
}

enum consent consent_of(const char *answer)
{
    static const struct {
        const char *word;
        enum consent consent;
    } words[] = {{"y", CONSENT_YES}, {"yes", CONSENT_YES}, {"n", CONSENT_NO}, {"no", CONSENT_NO}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(answer, words[i].word) == 0)
            return words[i].consent;
    return CONSENT_UNCLEAR;
}
