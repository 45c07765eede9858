/*
 * Lights for a program under torture: /dev/spidev0.0, /dev/i2c-1, /dev/leds0 and two lights of
 * /sys/class/leds are files in a folder, which hold what the lights show.
 */
#ifndef AMBERBAR_TESTS_TORTURE_DEVICES_H
#define AMBERBAR_TESTS_TORTURE_DEVICES_H

#include <stdbool.h>

#define DEVICES_PATH_SIZE 256

/* Makes them in the folder, which must exist; until then there are none. */
void devices_make(const char *folder);

/* Where a path really is. */
const char *devices_path(const char *path, char place[static DEVICES_PATH_SIZE]);

/* True when the request is one for such a device; its answer is in *result. */
bool devices_ioctl(int fd, unsigned long request, const void *argument, int *result);

/* The first output of the board devices_board that is lit; NULL: all are dark. */
const char *devices_lit(void);

/* A board file with all of them, and the `frames` on standard output. */
extern const char devices_board[];

#endif
