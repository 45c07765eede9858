/*
 * What `preview` and `try` show of each state.
 */
#ifndef AMBERBAR_COMMANDS_PREVIEW_SCENES_H
#define AMBERBAR_COMMANDS_PREVIEW_SCENES_H

#include "daemon/history.h"
#include "picture/picture.h"

struct scene {
    const char *name; /* as a user writes it: "scaled_to_zero" */
    enum state state;
    double p, q;
    int64_t replicas;
    const char *words;
    size_t gauges; /* 0, or 1: the one that follows stands beside the bar */
    struct gauge gauge;
    int64_t lost; /* of the replicas, and calmly so; 0: none, or with alarm */
    enum why why; /* of unknown, where it has a look of its own; else zero */
};

/* Every state, the unknown one last, and the calm kind of degraded beside it; what is unknown for a
   reason that somebody here can fix; then indicators. */
#define SCENE_COUNT (STATE_COUNT + 7)
void scenes_make(struct scene scenes[static SCENE_COUNT]);

/* What is shown of a state. */
struct scene scene_of(enum state state);

/* The scene of that name. False: a sentence of `amberbar COMMAND` was printed. */
bool scene_find(const char *command, const char *name, struct scene *scene);

/* How far its bar is, "0.43" or "43%"; a state without one stays as it is. False as above. */
bool scene_progress(const char *command, const char *word, struct scene *scene);

/* Its picture, which begins now; and all that there is to draw: both outlive the subject. */
struct show scene_show(const struct scene *scene, int64_t now_ms);
struct subject scene_subject(const struct scene *scene, const struct show *show);

/* Its name with blanks. */
#define SCENE_TITLE_SIZE HISTORY_STATE_SIZE
void scene_title(const struct scene *scene, char out[static SCENE_TITLE_SIZE]);

#endif
