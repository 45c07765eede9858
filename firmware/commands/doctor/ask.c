#include "commands/doctor/ask.h"

bool doctor_ask(struct doctor *doctor, const char *query, struct answered *answered)
{
    const struct inquiry inquiry = {doctor->client, doctor->rows, -1};
    const bool good = question_ask(&inquiry, query, answered);
    if (!good)
        retry_words_cut(&answered->refusal.error); /* here nobody asks again */
    return good;
}

double doctor_value(struct doctor *doctor, const char *query)
{
    struct answered answered;
    bool good = doctor_ask(doctor, query, &answered) && answered.answer.count == 1;
    return good ? answered.answer.samples[0].value : 0;
}
