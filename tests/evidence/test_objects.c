/*
 * The same object, poll by poll: how old its samples are (N2), whether it is another (N4), and what
 * confirms it (N5).
 */
#include "evidence/rows.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* One poll, and what comes of it: "believed", "unconfirmed" (as a complete row is then held),
   "another", "stands", or the doubt. */
struct poll {
    int64_t now_s;
    struct shown rows[2]; /* generation 0: there are no more */
    const char *is;
    int64_t step_s, lag_s, clock_behind_s; /* the last: how far Prometheus's clock is set back */
};
#define POLLS_MAX 8

static const struct {
    const char *sentence;
    struct poll polls[POLLS_MAX];
} stories[] = {
    {"N2: a sample that is known for long is as old, whatever the server's clock says",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {90, {{1, 0, 5, 5, 0}}, .is = "believed", .clock_behind_s = 90},
      {91, {{1, 0, 5, 5, 0}}, .is = "stale", .clock_behind_s = 91}}},
    {"N2: the same time of another source is another sample",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {91, {{2, 0, 5, 5, 0}}, .is = "believed", .clock_behind_s = 91}}},
    {"N2: a newer sample is known since it was seen",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {60, {{1, 10, 5, 5, 0}}, .is = "believed", .clock_behind_s = 50},
      {150, {{1, 10, 5, 5, 0}}, .is = "believed", .clock_behind_s = 140},
      {151, {{1, 10, 5, 5, 0}}, .is = "stale", .clock_behind_s = 141}}},
    {"N2: which of the sources it is may not be known",
     {{0, {{0, 0, 5, 5, 0}}, .is = "believed"},
      {91, {{0, 0, 5, 5, 0}}, .is = "believed", .clock_behind_s = 91}}},
    {"N4: created tells one object from the next",
     {{0, {{1, 0, 5, 5, 100}}, .is = "believed"}, {10, {{1, 10, 1, 1, 200}}, .is = "another"}}},
    {"N4: also with a higher generation",
     {{0, {{1, 0, 5, 5, 100}}, .is = "believed"}, {10, {{1, 10, 6, 6, 200}}, .is = "another"}}},
    {"N4: one that is not exported for a moment says nothing, and is remembered",
     {{0, {{1, 0, 5, 5, 100}}, .is = "believed"},
      {10, {{1, 10, 5, 5, 0}}, .is = "believed"},
      {20, {{1, 20, 5, 5, 100}}, .is = "believed"},
      {30, {{1, 30, 5, 5, 200}}, .is = "another"}}},
    {"N4: also when it is exported again as another",
     {{0, {{1, 0, 5, 5, 100}}, .is = "believed"},
      {10, {{1, 10, 5, 5, 0}}, .is = "believed"},
      {20, {{1, 20, 5, 5, 200}}, .is = "another"}}},
    {"N4: one that was not exported before says nothing either",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 10, 5, 5, 100}}, .is = "believed"},
      {20, {{1, 20, 5, 5, 200}}, .is = "another"}}},
    {"N4: lower once: the verdict before stands; twice: another object",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 10, 1, 1, 0}}, .is = "stands"},
      {20, {{1, 20, 1, 1, 0}}, .is = "another"}}},
    {"N4: a lower observed one is lower",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 10, 5, 4, 0}}, .is = "stands"},
      {20, {{1, 20, 5, 4, 0}}, .is = "another"}}},
    {"N4: a higher generation is not, whatever was observed",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"}, {10, {{1, 10, 6, 4, 0}}, .is = "unconfirmed"}}},
    {"N4: the same sample twice is no second one",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 10, 1, 1, 0}}, .is = "stands"},
      {20, {{1, 10, 1, 1, 0}}, .is = "stands"},
      {30, {{1, 20, 1, 1, 0}}, .is = "another"}}},
    {"N4: a sample of the same moment as the believed one is not newer",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{2, 0, 1, 1, 0}}, .is = "stands"},
      {20, {{2, 10, 1, 1, 0}}, .is = "stands"},
      {30, {{2, 20, 1, 1, 0}}, .is = "another"}}},
    {"N4: two exporters that agree",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 8, 1, 1, 0}, {2, 9, 1, 1, 0}}, .is = "stands"},
      {20, {{1, 18, 1, 1, 0}, {2, 9, 1, 1, 0}}, .is = "another"}}},
    {"W4: a lower one that should know the higher one: two objects",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 0, 5, 5, 0}, {2, 10, 4, 4, 0}}, .is = "ambiguous"},
      {20, {{1, 15, 5, 5, 0}, {2, 10, 4, 4, 0}}, .is = "ambiguous"},
      {30, {{1, 30, 5, 5, 0}, {2, 25, 5, 5, 0}}, .is = "believed"}}},
    {"W4: also by the observed one",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 0, 5, 5, 0}, {2, 10, 5, 4, 0}}, .is = "ambiguous"}}},
    {"W4: who hears of it five seconds later is no other",
     {{0, {{1, 0, 4, 4, 0}, {2, 0, 4, 4, 0}}, .is = "believed"},
      {5, {{1, 5, 4, 4, 0}, {2, 5, 4, 4, 0}}, .is = "believed"},
      {15, {{1, 10, 5, 5, 0}, {2, 15, 4, 4, 0}}, .is = "unconfirmed"},
      {20, {{1, 20, 5, 5, 0}, {2, 15, 4, 4, 0}}, .is = "believed"},
      {30, {{1, 30, 5, 5, 0}, {2, 30, 5, 5, 0}}, .is = "believed"}}},
    {"W4: six seconds later it is",
     {{0, {{1, 0, 4, 4, 0}, {2, 0, 4, 4, 0}}, .is = "believed"},
      {5, {{1, 5, 4, 4, 0}, {2, 5, 4, 4, 0}}, .is = "believed"},
      {16, {{1, 10, 5, 5, 0}, {2, 16, 4, 4, 0}}, .is = "ambiguous"}}},
    {"W4: one generation after the other, and another source that stays behind",
     {{0, {{1, 0, 4, 4, 0}, {2, -2, 4, 4, 0}}, .is = "believed"},
      {5, {{1, 5, 4, 4, 0}, {2, 3, 4, 4, 0}}, .is = "believed"},
      {10, {{1, 10, 5, 5, 0}, {2, 8, 4, 4, 0}}, .is = "unconfirmed"},
      {20, {{1, 20, 6, 6, 0}, {2, 18, 4, 4, 0}}, .is = "ambiguous"},
      {30, {{1, 30, 7, 7, 0}, {2, 28, 6, 6, 0}}, .is = "ambiguous"},
      {40, {{1, 40, 8, 8, 0}, {2, 38, 7, 7, 0}}, .is = "believed"}}},
    {"W4: two that move at once, one generation apart",
     {{0, {{1, 0, 4, 4, 0}, {2, 0, 5, 5, 0}}, .is = "ambiguous"},
      {10, {{1, 10, 5, 5, 0}, {2, 10, 6, 6, 0}}, .is = "ambiguous"},
      {20, {{1, 20, 5, 5, 0}, {2, 20, 6, 6, 0}}, .is = "ambiguous"},
      {30, {{1, 30, 6, 6, 0}, {2, 30, 7, 7, 0}}, .is = "ambiguous"},
      {40, {{1, 40, 6, 6, 0}, {2, 40, 7, 7, 0}}, .is = "ambiguous"}}},
    {"W4: a pair that is asked again before it is scraped, in one generation each second",
     {{0, {{1, 0, 4, 4, 0}, {2, 0, 9, 9, 0}}, .is = "ambiguous"},
      {10, {{1, 10, 12, 12, 0}, {2, 10, 19, 19, 0}}, .is = "ambiguous"},
      {15, {{1, 10, 12, 12, 0}, {2, 15, 24, 24, 0}}, .is = "ambiguous"},
      {20, {{1, 20, 22, 22, 0}, {2, 20, 29, 29, 0}}, .is = "believed"}}},
    {"W4: one generation each few seconds, and another source that stays behind",
     {{0, {{1, 0, 4, 4, 0}, {2, 0, 4, 4, 0}}, .is = "believed"},
      {4, {{1, 4, 5, 5, 0}, {2, 4, 4, 4, 0}}, .is = "unconfirmed"},
      {8, {{1, 8, 6, 6, 0}, {2, 8, 4, 4, 0}}, .is = "believed"},
      {12, {{1, 12, 7, 7, 0}, {2, 12, 4, 4, 0}}, .is = "unconfirmed"},
      {16, {{1, 16, 8, 8, 0}, {2, 16, 4, 4, 0}}, .is = "ambiguous"}}},
    {"W4: a source that comes anew is believed only when the others have reached it",
     {{0, {{1, 0, 4, 4, 0}}, .is = "believed"},
      {10, {{1, 10, 4, 4, 0}, {2, 10, 6, 6, 0}}, .is = "ambiguous"},
      {20, {{1, 20, 4, 4, 0}, {2, 20, 6, 6, 0}}, .is = "ambiguous"},
      {30, {{1, 30, 6, 6, 0}, {2, 30, 7, 7, 0}}, .is = "ambiguous"},
      {40, {{1, 40, 7, 7, 0}, {2, 40, 7, 7, 0}}, .is = "unconfirmed"}}},
    {"W4: two that were two objects are so again when one of them comes back",
     {{0, {{1, 0, 5, 5, 0}, {2, 0, 9, 9, 0}}, .is = "ambiguous"},
      {10, {{1, 10, 5, 5, 0}}, .is = "source gone"},
      {20, {{1, 20, 5, 5, 0}}, .is = "source gone"},
      {25, {{1, 25, 5, 5, 0}, {2, 24, 9, 9, 0}}, .is = "ambiguous"}}},
    {"W4: and as long as anything is shown of it, however old",
     {{0, {{1, 0, 5, 5, 0}, {2, 0, 9, 9, 0}}, .is = "ambiguous"},
      {80, {{1, 0, 5, 5, 0}, {2, 80, 9, 9, 0}}, .is = "ambiguous"},
      {110, {{1, 0, 5, 5, 0}, {2, 110, 9, 9, 0}}, .is = "ambiguous"}}},
    {"W4: deleted and created anew, as one exporter shows it after the other",
     {{-25, {{1, -30, 5, 5, 0}, {2, -25, 5, 5, 0}}, .is = "believed"},
      {-5, {{1, -15, 5, 5, 0}, {2, -5, 5, 5, 0}}, .is = "believed"},
      {0, {{1, 0, 5, 5, 0}, {2, -5, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 0, 5, 5, 0}, {2, 10, 1, 1, 0}}, .is = "believed"},
      {15, {{1, 15, 1, 1, 0}, {2, 10, 1, 1, 0}}, .is = "stands"},
      {25, {{1, 15, 1, 1, 0}, {2, 25, 1, 1, 0}}, .is = "another"}}},
    {"W4: with a time of creation the higher one is the newer one",
     {{0, {{1, 0, 5, 5, 9}}, .is = "believed"},
      {10, {{1, 0, 5, 5, 9}, {2, 10, 4, 4, 9}}, .is = "believed"},
      {20, {{1, 20, 5, 5, 9}, {2, 20, 4, 4, 9}}, .is = "believed"}}},
    {"W4: after a start two that differ wait for each other",
     {{5, {{1, 0, 4, 4, 0}, {2, 5, 5, 5, 0}}, .is = "ambiguous"},
      {10, {{1, 0, 4, 4, 0}, {2, 10, 6, 6, 0}}, .is = "ambiguous"},
      {15, {{1, 15, 6, 6, 0}, {2, 10, 6, 6, 0}}, .is = "believed"}}},
    {"W4: a source that is scraped no more contradicts nobody",
     {{0, {{1, 0, 4, 4, 0}, {2, 0, 4, 4, 0}}, .is = "believed"},
      {10, {{1, 10, 4, 4, 0}, {2, 10, 4, 4, 0}}, .is = "believed"},
      {20, {{1, 20, 5, 5, 0}, {2, 10, 4, 4, 0}}, .is = "unconfirmed"},
      {35, {{1, 35, 5, 5, 0}, {2, 10, 4, 4, 0}}, .is = "believed"}}},
    {"W4: two that were of one height, and one is higher after a long silence: as after a start",
     {{0, {{1, 0, 4, 4, 0}, {2, 0, 4, 4, 0}}, .is = "believed"},
      {10, {{1, 10, 4, 4, 0}, {2, 10, 4, 4, 0}}, .is = "believed"},
      {110, {{1, 110, 5, 5, 0}, {2, 109, 4, 4, 0}}, .is = "ambiguous"},
      {120, {{1, 120, 5, 5, 0}, {2, 119, 5, 5, 0}}, .is = "believed"}}},
    {"N4: one that stood still does not speak for the one that is gone",
     {{0, {{1, 0, 4, 4, 0}, {2, 0, 4, 4, 0}}, .is = "believed"},
      {10, {{1, 10, 4, 4, 0}, {2, 10, 4, 4, 0}}, .is = "believed"},
      {20, {{1, 20, 5, 5, 0}, {2, 19, 4, 4, 0}}, .is = "unconfirmed"},
      {25, {{1, 25, 5, 5, 0}, {2, 19, 4, 4, 0}}, .is = "believed"},
      {30, {{2, 29, 4, 4, 0}}, .is = "stands"},
      {40, {{2, 39, 4, 4, 0}}, .is = "stands"},
      {150, {{2, 149, 4, 4, 0}}, .is = "source gone"},
      {160, {{2, 159, 5, 5, 0}}, .is = "believed"}}},
    {"N4: one that stood still, of one creation, does not speak for the one that is gone",
     {{0, {{1, 0, 4, 4, 9}, {2, 0, 4, 4, 9}}, .is = "believed"},
      {10, {{1, 10, 4, 4, 9}, {2, 10, 4, 4, 9}}, .is = "believed"},
      {20, {{1, 20, 5, 5, 9}, {2, 19, 4, 4, 9}}, .is = "unconfirmed"},
      {25, {{1, 25, 5, 5, 9}, {2, 19, 4, 4, 9}}, .is = "believed"},
      {30, {{2, 29, 4, 4, 9}}, .is = "stands"},
      {40, {{2, 39, 4, 4, 9}}, .is = "stands"},
      {150, {{2, 149, 4, 4, 9}}, .is = "source gone"},
      {160, {{2, 159, 5, 5, 9}}, .is = "believed"}}},
    {"N4: nor while a store shows the last sample of the one that is gone",
     {{0, {{1, 0, 4, 4, 9}, {2, 0, 4, 4, 9}}, .is = "believed"},
      {10, {{1, 10, 4, 4, 9}, {2, 10, 4, 4, 9}}, .is = "believed"},
      {20, {{1, 20, 5, 5, 9}, {2, 19, 4, 4, 9}}, .is = "unconfirmed"},
      {25, {{1, 25, 5, 5, 9}, {2, 19, 4, 4, 9}}, .is = "believed"},
      {110, {{1, 25, 5, 5, 9}, {2, 109, 4, 4, 9}}, .is = "believed"},
      {150, {{1, 25, 5, 5, 9}, {2, 149, 4, 4, 9}}, .is = "source gone"}}},
    {"N4: but one that sinks does",
     {{0, {{1, 0, 4, 4, 0}, {2, 0, 4, 4, 0}}, .is = "believed"},
      {10, {{1, 10, 5, 5, 0}, {2, 10, 5, 5, 0}}, .is = "unconfirmed"},
      {20, {{1, 20, 5, 5, 0}, {2, 19, 5, 5, 0}}, .is = "believed"},
      {30, {{2, 30, 1, 1, 0}}, .is = "stands"},
      {40, {{2, 40, 1, 1, 0}}, .is = "another"}}},
    {"N4: once lower, then as before, then once lower again",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 10, 1, 1, 0}}, .is = "stands"},
      {20, {{1, 20, 5, 5, 0}}, .is = "believed"},
      {30, {{1, 30, 1, 1, 0}}, .is = "stands"},
      {40, {{1, 40, 1, 1, 0}}, .is = "another"}}},
    {"N4: a source that is not said cannot go back, and what was seen stands as long as it may",
     {{0, {{0, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{0, 10, 1, 1, 0}}, .is = "stands"},
      {20, {{0, 20, 1, 1, 0}}, .is = "stands"},
      {90, {{0, 90, 1, 1, 0}}, .is = "stands"},
      {91, {{0, 91, 1, 1, 0}}, .is = "another"}}},
    {"N4: a copy that lags stands for two scrapes",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{2, -5, 4, 4, 0}}, .is = "stands", .step_s = 15},
      {40, {{2, -5, 4, 4, 0}}, .is = "stands", .step_s = 15},
      {41, {{2, -5, 4, 4, 0}}, .is = "another", .step_s = 15}}},
    {"N4: an older sample of the same generation lags as well",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{2, -1, 5, 5, 0}}, .is = "stands", .step_s = 15},
      {41, {{2, -1, 5, 5, 0}}, .is = "another", .step_s = 15}}},
    {"N4: an older sample of a higher generation does not",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"}, {10, {{2, -1, 6, 6, 0}}, .is = "unconfirmed"}}},
    {"N4: a sample of the same moment does not",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"}, {10, {{2, 0, 5, 5, 0}}, .is = "believed"}}},
    {"N4: without a pace, for as long as the sample before is young enough",
     {{0, {{1, -30, 5, 5, 0}}, .is = "believed"},
      {10, {{2, -35, 4, 4, 0}}, .is = "stands"},
      {50, {{2, -35, 4, 4, 0}}, .is = "stands"},
      {55, {{2, -30, 4, 4, 0}}, .is = "stands"},
      {60, {{2, -10, 4, 4, 0}}, .is = "stands"}, /* the first newer one that is lower */
      {61, {{2, -10, 4, 4, 0}}, .is = "another"}}},
    {"N4: scrapes far apart: never beyond max_age",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {5, {{2, -1, 4, 4, 0}}, .is = "stands", .step_s = 300},
      {89, {{2, -1, 4, 4, 0}}, .is = "stands", .step_s = 300, .clock_behind_s = 10},
      {90, {{2, -1, 4, 4, 0}}, .is = "stands", .step_s = 300, .clock_behind_s = 10},
      {91, {{2, -1, 4, 4, 0}}, .is = "another", .step_s = 300, .clock_behind_s = 10}}},
    {"N4: the lag is counted anew after what is believed",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{2, -5, 4, 4, 0}}, .is = "stands", .step_s = 15},
      {40, {{1, 38, 5, 5, 0}}, .is = "believed", .step_s = 15},
      {50, {{2, 30, 4, 4, 0}}, .is = "stands", .step_s = 15},
      {80, {{2, 30, 4, 4, 0}}, .is = "stands", .step_s = 15},
      {81, {{2, 30, 4, 4, 0}}, .is = "another", .step_s = 15}}},
    {"N5: a generation that is new is confirmed by a second newer sample",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 10, 6, 6, 0}}, .is = "unconfirmed"},
      {20, {{1, 10, 6, 6, 0}}, .is = "unconfirmed"},
      {30, {{1, 20, 6, 6, 0}}, .is = "believed"}}},
    {"N5: so is an observed one",
     {{0, {{1, 0, 6, 5, 0}}, .is = "believed"}, {10, {{1, 10, 6, 6, 0}}, .is = "unconfirmed"}}},
    {"N5: though it has moved on meanwhile",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 10, 6, 6, 0}}, .is = "unconfirmed"},
      {20, {{1, 20, 7, 7, 0}}, .is = "believed"},
      {30, {{1, 30, 8, 8, 0}}, .is = "unconfirmed"}}},
    {"N5: the sample of another source at the same moment confirms nothing",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 10, 6, 6, 0}}, .is = "unconfirmed"},
      {20, {{2, 10, 6, 6, 0}}, .is = "unconfirmed"}}},
    {"N5: what is not complete waits for nothing",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {10, {{1, 10, 6, 5, 0}}, .is = "unconfirmed"},
      {20, {{1, 20, 6, 5, 0}}, .is = "believed"}}},
    {"N5: the verdict before may be as old as max_age",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"}, {90, {{1, 90, 6, 6, 0}}, .is = "unconfirmed"}}},
    {"N5: when it is too old to stand, the row counts as a first one does",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"}, {91, {{1, 91, 6, 6, 0}}, .is = "believed"}}},
    {"N5: it is as old as its sample was",
     {{0, {{1, -30, 5, 5, 0}}, .is = "believed"},
      {60, {{1, 60, 6, 6, 0}}, .is = "unconfirmed"},
      {61, {{1, 60, 6, 6, 0}}, .is = "believed"}}},
    {"N5: and as its answer lagged",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed", .lag_s = 40},
      {50, {{1, 50, 6, 6, 0}}, .is = "unconfirmed"},
      {51, {{1, 51, 7, 7, 0}}, .is = "believed"}}},
    {"N5: what waits does not make it younger",
     {{0, {{1, 0, 5, 5, 0}}, .is = "believed"},
      {80, {{1, 80, 6, 6, 0}}, .is = "unconfirmed"},
      {91, {{1, 80, 6, 6, 0}}, .is = "believed"}}},
};

static const char *outcome_of(const struct belief *belief)
{
    if (belief->doubt != DOUBT_NONE)
        return rows_doubt(belief->doubt);
    if (belief->another)
        return "another";
    if (belief->row == NULL)
        return "stands";
    return belief->unconfirmed ? "unconfirmed" : "believed";
}

/* As a workload does. */
static void take(struct proof *proof, const struct belief *belief, const struct sight *sight)
{
    if (belief->another)
        proof_forget(proof);
    if (belief->row != NULL)
        proof_accept(proof, belief, sight,
                     belief->unconfirmed && belief->row->observed >= belief->row->generation);
}

static void objects_and_generations_are_followed(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        struct proof proof = {.accepted = false};
        for (size_t k = 0; k < POLLS_MAX && stories[i].polls[k].is != NULL; k++) {
            const struct poll *poll = &stories[i].polls[k];
            const struct row rows[2] = {rows_shown(&poll->rows[0]), rows_shown(&poll->rows[1])};
            const struct sight sight = {
                .kind = SIGHT_ROWS,
                .rows = rows,
                .count = poll->rows[1].generation != 0 ? 2 : 1,
                .now_ms = poll->now_s * S,
                .eval_ms = ZERO + (poll->now_s - poll->clock_behind_s) * S,
                .lag_ms = poll->lag_s * S,
                .step_ms = poll->step_s * S,
            };
            const struct belief belief = proof_weigh(&proof, &rows_limits, &sight);
            if (strcmp(outcome_of(&belief), poll->is) != 0)
                fail_msg("%s: at %" PRId64 " s: %s, not %s", stories[i].sentence, poll->now_s,
                         outcome_of(&belief), poll->is);
            take(&proof, &belief, &sight);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_and_generations_are_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
