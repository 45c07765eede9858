/*
 * The lights of a board: each output's chip encodes the frame, its bus carries it. A failing output
 * is reported once (one that keeps coming and going: once a minute), tried again every
 * OUTPUT_RETRY_MS, and never stops the others. Lights that another program lights fail alike
 * (claim.h).
 */
#ifndef AMBERBAR_DAEMON_OUTPUTS_H
#define AMBERBAR_DAEMON_OUTPUTS_H

#include "config/config.h"

#define OUTPUT_RETRY_MS 2000 /* between two tries to open a failing output */
#define OUTPUT_REPEAT_MS                                                         \
    10000 /* a picture that stands still is sent again so often: lights that a   \
             spike has reset or that were plugged in again cannot say so; a chip \
             may want it earlier (repeat_ms) */
/* While a picture moves, chains of lights are sent as far as it has changed, and whole so often:
   what a spike did to the rest is put right by then. */
#define OUTPUT_WHOLE_MS 1000
/* A controller in the network that failed is well again when it has taken pictures for so long:
   three tries of ARP, a second each (Linux: Documentation/networking/ip-sysctl.rst, mcast_solicit),
   pass before a datagram to nobody is reported. */
#define OUTPUT_PROVE_MS 5000

struct outputs; /* opaque */

/* Opens and claims nothing yet. `board` outlives the outputs. NULL: no memory. */
struct outputs *outputs_open(struct board *board, struct error *error);

/* The same lights, described by another copy of their board: see board_same(). */
void outputs_rebind(struct outputs *outputs, const struct board *board);

/* Releases every bus as it is; NULL is fine. Darken first. */
void outputs_close(struct outputs *outputs);

/*
 * Darkens every output and says goodbye to it; what fails is tried twice. False: some output may
 * still be lit.
 */
bool outputs_darken(struct outputs *outputs, int64_t now_ms);

/* After that: the name of lights that showed something and could not be darkened; NULL: none. */
const char *outputs_left_lit(const struct outputs *outputs);

/* Shows the frame wherever it differs from what is shown there. False: some output failed. */
bool outputs_show(struct outputs *outputs, const struct frame *frame, int64_t now_ms);

/* Opens what failed and sends again what is due; cheap when nothing is. */
void outputs_update(struct outputs *outputs, int64_t now_ms);

/* When outputs_update() has something to do next; INT64_MAX: never. */
int64_t outputs_due_ms(const struct outputs *outputs);

/* True when there is nothing but standard output, and nobody reads it any more. */
bool outputs_abandoned(const struct outputs *outputs);

/* What is shown on some output is darker than it should be: its supply allows no more. */
bool outputs_limited(const struct outputs *outputs);

/* The first failing output's sentence; NULL when all is well. */
const char *outputs_fault(const struct outputs *outputs);

struct output_health {
    const char *name;
    bool fine;
    bool limited;            /* darker than it should be: see outputs_limited() */
    uint64_t frames, errors; /* sent, and failed, since it was opened */
};
size_t outputs_count(const struct outputs *outputs);
struct output_health outputs_health(const struct outputs *outputs, size_t index);

#endif
