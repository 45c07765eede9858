/*
 * A model and the polls that it sees, for tests of what is made of it.
 */
#ifndef AMBERBAR_TESTS_DAEMON_MODEL_STORY_H
#define AMBERBAR_TESTS_DAEMON_MODEL_STORY_H

#include "daemon/model.h"

#define STORY_POLL_MS 10000

/* One rollout about the Deployment shop/web, and the polls that it sees, in virtual time. */
struct story {
    struct config config;
    struct rollout_settings settings;
    struct model model;
    struct poll_report report;
    int64_t now_ms;
};

/* Started; model_stop() ends it. */
void story_begin(struct story *story);

/* A good poll that finds the Deployment with `updated` new pods of 4, all available. */
void story_poll_good(struct story *story, int64_t now_ms, int64_t generation, int64_t updated);
void story_poll_failed(struct story *story, int64_t now_ms);

#endif
