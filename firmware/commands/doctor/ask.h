/*
 * One question to the Prometheus of the config, for the checks of doctor. Inside commands/ only.
 */
#ifndef AMBERBAR_COMMANDS_DOCTOR_ASK_H
#define AMBERBAR_COMMANDS_DOCTOR_ASK_H

#include "commands/common/question.h"
#include "commands/doctor/doctor.h"

/* False: the refusal says why. */
bool doctor_ask(struct doctor *doctor, const char *query, struct answered *answered);

/* The only number that it yields; 0: there is none, or there are more. */
double doctor_value(struct doctor *doctor, const char *query);

#endif
