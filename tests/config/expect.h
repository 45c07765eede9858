/*
 * Shared by the tests of files: comparing complaints as whole texts, and files in a directory of
 * their own.
 */
#ifndef AMBERBAR_TESTS_CONFIG_EXPECT_H
#define AMBERBAR_TESTS_CONFIG_EXPECT_H

#include "config/yaml/complaint.h"

/* Fails with both texts when the complaints are not exactly `expected`, line by line. */
void expect_complaints(const char *sentence, const struct complaints *complaints,
                       const char *expected);

/* A file, and exactly what is complained of it, with $ for its path; "": it is fine. */
struct refused {
    const char *sentence, *text, *complaints;
};

/* Each row is a board file; each row is a config file. */
void expect_boards(const struct refused rows[], size_t count);
void expect_configs(const struct refused rows[], size_t count);

/* A new empty directory, and the way back: it and the plain files in it are removed. */
const char *scratch_make(void);
void scratch_remove(void);

/* Writes a file into the scratch directory; its path, valid until the next call. */
const char *scratch_write(const char *name, const char *bytes, size_t length);

/* In a text that is expected: lists that grow with the program, as it writes them. */
#define KINDS_HERE "\1"     /* "Deployment, StatefulSet or DaemonSet" */
#define KIND_KEYS_HERE "\2" /* "deployment, statefulset or daemonset" */
#define CHIPS_HERE "\3"     /* "apa102, sk9822 or frames" */
#define DISPLAY_HERE "\4"   /* the keys of display: "brightness, motion or heartbeat" */

/* Copies `text` with the path for each $ in it, and with those lists. */
void put_path(char *out, size_t size, const char *text, const char *path);

#endif
