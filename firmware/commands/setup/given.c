/* What options say together, before anything is asked or found. What one of them says by itself is
   tried with its question, which may never come: then it is looked at here. */
#include "commands/setup/setup.h"

#include <math.h>
#include <string.h>

static bool is_given(const struct setup *setup, enum setup_option option)
{
    return setup->options->values[option] != NULL;
}

/* A name and a password are a pair; a token stands alone. */
static bool accept_credentials(const struct setup *setup, struct error *error)
{
    const bool name = is_given(setup, SETUP_USERNAME);
    const bool password = is_given(setup, SETUP_PASSWORD_FILE);
    if (is_given(setup, SETUP_TOKEN_FILE) && (name || password))
        return error_set(error, "--%s and --token-file exclude each other; give one",
                         name ? "username" : "password-file");
    if (password && !name)
        return error_set(error, "--password-file is some user's; give --username, too");
    if (name && !password && !setup->asks)
        return error_set(error, "--username has no password; give --password-file, too");
    return true;
}

static bool accept_number(const struct setup *setup, enum setup_option option, const char *name,
                          struct error *error)
{
    double number;
    const char *value = setup->options->values[option];
    return value == NULL || (text_number(value, &number) && isfinite(number)) ||
           error_set(error, "%s: '%.*s' is no number; write such as 0.5", name,
                     (int)text_fit(value, 80), value);
}

/* Thresholds are of an indicator, and a pair: one given and one proposed might say that the good is
   bad. */
static bool accept_limits(const struct setup *setup, struct error *error)
{
    const bool warning = is_given(setup, SETUP_WARNING);
    const bool critical = is_given(setup, SETUP_CRITICAL);
    const char *indicator = setup->options->values[SETUP_INDICATOR];
    if (!accept_number(setup, SETUP_WARNING, "--warning", error) ||
        !accept_number(setup, SETUP_CRITICAL, "--critical", error))
        return false;
    if ((warning || critical) && indicator != NULL && strcmp(indicator, "none") == 0)
        return error_set(error, "--%s is of an indicator, and there is none; leave it out",
                         warning ? "warning" : "critical");
    if (warning != critical && !setup->asks)
        return error_set(error, "--%s alone does not say what is bad; give --%s, too",
                         warning ? "warning" : "critical", warning ? "critical" : "warning");
    return true;
}

bool given_accepted(const struct setup *setup, struct error *error)
{
    const char *enable = setup->options->values[SETUP_ENABLE];
    if (enable != NULL && consent_of(enable) == CONSENT_UNCLEAR)
        return error_set(error, "--enable: '%.*s' is neither yes nor no", (int)text_fit(enable, 80),
                         enable);
    return accept_credentials(setup, error) && accept_limits(setup, error);
}
