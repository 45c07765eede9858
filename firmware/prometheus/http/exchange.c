#include "prometheus/http/exchange.h"

#include "prometheus/http/request.h"
#include "prometheus/http/url.h"

#include <stdio.h>
#include <string.h>

#define API_PATH "/api/v1/query"
#define REDIRECTS_MAX 3

bool exchange_open(struct exchange *exchange, const struct prometheus_settings *settings,
                   struct session *session)
{
    size_t length = strlen(settings->url);
    while (length > 0 && settings->url[length - 1] == '/')
        length--;
    exchange->settings = settings;
    exchange->session = session;
    session->get |= settings->http_method == HTTP_METHOD_GET;
    exchange->signature = (struct signature){
        .access_key = &exchange->secrets.items[SECRET_ACCESS_KEY],
        .secret_key = &exchange->secrets.items[SECRET_SECRET_KEY],
    };
    snprintf(exchange->signature.scope, sizeof exchange->signature.scope, "aws:amz:%s:aps",
             settings->sigv4.region);
    text_add_bytes(&exchange->endpoint, settings->url, length);
    text_add(&exchange->endpoint, API_PATH);
    return !exchange->endpoint.failed;
}

void exchange_forget(struct exchange *exchange)
{
    text_wipe(&exchange->headers);
    text_wipe(&exchange->token_form);
    secrets_wipe(&exchange->secrets);
    secrets_wipe(&exchange->fresh);
}

void exchange_close(struct exchange *exchange)
{
    exchange_forget(exchange);
    text_free(&exchange->endpoint);
    text_free(&exchange->target);
    text_free(&exchange->form);
    text_free(&exchange->params);
    text_free(&exchange->sni_url);
    text_free(&exchange->connect_to);
}

static void aim_at_endpoint(struct exchange *exchange)
{
    exchange->cross_origin = false;
    text_clear(&exchange->target);
    text_add(&exchange->target, exchange->endpoint.data);
    request_address(&exchange->target, &exchange->params, exchange->get ? &exchange->form : NULL);
}

/* A token first, where there is none that is good. */
static enum next token_or_query(struct exchange *exchange, int64_t now_ms)
{
    struct token *token = &exchange->session->token;
    bool wanted = exchange->settings->oauth2.client_id[0] != '\0';
    const struct secret *secret = &exchange->secrets.items[SECRET_CLIENT_SECRET];
    if (wanted && !secret_equals(&token->client_secret, secret))
        token_wipe(token);
    return wanted && !token_is_fresh(token, now_ms) ? NEXT_TOKEN : NEXT_QUERY;
}

/* From 8.3 to 8.17 libcurl signs a plus sign in an address as a space. */
static bool cannot_be_signed(const struct exchange *exchange)
{
    return prometheus_signs(exchange->settings) && !exchange->form.failed &&
           strstr(exchange->form.data, "%2B") != NULL;
}

enum next exchange_begin(struct exchange *exchange, const char *query, const char *ask,
                         int64_t now_ms, struct error *error)
{
    exchange->fetched = exchange->retried = exchange->paused = false;
    exchange->redirects = 0;
    exchange->refused = 0;
    request_form(&exchange->form, query, ask, exchange->settings);
    request_params(&exchange->params, exchange->settings);
    exchange->get = exchange->session->get && !cannot_be_signed(exchange);
    if (exchange->form.failed || exchange->params.failed) {
        error_set(error, "not enough memory to ask Prometheus");
        return NEXT_FAILURE;
    }
    if (!secrets_read(&exchange->secrets, exchange->settings, error))
        return NEXT_FAILURE;
    aim_at_endpoint(exchange);
    return token_or_query(exchange, now_ms);
}

/* libcurl checks the certificate for the name in the URL: so the URL gets server_name, and the
   connection is led to the host that it had. */
static void set_server_name(struct exchange *exchange, struct message *message, const char *name)
{
    char place[CLIENT_URL_SIZE];
    if (name[0] == '\0' || !url_is_https(message->url))
        return;
    url_place(message->url, place, sizeof place);
    text_addf(&exchange->headers, "Host: %s\n", place);
    text_clear(&exchange->sni_url);
    text_clear(&exchange->connect_to);
    url_rename(&exchange->sni_url, message->url, name);
    url_connect_to(&exchange->connect_to, message->url, name);
    message->url = exchange->sni_url.data;
    message->connect_to = exchange->connect_to.data;
}

static void fill_token_message(struct exchange *exchange, struct message *message,
                               struct peer *peer)
{
    const struct oauth2_settings *oauth2 = &exchange->settings->oauth2;
    const struct secret *items = exchange->secrets.items;
    token_request(&exchange->session->token, oauth2, &exchange->secrets, &exchange->token_form,
                  &exchange->headers);
    *peer = (struct peer){"the token server", "oauth2: token_url", "oauth2: tls_config",
                          oauth2->token_url, &oauth2->proxy};
    *message = (struct message){
        .url = oauth2->token_url,
        .form = &exchange->token_form,
        .ca = &items[SECRET_TOKEN_CA],
        .cert = &items[SECRET_TOKEN_CERT],
        .key = &items[SECRET_TOKEN_KEY],
    };
    set_server_name(exchange, message, oauth2->tls_config.server_name);
}

/* A client's certificate is a credential too. */
static void fill_query_message(struct exchange *exchange, struct message *message,
                               struct peer *peer)
{
    static const struct secret none;
    const struct prometheus_settings *settings = exchange->settings;
    const struct secret *items = exchange->secrets.items;
    const struct token *token = &exchange->session->token;
    bool known = !exchange->cross_origin;
    exchange->token_number = known && token->text.text != NULL ? token->number : 0;
    text_add(&exchange->headers, "Cache-Control: no-cache\n");
    if (known)
        request_credentials(&exchange->headers, settings, &exchange->secrets,
                            secret_text(&token->text));
    *peer =
        (struct peer){"Prometheus", "url", "tls_config", exchange->target.data, &settings->proxy};
    *message = (struct message){
        .url = exchange->target.data,
        .form = exchange->get ? NULL : &exchange->form,
        .signature = known && prometheus_signs(settings) ? &exchange->signature : NULL,
        .ca = &items[SECRET_CA],
        .cert = known ? &items[SECRET_CERT] : &none,
        .key = known ? &items[SECRET_KEY] : &none,
    };
    set_server_name(exchange, message, known ? settings->tls_config.server_name : "");
}

bool exchange_message(struct exchange *exchange, enum next next, struct message *message,
                      struct peer *peer)
{
    text_wipe(&exchange->headers);
    bool signed_query = next == NEXT_QUERY && prometheus_signs(exchange->settings);
    if (!signed_query)
        request_headers(&exchange->headers, next == NEXT_QUERY && exchange->compress);
    if (next == NEXT_TOKEN)
        fill_token_message(exchange, message, peer);
    else
        fill_query_message(exchange, message, peer);
    message->lines = &exchange->headers;
    return !exchange->headers.failed && !exchange->target.failed && !exchange->sni_url.failed &&
           !exchange->connect_to.failed && !exchange->token_form.failed;
}

/* The redirect's target as it is meant: what names server_name means the host of url. */
static bool find_target(struct exchange *exchange, const char *redirect, struct text *target)
{
    const struct prometheus_settings *settings = exchange->settings;
    bool renamed = settings->tls_config.server_name[0] != '\0' && !exchange->cross_origin &&
                   url_is_https(settings->url);
    struct text sni_url = {0};
    if (renamed)
        url_rename(&sni_url, settings->url, settings->tls_config.server_name);
    if (renamed && !sni_url.failed && url_same_origin(sni_url.data, redirect)) {
        text_add_bytes(target, settings->url, url_origin_length(settings->url));
        redirect += url_origin_length(redirect);
    }
    text_add(target, redirect);
    target->failed |= sni_url.failed;
    text_free(&sni_url);
    return !target->failed;
}

/* Why this redirect is not followed; NULL when it is. */
static const char *find_objection(const struct exchange *exchange, const char *target)
{
    if (!exchange->settings->follow_redirects)
        return "which follow_redirects forbids";
    if (!url_is_web(target))
        return "which is not followed";
    if (url_is_https(exchange->target.data) && !url_is_https(target))
        return "which would be plain http and is not followed";
    if (url_has_user(target))
        return "which is not followed";
    return NULL;
}

/* POST stays POST: a GET would lose the query. Where the target has no parameters of its own, those
   that stand in the address go with it. */
static enum next follow(struct exchange *exchange, const char *redirect, int64_t now_ms,
                        struct error *error)
{
    const char *url = exchange->settings->url;
    struct text target = {0};
    if (++exchange->redirects > REDIRECTS_MAX) {
        fault_redirect(url, NULL, NULL, error);
        return NEXT_FAILURE;
    }
    if (!find_target(exchange, redirect, &target)) {
        text_free(&target);
        error_set(error, "not enough memory to ask Prometheus");
        return NEXT_FAILURE;
    }
    if (strpbrk(target.data, "?#") == NULL)
        request_address(&target, &exchange->params, exchange->get ? &exchange->form : NULL);
    const char *objection =
        target.failed ? "which is too long to keep" : find_objection(exchange, target.data);
    if (objection != NULL)
        fault_redirect(url, target.data, objection, error);
    exchange->cross_origin |= !url_same_origin(url, target.data);
    text_free(&exchange->target);
    exchange->target = target;
    if (objection != NULL)
        return NEXT_FAILURE;
    bool lost = exchange->token_number > 0 && exchange->session->token.text.text == NULL;
    return lost && !exchange->cross_origin ? token_or_query(exchange, now_ms) : NEXT_QUERY;
}

/* A refusal may mean that a secret was replaced in this moment, or that a token was revoked: some
   servers say 401 then, others 403. */
static enum next try_fresh_secrets(struct exchange *exchange, int64_t now_ms)
{
    struct error ignored;
    struct token *token = &exchange->session->token;
    bool revoked = exchange->token_number > 0 && !exchange->fetched;
    if (exchange->retried)
        return NEXT_ANSWER;
    bool changed = secrets_read(&exchange->fresh, exchange->settings, &ignored) &&
                   !secrets_equal(&exchange->secrets, &exchange->fresh);
    if (!changed && !revoked)
        return NEXT_ANSWER;
    if (changed) {
        secrets_wipe(&exchange->secrets);
        exchange->secrets = exchange->fresh;
        exchange->fresh = (struct secrets){0};
    }
    if (revoked && token->number == exchange->token_number) /* or it has been replaced already */
        token_wipe(token);
    exchange->retried = true;
    aim_at_endpoint(exchange);
    return token_or_query(exchange, now_ms);
}

/* The same by GET, once. */
static enum next try_get(struct exchange *exchange, long status, int64_t now_ms)
{
    bool post_refused = status == 403 || status == 405 || status == 501;
    if (exchange->get || !post_refused || prometheus_signs(exchange->settings))
        return NEXT_ANSWER; /* Amazon takes both, and a bad signature of neither */
    exchange->refused = status;
    exchange->get = true;
    exchange->redirects = 0;
    aim_at_endpoint(exchange);
    return token_or_query(exchange, now_ms);
}

/* GET works where POST was refused. */
static void note_method(struct exchange *exchange, long status)
{
    struct session *session = exchange->session;
    if (status != 200 || exchange->refused == 0 || session->get)
        return;
    session->get = true;
    session->refused = exchange->refused;
}

void exchange_moved(const struct exchange *exchange, char *out, size_t size)
{
    const char *target = exchange->target.data;
    const char *path = exchange->redirects > 0 ? strstr(target, API_PATH) : NULL;
    out[0] = '\0';
    if (path != NULL && (size_t)(path - target) < size &&
        memchr(target, '@', (size_t)(path - target)) == NULL)
        snprintf(out, size, "%.*s", (int)(path - target), target);
}

enum next exchange_answered(struct exchange *exchange, long status, const char *redirect,
                            int64_t now_ms, struct error *error)
{
    bool refused = status == 401 || status == 403;
    if (status >= 300 && status <= 399 && redirect != NULL)
        return follow(exchange, redirect, now_ms, error);
    if (refused && exchange->cross_origin && prometheus_has_secret(exchange->settings)) {
        fault_redirect(exchange->settings->url, exchange->target.data,
                       "where credentials are not sent", error);
        return NEXT_FAILURE;
    }
    enum next next = refused ? try_fresh_secrets(exchange, now_ms) : NEXT_ANSWER;
    note_method(exchange, status);
    return next == NEXT_ANSWER ? try_get(exchange, status, now_ms) : next;
}

enum next exchange_token(struct exchange *exchange, const struct http_answer *http,
                         const struct echo *sent, int64_t now_ms, struct error *error)
{
    struct token *token = &exchange->session->token;
    bool refused = http->status == 400 || http->status == 401;
    const struct secret *secret = &exchange->secrets.items[SECRET_CLIENT_SECRET];
    if (token_take(token, http, secret, sent, now_ms, error)) {
        exchange->fetched = true;
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

enum next exchange_share_token(struct exchange *exchange, int64_t now_ms)
{
    enum next next = token_or_query(exchange, now_ms);
    exchange->fetched = next == NEXT_QUERY;
    return next;
}

static bool has_pair_in_files(const struct prometheus_settings *settings)
{
    return settings->tls_config.cert_file[0] != '\0' || settings->tls_config.key_file[0] != '\0' ||
           settings->oauth2.tls_config.cert_file[0] != '\0' ||
           settings->oauth2.tls_config.key_file[0] != '\0';
}

enum next exchange_broken(struct exchange *exchange, enum fault fault)
{
    if (fault != FAULT_CLIENT_CERTIFICATE || exchange->paused ||
        !has_pair_in_files(exchange->settings))
        return NEXT_FAILURE;
    exchange->paused = true;
    return NEXT_PAUSE;
}

enum next exchange_resume(struct exchange *exchange, int64_t now_ms, struct error *error)
{
    if (!secrets_read(&exchange->secrets, exchange->settings, error))
        return NEXT_FAILURE;
    return token_or_query(exchange, now_ms);
}
