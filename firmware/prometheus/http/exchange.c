#include "prometheus/http/exchange.h"

#include "prometheus/http/request.h"
#include "prometheus/http/url.h"

#include <string.h>
#include <strings.h>

#define API_PATH "/api/v1/query"
#define REDIRECTS_MAX 3
#define GET_MAX_BYTES 2000 /* a URL that every proxy takes */

bool question_open(struct question *question, const struct prometheus_settings *settings,
                   struct session *session)
{
    size_t length = strlen(settings->url);
    while (length > 0 && settings->url[length - 1] == '/')
        length--;
    question->settings = settings;
    question->session = session;
    text_add_bytes(&question->endpoint, settings->url, length);
    text_add(&question->endpoint, API_PATH);
    return !question->endpoint.failed;
}

void question_forget(struct question *question)
{
    request_wipe(&question->headers);
    request_wipe(&question->token_form);
    secrets_wipe(&question->secrets);
    secrets_wipe(&question->fresh);
}

void question_close(struct question *question)
{
    question_forget(question);
    text_free(&question->endpoint);
    text_free(&question->target);
    text_free(&question->form);
    text_free(&question->alias);
    text_free(&question->lead);
}

static void aim_at_endpoint(struct question *question)
{
    question->strayed = false;
    text_clear(&question->target);
    text_add(&question->target, question->endpoint.data);
    if (question->get)
        text_addf(&question->target, "?%s", question->form.data);
}

/* A token first, where there is none that is good. */
static enum next token_or_query(struct question *question, int64_t now_ms)
{
    struct token *token = &question->session->token;
    bool wanted = question->settings->oauth2.client_id[0] != '\0';
    const struct secret *secret = &question->secrets.items[SECRET_CLIENT_SECRET];
    if (wanted && !secret_equals(&token->client_secret, secret))
        token_wipe(token);
    return wanted && !token_is_fresh(token, now_ms) ? NEXT_TOKEN : NEXT_QUERY;
}

enum next question_begin(struct question *question, const char *query, const char *ask,
                         int64_t now_ms, struct error *error)
{
    question->fetched = question->retried = question->paused = false;
    question->redirects = 0;
    request_form(&question->form, query, ask, question->settings);
    question->get = question->session->get && question->form.length <= GET_MAX_BYTES;
    if (question->form.failed) {
        error_set(error, "not enough memory to ask Prometheus");
        return NEXT_FAILURE;
    }
    if (!secrets_read(&question->secrets, question->settings, error))
        return NEXT_FAILURE;
    aim_at_endpoint(question);
    return token_or_query(question, now_ms);
}

/* libcurl checks the certificate for the name in the URL: so the URL gets server_name, and the
   connection is led to the host that it had. */
static void set_server_name(struct question *question, struct message *message, const char *name)
{
    char place[CLIENT_URL_SIZE];
    if (name[0] == '\0' || !url_is_https(message->url))
        return;
    url_place(message->url, place, sizeof place);
    text_addf(&question->headers, "Host: %s\n", place);
    text_clear(&question->alias);
    text_clear(&question->lead);
    url_rename(&question->alias, message->url, name);
    url_lead(&question->lead, message->url, name);
    message->url = question->alias.data;
    message->lead = question->lead.data;
}

static void fill_token_message(struct question *question, struct message *message,
                               struct peer *peer)
{
    const struct oauth2_settings *oauth2 = &question->settings->oauth2;
    const struct secret *items = question->secrets.items;
    token_request(&question->session->token, oauth2, &question->secrets, &question->token_form,
                  &question->headers);
    *peer = (struct peer){"the token server", "oauth2: token_url", "oauth2: tls_config",
                          oauth2->token_url, &oauth2->proxy};
    *message = (struct message){
        .url = oauth2->token_url,
        .form = &question->token_form,
        .ca = &items[SECRET_TOKEN_CA],
        .cert = &items[SECRET_TOKEN_CERT],
        .key = &items[SECRET_TOKEN_KEY],
    };
    set_server_name(question, message, oauth2->tls_config.server_name);
}

/* A client's certificate is a credential too. */
static void fill_query_message(struct question *question, struct message *message,
                               struct peer *peer)
{
    static const struct secret none;
    const struct prometheus_settings *settings = question->settings;
    const struct secret *items = question->secrets.items;
    const struct token *token = &question->session->token;
    bool known = !question->strayed;
    question->token_number = known && token->text.text != NULL ? token->number : 0;
    text_add(&question->headers, "Cache-Control: no-cache\n");
    if (known)
        request_credentials(&question->headers, settings, &question->secrets,
                            secret_text(&token->text));
    *peer =
        (struct peer){"Prometheus", "url", "tls_config", question->target.data, &settings->proxy};
    *message = (struct message){
        .url = question->target.data,
        .form = question->get ? NULL : &question->form,
        .ca = &items[SECRET_CA],
        .cert = known ? &items[SECRET_CERT] : &none,
        .key = known ? &items[SECRET_KEY] : &none,
    };
    set_server_name(question, message, known ? settings->tls_config.server_name : "");
}

bool question_message(struct question *question, enum next next, struct message *message,
                      struct peer *peer)
{
    request_wipe(&question->headers);
    request_headers(&question->headers, next == NEXT_QUERY && question->compress);
    if (next == NEXT_TOKEN)
        fill_token_message(question, message, peer);
    else
        fill_query_message(question, message, peer);
    message->lines = &question->headers;
    return !question->headers.failed && !question->target.failed && !question->alias.failed &&
           !question->lead.failed && !question->token_form.failed;
}

/* The redirect's target as it is meant: what names server_name means the host of url. */
static bool find_target(struct question *question, const char *redirect, struct text *target)
{
    const struct prometheus_settings *settings = question->settings;
    bool renamed = settings->tls_config.server_name[0] != '\0' && !question->strayed &&
                   url_is_https(settings->url);
    struct text alias = {0};
    if (renamed)
        url_rename(&alias, settings->url, settings->tls_config.server_name);
    if (renamed && !alias.failed && url_same_origin(alias.data, redirect)) {
        text_add_bytes(target, settings->url, url_origin_length(settings->url));
        redirect += url_origin_length(redirect);
    }
    text_add(target, redirect);
    target->failed |= alias.failed;
    text_free(&alias);
    return !target->failed;
}

/* Why this redirect is not followed; NULL when it is. */
static const char *find_objection(const struct question *question, const char *target)
{
    if (!question->settings->follow_redirects)
        return "which follow_redirects forbids";
    if (strncasecmp(target, "http://", 7) != 0 && !url_is_https(target))
        return "which is not followed";
    if (url_is_https(question->target.data) && !url_is_https(target))
        return "which would be plain http and is not followed";
    if (url_has_user(target))
        return "which is not followed";
    return NULL;
}

/* POST stays POST: a GET would lose the query. */
static enum next follow(struct question *question, const char *redirect, int64_t now_ms,
                        struct error *error)
{
    const char *url = question->settings->url;
    struct text target = {0};
    if (++question->redirects > REDIRECTS_MAX) {
        fault_redirect(url, NULL, NULL, error);
        return NEXT_FAILURE;
    }
    if (!find_target(question, redirect, &target)) {
        text_free(&target);
        error_set(error, "not enough memory to ask Prometheus");
        return NEXT_FAILURE;
    }
    const char *objection = find_objection(question, target.data);
    if (objection != NULL)
        fault_redirect(url, target.data, objection, error);
    question->strayed |= !url_same_origin(url, target.data);
    text_free(&question->target);
    question->target = target;
    if (objection != NULL)
        return NEXT_FAILURE;
    bool lost = question->token_number > 0 && question->session->token.text.text == NULL;
    return lost && !question->strayed ? token_or_query(question, now_ms) : NEXT_QUERY;
}

/* A refusal may mean that a secret was replaced in this moment, or that a token was revoked: some
   servers say 401 then, others 403. */
static enum next try_fresh_secrets(struct question *question, int64_t now_ms)
{
    struct error ignored;
    struct token *token = &question->session->token;
    bool revoked = question->token_number > 0 && !question->fetched;
    if (question->retried)
        return NEXT_ANSWER;
    bool changed = secrets_read(&question->fresh, question->settings, &ignored) &&
                   !secrets_equal(&question->secrets, &question->fresh);
    if (!changed && !revoked)
        return NEXT_ANSWER;
    if (changed) {
        secrets_wipe(&question->secrets);
        question->secrets = question->fresh;
        question->fresh = (struct secrets){0};
    }
    if (revoked && token->number == question->token_number) /* or it has been replaced already */
        token_wipe(token);
    question->retried = true;
    aim_at_endpoint(question);
    return token_or_query(question, now_ms);
}

enum next question_answered(struct question *question, long status, const char *redirect,
                            int64_t now_ms, struct error *error)
{
    bool refused = status == 401 || status == 403;
    if (status >= 300 && status <= 399 && redirect != NULL)
        return follow(question, redirect, now_ms, error);
    if (refused && question->strayed && prometheus_has_secret(question->settings)) {
        fault_redirect(question->settings->url, question->target.data,
                       "where credentials are not sent", error);
        return NEXT_FAILURE;
    }
    if (refused)
        return try_fresh_secrets(question, now_ms);
    if (status == 405 && !question->get && question->form.length <= GET_MAX_BYTES) {
        question->get = question->session->get = true;
        aim_at_endpoint(question);
        return NEXT_QUERY;
    }
    return NEXT_ANSWER;
}

enum next question_token(struct question *question, const struct http_answer *http, int64_t now_ms,
                         struct error *error)
{
    struct token *token = &question->session->token;
    bool refused = http->status == 400 || http->status == 401;
    if (token_take(token, http, &question->secrets, now_ms, error)) {
        question->fetched = true;
        return NEXT_QUERY;
    }
    if (refused && !token->in_form) { /* RFC 6749 section 2.3.1: some servers want it there */
        token->in_form = true;
        return NEXT_TOKEN;
    }
    if (refused)
        token->in_form = false;
    return NEXT_FAILURE;
}

enum next question_share_token(struct question *question, int64_t now_ms)
{
    enum next next = token_or_query(question, now_ms);
    question->fetched = next == NEXT_QUERY;
    return next;
}

static bool has_pair_in_files(const struct prometheus_settings *settings)
{
    return settings->tls_config.cert_file[0] != '\0' || settings->tls_config.key_file[0] != '\0' ||
           settings->oauth2.tls_config.cert_file[0] != '\0' ||
           settings->oauth2.tls_config.key_file[0] != '\0';
}

enum next question_broken(struct question *question, enum fault fault)
{
    if (fault != FAULT_CLIENT_CERTIFICATE || question->paused ||
        !has_pair_in_files(question->settings))
        return NEXT_FAILURE;
    question->paused = true;
    return NEXT_PAUSE;
}

enum next question_resume(struct question *question, int64_t now_ms, struct error *error)
{
    if (!secrets_read(&question->secrets, question->settings, error))
        return NEXT_FAILURE;
    return token_or_query(question, now_ms);
}
