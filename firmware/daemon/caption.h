/*
 * What the picture means, in words for people, on one line: "web: 3 of 10 new pods available", or
 * "ttfb: 0.5, warning from 0.4 up; explained by the rollout of web | web: ...".
 */
#ifndef AMBERBAR_DAEMON_CAPTION_H
#define AMBERBAR_DAEMON_CAPTION_H

#include "daemon/model.h"

/* Of the rollout and of the indicator that are worst, each with half of the room if it wants it. */
void model_caption(const struct model *model, const struct poll_report *report, char *out,
                   size_t size);

#endif
