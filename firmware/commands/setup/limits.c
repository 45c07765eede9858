/* From where on an indicator is orange, and red. Nobody but who wrote a query knows that of it. */
#include "commands/setup/setup.h"

#include <math.h>

bool limits_accepted(struct setup *setup, struct error *error)
{
    const struct suggestion *one = &setup->chosen;
    if (!one->own && one->critical <= one->warning)
        return error_set(error,
                         "of %s more is worse: red begins above orange, which begins at %.6g here",
                         one->name, one->warning);
    return compose_accepted(setup, error);
}

static bool due_limit(struct setup *setup)
{
    return setup->indicator != NULL && setup->names_limits;
}

static void add_past(const struct suggestion *one, struct text *out)
{
    if (one->span[0] != '\0')
        text_addf(out, ": in the last %s half of the time at most %.3g, nearly always at most %.3g",
                  one->span, one->middle, one->high);
}

/* Nothing is proposed: it would be a guess at what is bad. */
static void look_at_past(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    struct text line = {0};
    (void)proposed;
    text_add(&line, "   Which values are bad is for you to say");
    add_past(&setup->chosen, &line);
    if (!line.failed && setup->asks)
        setup_say(setup, "%s. Where low ones are, red is below orange.", line.data);
    text_free(&line);
}

static bool read_limit(const char *answer, double *limit, struct error *error)
{
    return (text_number(answer, limit) && isfinite(*limit)) ||
           error_set(error, "'%.*s' is no number; write such as 0.5", (int)text_fit(answer, 80),
                     answer);
}

static enum tried try_warning(struct setup *setup, const char *answer, struct error *error)
{
    return read_limit(answer, &setup->chosen.warning, error) ? TRIED_FINE : TRIED_REFUSED;
}

static enum tried try_critical(struct setup *setup, const char *answer, struct error *error)
{
    return read_limit(answer, &setup->chosen.critical, error) && limits_accepted(setup, error)
               ? TRIED_FINE
               : TRIED_REFUSED;
}

static void word_warning(struct setup *setup, struct text *out)
{
    text_addf(out, "From which value on is %s orange?", setup->chosen.name);
}

static void word_critical(struct setup *setup, struct text *out)
{
    text_addf(out, "Orange from %.6g; and from which on is it red?", setup->chosen.warning);
}

const struct question question_warning = {
    SETUP_WARNING, "the value from which the indicator is orange",
    word_warning,  due_limit,
    look_at_past,  try_warning,
    false};
const struct question question_critical = {
    SETUP_CRITICAL, "the value from which the indicator is red",
    word_critical,  due_limit,
    NULL,           try_critical,
    false};
