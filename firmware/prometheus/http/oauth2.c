#include "prometheus/http/oauth2.h"

#include "base/table.h"
#include "prometheus/http/request.h"

#include <string.h>
#include <strings.h>

#define WORDS_SIZE 160

enum member { ACCESS_TOKEN, TOKEN_TYPE, EXPIRES_IN, ERROR, ERROR_DESCRIPTION, MEMBER_COUNT };

ROWS_BEGIN(member_names);
static const char *const member_names[] = {
    ROW_AT(ACCESS_TOKEN) = "access_token",
    ROW_AT(TOKEN_TYPE) = "token_type",
    ROW_AT(EXPIRES_IN) = "expires_in",
    ROW_AT(ERROR) = "error",
    ROW_AT(ERROR_DESCRIPTION) = "error_description",
};
ROWS_END(member_names, MEMBER_COUNT);

bool token_is_fresh(const struct token *token, int64_t now_ms)
{
    return token->text.text != NULL && now_ms < token->expires_ms;
}

void token_request(const struct token *token, const struct oauth2_settings *settings,
                   const struct secrets *secrets, struct text *form, struct text *headers)
{
    const char *secret = secret_text(&secrets->items[SECRET_CLIENT_SECRET]);
    text_clear(form);
    request_add(form, "grant_type", "client_credentials");
    if (settings->scopes[0] != '\0')
        request_add(form, "scope", settings->scopes);
    for (size_t i = 0; i < CLIENT_PARAMS_MAX && settings->endpoint_params[i].name[0] != '\0'; i++)
        request_add(form, settings->endpoint_params[i].name, settings->endpoint_params[i].value);
    if (!token->in_form) {
        request_basic_of_client(headers, settings->client_id, secret);
        return;
    }
    request_add(form, "client_id", settings->client_id);
    request_add(form, "client_secret", secret);
}

/* What helps depends on who has answered: the token server, or something else at that place. */
static const char *advice_for(long status)
{
    if (status >= 500 || status == 429)
        return "asking again";
    if (status >= 300 && status <= 399)
        return "it points elsewhere, and is not followed: correct token_url";
    if (status == 200 || status == 404 || status == 405)
        return "check token_url";
    return "check client_id, client_secret and scopes";
}

/* What we have sent is not quoted when it comes back. */
static bool refuse(const struct http_answer *http, const struct text values[static MEMBER_COUNT],
                   const struct echo *sent, struct error *error)
{
    const struct text *said =
        values[ERROR_DESCRIPTION].length > 0 ? &values[ERROR_DESCRIPTION] : &values[ERROR];
    char words[WORDS_SIZE];
    bool quoted = said->length > 0 && !echo_holds(sent, said->data);
    text_shorten(words, sizeof words, quoted ? said->data : "no reason given");
    return error_set(error, "oauth2: token_url gives no token (HTTP %ld): %s; %s", http->status,
                     words, advice_for(http->status));
}

/* It goes into a header: RFC 6749 appendix A.12 has visible characters only. */
static bool is_sound(const struct text *token)
{
    for (size_t i = 0; i < token->length; i++)
        if (token->data[i] < ' ' || token->data[i] > '~')
            return false;
    return token->length > 0;
}

static bool take(struct token *token, const struct http_answer *http,
                 const struct text values[static MEMBER_COUNT], const struct echo *sent,
                 struct error *error)
{
    const struct text *type = &values[TOKEN_TYPE];
    if (http->status != 200 || values[ACCESS_TOKEN].length == 0)
        return refuse(http, values, sent, error);
    if (!is_sound(&values[ACCESS_TOKEN]))
        return error_set(error, "oauth2: the token cannot go into a header; check token_url");
    if (type->length > 0 && strcasecmp(type->data, "bearer") != 0)
        return error_set(error, "oauth2: the token is not of the type Bearer; check token_url");
    return secret_set(&token->text, values[ACCESS_TOKEN].data, values[ACCESS_TOKEN].length) ||
           error_set(error, "not enough memory for a token");
}

/* No token is good for ever: one that has no date, or an absurd one, is renewed once a day, and one
   that was never good, or whose date cannot be read, is used for the query at hand alone. */
static int64_t life_ms(const struct text *expires_in)
{
    int64_t seconds;
    if (expires_in->length > 0 && strspn(expires_in->data, "0123456789") != expires_in->length)
        return 0;
    if (expires_in->length > 0 &&
        text_integer(expires_in->data, 0, TOKEN_LIFE_MAX_MS / 1000, &seconds))
        return seconds * 1000;
    return TOKEN_LIFE_MAX_MS;
}

bool token_take(struct token *token, const struct http_answer *http, const struct secret *secret,
                const struct echo *sent, int64_t now_ms, struct error *error)
{
    struct text values[MEMBER_COUNT] = {{0}};
    token_wipe(token);
    token->number++;
    response_members(http, member_names, values, MEMBER_COUNT);
    bool taken = take(token, http, values, sent, error) &&
                 (secret_set(&token->client_secret, secret_text(secret), secret->length) ||
                  error_set(error, "not enough memory for a token"));
    token->expires_ms = now_ms + life_ms(&values[EXPIRES_IN]) - TOKEN_EARLY_MS;
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        text_wipe(&values[i]);
    if (!taken)
        token_wipe(token);
    return taken;
}

void token_wipe(struct token *token)
{
    secret_wipe(&token->text);
    secret_wipe(&token->client_secret);
}
