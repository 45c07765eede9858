/*
 * How far apart any two looks must be, and on what: the promise that colour alone never carries
 * meaning.
 */
#ifndef AMBERBAR_TESTS_PICTURE_APART_H
#define AMBERBAR_TESTS_PICTURE_APART_H

#include "picture/film.h"

/* dE2000 of two states: nine times what is just noticeable side by side; less where one is an
 * indicator's, which has a place of its own. */
#define APART_LEAST 9.0
#define APART_LEAST_GAUGE 7.0
double apart_least(int look, int other);

/* The levels of a bar at which it is looked at: p and q. */
#define APART_LEVELS 3
extern const double apart_levels[APART_LEVELS][2];

/* By day and by night. */
#define APART_HOURS 2

/* Settings under which all looks differ, and the displays on which they do. */
struct showing {
    enum palette_name palette;
    enum picture_motion motion;
    size_t displays; /* so many of displays[] */
};

enum { SHOWING_MOVING, SHOWING_STILL, SHOWING_COLOUR_BLIND, SHOWING_NIGHT_RED, SHOWINGS };
extern const struct showing showings[SHOWINGS];

struct picture_settings apart_settings(const struct showing *showing, int hour);

/* All eyes from this one on: who sees little red needs no red light. */
enum sight apart_first_sight(const struct showing *showing);

#endif
