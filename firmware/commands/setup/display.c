/* How bright, by day and by night. */
#include "commands/setup/setup.h"

#include <stdio.h>
#include <string.h>

#define BRIGHTNESS "50%"
#define NIGHT "19:00-07:30 3%"

/* "50", "50%" */
static bool read_percent(const char *answer, int64_t *percent)
{
    char digits[8];
    if (!text_copy(digits, sizeof digits, answer))
        return false;
    digits[strcspn(digits, "%")] = '\0';
    const char *end = answer + strlen(digits);
    return text_integer(digits, 1, 100, percent) && (*end == '\0' || strcmp(end, "%") == 0);
}

/* What is proposed is what the lights show meanwhile. */
static void look_at_brightness(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    int64_t percent = 0;
    if (setup->brightness[0] == '\0' &&
        !(former_brightness(&setup->former, setup->brightness, sizeof setup->brightness) &&
          read_percent(setup->brightness, &percent)))
        text_copy(setup->brightness, sizeof setup->brightness, BRIGHTNESS);
    text_copy(proposed, ANSWER_SIZE, setup->brightness);
    if (setup->glow.outputs == NULL || !read_percent(setup->brightness, &percent))
        return;
    setup->glow.brightness = (double)percent / 100;
    glow_show(&setup->glow, SCENE_STABLE);
}

/* Another one than is shown is shown, and asked for once more. */
static enum tried try_brightness(struct setup *setup, const char *answer, struct error *error)
{
    int64_t percent;
    char before[sizeof setup->brightness];
    if (!read_percent(answer, &percent)) {
        error_set(error, "'%.*s' is no brightness; answer 1%% to 100%%", (int)text_fit(answer, 40),
                  answer);
        return TRIED_REFUSED;
    }
    text_copy(before, sizeof before, setup->brightness);
    snprintf(setup->brightness, sizeof setup->brightness, "%d%%", (int)percent);
    const bool shown = setup->glow.outputs != NULL && setup->asks;
    return shown && strcmp(before, setup->brightness) != 0 ? TRIED_AGAIN : TRIED_FINE;
}

static void word_brightness(struct setup *setup, struct text *out)
{
    text_add(out, setup->glow.outputs != NULL
                      ? "How bright? The lights show it; another number is shown at once"
                      : "How bright shall it be by day?");
}

static void propose_night(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    if (!former_night(&setup->former, proposed, ANSWER_SIZE))
        text_copy(proposed, ANSWER_SIZE, NIGHT);
}

/* "19:00", or "7" for 07:00; false: it does not fit. What is no time the config complains of. */
static bool read_time(const char *word, size_t length, char *out, size_t size)
{
    char typed[8];
    int64_t hour;
    if (length >= sizeof typed)
        return false;
    snprintf(typed, sizeof typed, "%.*s", (int)length, word);
    if (length <= 2 && text_integer(typed, 0, 24, &hour))
        return snprintf(out, size, "%02d:00", (int)hour) < (int)size;
    return text_copy(out, size, typed);
}

/* "19:00-07:30 3%", "19-7" into its parts; without a brightness it is 3 %. */
static bool read_night(struct setup *setup, const char *answer)
{
    const size_t from = strcspn(answer, "-");
    const char *to = answer + from + (answer[from] == '-');
    const size_t length = strcspn(to, " ");
    const char *rest = to + length + strspn(to + length, " ");
    if (answer[from] != '-' || strlen(rest) >= sizeof setup->night_brightness ||
        !read_time(answer, from, setup->night_from, sizeof setup->night_from) ||
        !read_time(to, length, setup->night_to, sizeof setup->night_to))
        return false;
    snprintf(setup->night_brightness, sizeof setup->night_brightness, "%s",
             rest[0] != '\0' ? rest : "3%");
    return true;
}

static enum tried try_night(struct setup *setup, const char *answer, struct error *error)
{
    setup->night_from[0] = '\0';
    if (strcmp(answer, "none") == 0 || consent_of(answer) == CONSENT_NO)
        return TRIED_FINE;
    if (!read_night(setup, answer)) {
        setup->night_from[0] = '\0';
        error_set(
            error,
            "'%.*s' is no night; answer such as 19:00-07:30, perhaps with a brightness behind "
            "it (3%% or off), or none",
            (int)text_fit(answer, 40), answer);
        return TRIED_REFUSED;
    }
    if (compose_accepted(setup, error))
        return TRIED_FINE;
    setup->night_from[0] = '\0';
    return TRIED_REFUSED;
}

static void word_night(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "When is it dimmed for the night, and how far? Or `none`");
}

const struct question question_brightness = {SETUP_BRIGHTNESS,
                                             "the brightness",
                                             word_brightness,
                                             NULL,
                                             look_at_brightness,
                                             try_brightness,
                                             false};
const struct question question_night = {SETUP_NIGHT,   "the night", word_night, NULL,
                                        propose_night, try_night,   false};
