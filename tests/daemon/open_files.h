/*
 * Descriptors that this process has open: what is opened must be closed, which no sanitizer sees.
 */
#ifndef TESTS_DAEMON_OPEN_FILES_H
#define TESTS_DAEMON_OPEN_FILES_H

#include <stddef.h>

size_t open_files(void);

#endif
