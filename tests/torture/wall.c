#include "torture/wall.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 15000
#define BAR 6 /* pixels of the segment that shows the rollout */

int64_t wall_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* {"t_ms":1,"pixels":["#rrggbb",...],"text":"..."} */
static void take_frame(struct wall *wall, const char *line)
{
    const char *text = strstr(line, "\"text\":\"");
    size_t index = 0;
    bool green = false;
    wall->lit = false;
    for (const char *at = strchr(line, '#'); at != NULL; at = strchr(at + 1, '#')) {
        unsigned long colour = strtoul(at + 1, NULL, 16);
        unsigned long r = colour >> 16, g = colour >> 8 & 0xFF, b = colour & 0xFF;
        green |= index++ < BAR && g > r && g > b;
        wall->lit |= colour != 0;
    }
    text = text != NULL ? text + strlen("\"text\":\"") : "";
    wall->lit |= strspn(text, " ") != strcspn(text, "\"");
    wall->shown[WALL_PERCENT] = strpbrk(text, "0123456789") != NULL && !green;
    wall->shown[WALL_GREEN] = green;
    wall->shown[WALL_UNKNOWN] = strncmp(text, "----", 4) == 0 && !green;
    wall->was_green |= green;
}

/* Reads what there is, waiting at most `ms` for it. */
static void read_frames(struct wall *wall, int ms)
{
    struct pollfd fd = {.fd = wall->output, .events = POLLIN};
    if (wall->gone || poll(&fd, 1, ms) <= 0)
        return;
    ssize_t got =
        read(wall->output, wall->line + wall->length, sizeof wall->line - 1 - wall->length);
    wall->gone = got <= 0;
    wall->length += got > 0 ? (size_t)got : 0;
    wall->line[wall->length] = '\0';
    char *begin = wall->line;
    for (char *end; (end = strchr(begin, '\n')) != NULL; begin = end + 1) {
        *end = '\0';
        take_frame(wall, begin);
    }
    wall->length -= (size_t)(begin - wall->line);
    memmove(wall->line, begin, wall->length);
}

void wall_wait(struct wall *wall, enum wall_picture picture, const char *fault)
{
    int64_t deadline_ms = wall_now_ms() + PATIENCE_MS;
    while (!wall->shown[picture] && !wall->gone && wall_now_ms() < deadline_ms)
        read_frames(wall, 100);
    if (!wall->shown[picture] && !wall->gone)
        text_addf(wall->fault, "it %s; ", fault);
}

/* What its log has gained since it was `from` bytes long. */
static bool log_has(const struct wall *wall, off_t from, const char *words)
{
    static char log[1 << 16];
    ssize_t got = pread(wall->messages, log, sizeof log - 1, from);
    log[got > 0 ? got : 0] = '\0';
    return strstr(log, words) != NULL;
}

void wall_reload(struct wall *wall)
{
    int64_t deadline_ms = wall_now_ms() + PATIENCE_MS;
    struct stat log = {0};
    bool read = false;
    fstat(wall->messages, &log);
    wall->refused = false;
    kill(wall->process, SIGHUP);
    while (!read && !wall->refused && !wall->gone && wall_now_ms() < deadline_ms) {
        read_frames(wall, 5);
        read = log_has(wall, log.st_size, " is read again");
        wall->refused = log_has(wall, log.st_size, " is refused");
    }
    if (!read && !wall->refused && !wall->gone)
        text_add(wall->fault, "it does not answer SIGHUP; ");
}

void wall_stop(struct wall *wall)
{
    int64_t deadline_ms = wall_now_ms() + PATIENCE_MS;
    if (!wall->gone)
        kill(wall->process, SIGTERM);
    while (!wall->gone && wall_now_ms() < deadline_ms)
        read_frames(wall, 100);
}

bool wall_has_said(const char *log, const char *output)
{
    char words[64];
    snprintf(words, sizeof words, "output %s: ", output);
    return strstr(log, words) != NULL;
}
