/*
 * Where board files are: the installed ones by name, others by path.
 */
#ifndef AMBERBAR_CONFIG_BOARD_BOARD_FIND_H
#define AMBERBAR_CONFIG_BOARD_BOARD_FIND_H

#include "config/config.h"

/*
 * The path of the board `word` names: an installed one, or, when it holds '/' or ends like a board
 * file, a file seen from the directory of the file `relative_to` (NULL: from here). False, with
 * "what; what to do", when there is none.
 */
bool board_find(const char *word, const char *relative_to, char path[static CONFIG_PATH_SIZE],
                struct error *error);

/* The name that a board file's path gives: its last part without the suffix. */
void board_name_of(const char *path, char name[static BUS_NAME_SIZE]);

#endif
