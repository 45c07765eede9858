/*
 * What is seen of displays of every kind: their lights, after their chips.
 */
#ifndef AMBERBAR_TESTS_PICTURE_DISPLAYS_H
#define AMBERBAR_TESTS_PICTURE_DISPLAYS_H

#include "picture/models.h"

#define DISPLAY_LIGHTS_MAX 256

struct display {
    const char *name;
    size_t (*lights)(const struct picture_settings *settings, const struct model *model,
                     size_t pixels, int64_t now_ms, struct pixel lights[DISPLAY_LIGHTS_MAX]);
    size_t pixels;
    int looks; /* digits show an indicator only when it is an alarm */
};

/* Those that show all looks, the last one a traffic light, which needs to blink for it. */
#define DISPLAYS 18
extern const struct display displays[DISPLAYS];

/* Those of two lights, or one, which blink. */
#define FEW_DISPLAYS 5
extern const struct display few_displays[FEW_DISPLAYS];

#endif
