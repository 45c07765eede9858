/*
 * Whether a Prometheus's answers prove that they are new: doctor reports it, setup writes what
 * follows.
 */
#ifndef AMBERBAR_COMMANDS_COMMON_PROOF_H
#define AMBERBAR_COMMANDS_COMMON_PROOF_H

#include "commands/common/question.h"

/* What came back to a question with a nonce. */
enum proof_given {
    PROOF_ANOTHER, /* the answer to another question */
    PROOF_NONE,    /* an answer to this one, without that row */
    PROOF_REFUSED, /* an error of the server's */
    PROOF_OWN,     /* the row that proves the answer new */
    PROOF_COUNT
};
#define PROOF_SILENT PROOF_COUNT /* no answer that says anything of it */

/* Asks twice, by other nonces: what comes between may keep the first. `answered` is the last. */
enum proof_given proof_ask(const struct inquiry *inquiry, struct answered *answered);

#endif
