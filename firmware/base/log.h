/*
 * Log lines to standard error: one line an event, never to standard output. Under the journal
 * (JOURNAL_STREAM set) each line carries its priority as "<N>" (sd-daemon(3)); on a terminal the
 * area below the cursor is cleared first, where the `terminal` board draws. Control characters and
 * invalid UTF-8 in the text never reach the terminal.
 *
 * A server that says something else each second could fill the journal: LOG_MINUTE_LINES a minute
 * are written. The last of them says so, and the first that is written later says how many were
 * left out. The second half of them is for notices, what the light has become: complaints and what
 * is merely told have the first. Errors are always written: none comes from a server.
 */
#ifndef AMBERBAR_BASE_LOG_H
#define AMBERBAR_BASE_LOG_H

#define LOG_MINUTE_LINES 120
#define LOG_MINUTE_COMPLAINTS 60

enum log_level { /* the priorities of syslog(3) */
                 LOG_LEVEL_ERROR = 3,
                 LOG_LEVEL_WARNING = 4,
                 LOG_LEVEL_NOTICE = 5,
                 LOG_LEVEL_INFO = 6,
                 LOG_LEVEL_DEBUG = 7,
};

/* Lines above `level` are dropped. Default: LOG_LEVEL_INFO. */
void log_threshold(enum log_level level);

/*
 * A picture of so many rows stands at the cursor of the terminal, and is not drawn again soon: each
 * log line is put in above it, and it moves down. 0, as at first: there is none.
 */
void log_above_picture(int rows);

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
