#include "commands/common/proof.h"

#include "prometheus/promql/query.h"

#include <math.h>
#include <string.h>

/* `number` is asked for beside the nonce: an answer with another one is not to this question. */
static enum proof_given proof_of(const struct ratio_answer *answer, double number,
                                 const char nonce[static QUERY_NONCE_SIZE])
{
    enum proof_given given = PROOF_NONE;
    for (size_t i = 0; i < answer->count; i++) {
        const struct ratio_sample *sample = &answer->samples[i];
        const bool is_row = strstr(sample->labels, QUERY_NONCE_LABEL "=") != NULL;
        if (is_row && strstr(sample->labels, nonce) != NULL)
            return PROOF_OWN;
        if (is_row || !(fabs(sample->value - number) < 0.5))
            given = PROOF_ANOTHER;
    }
    return given;
}

static enum proof_given ask_once(const struct inquiry *inquiry, int number,
                                 struct answered *answered)
{
    char nonce[QUERY_NONCE_SIZE];
    struct text query = {0};
    enum proof_given given = PROOF_SILENT;
    client_name_question(inquiry->client, nonce);
    text_addf(&query, "vector(%d)", number);
    *answered = (struct answered){0};
    if (query_set_nonce(&query, nonce) && question_ask(inquiry, query.data, answered))
        given = proof_of(&answered->answer, number, nonce);
    else if (answered->refusal.retry == RETRY_SLOWLY && !answered->refusal.authentication)
        given = PROOF_REFUSED;
    text_free(&query);
    return given;
}

enum proof_given proof_ask(const struct inquiry *inquiry, struct answered *answered)
{
    const enum proof_given given = ask_once(inquiry, 2, answered);
    return given == PROOF_OWN ? ask_once(inquiry, 3, answered) : given;
}
