/*
 * Which boards are worth asking for, by what was found on this machine. Pure: a card for each board
 * comes in, the short list comes out.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_CANDIDATES_H
#define AMBERBAR_COMMANDS_SETUP_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#define CARD_TITLE_SIZE 128
#define CARD_NAME_SIZE 64

/* What speaks for a board. */
enum sign {
    SIGN_NONE,    /* nothing */
    SIGN_READY,   /* the device or the lines that it hangs on are there and free */
    SIGN_PLUGGED, /* on USB, seen */
    SIGN_HAT,     /* the memory on the HAT says that it is this one */
};

struct card {
    char name[CARD_NAME_SIZE];   /* as in `board:` */
    char title[CARD_TITLE_SIZE]; /* as people call it */
    enum sign sign;
};

/*
 * True when a board's title names the HAT: all words of what its memory calls itself (the files
 * product and vendor of /proc/device-tree/hat) are in the title, but numbers of versions, "Ltd" and
 * the like. A product of no word is none.
 */
bool candidates_is_hat(const char *title, const char *vendor, const char *product);

#define CANDIDATES_MAX 9 /* each has a digit */

/*
 * The cards worth showing, as indexes, the best first: what was found, on a Raspberry Pi then what
 * many have and what is ready for it, and at last `terminal`, for no light at all. How many.
 */
size_t candidates_choose(const struct card cards[], size_t count, bool pi,
                         size_t chosen[static CANDIDATES_MAX]);

#endif
