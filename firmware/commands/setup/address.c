/* Where Prometheus is, and what it wants to see. Each answer is tried with the real client. */
#include "base/intake.h"
#include "commands/common/load_config.h"
#include "commands/common/proof.h"
#include "commands/setup/setup.h"
#include "commands/setup/tidy.h"
#include "prometheus/http/url.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK "timeout: 3s, connect_timeout: 2s"
#define MOVES_MAX 3 /* addresses that lead on to another */

/* Where one is when nobody has thought about it. */
static const char *const usual[] = {"http://localhost:9090", "http://prometheus:9090"};

enum reached {
    REACHED_NOT,
    REACHED_ELSEWHERE,  /* it leads to another address, which would get a secret */
    REACHED_DISTRUSTED, /* its certificate is not accepted for want of a CA */
    REACHED_STRANGER,   /* it wants to know who asks */
    REACHED_WELL,
};

void setup_leave(struct setup *setup)
{
    discovery_free(&setup->found);
    client_close(setup->inquiry.client);
    rows_free(setup->inquiry.rows);
    config_free(setup->trial);
    setup->inquiry.client = NULL;
    setup->inquiry.rows = NULL;
    setup->trial = NULL;
}

/* Opens what `text`, a config, says of Prometheus. */
static bool open_trial(struct setup *setup, const struct text *text, struct error *error)
{
    setup_leave(setup);
    setup->trial = load_made_config(text, error);
    if (setup->trial == NULL)
        return false;
    prometheus_guard(&setup->trial->prometheus);
    setup->inquiry.client = client_open(&setup->trial->prometheus, error);
    setup->inquiry.rows = rows_new();
    return setup->inquiry.client != NULL && setup->inquiry.rows != NULL;
}

/* Whether anything answers PromQL there, or says who it is by wanting to know us. */
static bool answers(struct setup *setup, const char *url)
{
    struct text text = {0};
    struct error error = {0};
    struct answered answered = {0};
    add_bare_config(&text, url, ", " LOOK);
    const bool good = open_trial(setup, &text, &error) &&
                      (question_ask(&setup->inquiry, "vector(1)", &answered) ||
                       answered.refusal.authentication || answered.distrusted);
    setup_leave(setup);
    text_free(&text);
    return good;
}

static void look_for_address(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    const char *const *values = setup->options->values;
    const bool secret = values[SETUP_TOKEN_FILE] != NULL || values[SETUP_USERNAME] != NULL;
    const size_t usual_count =
        secret ? 1 : sizeof usual / sizeof usual[0]; /* never off this machine */
    text_copy(proposed, ANSWER_SIZE, setup->moved);
    if (setup->quiet || setup->url[0] != '\0') /* not asked for, or for the second time */
        return;
    if (setup->asks)
        setup_say(setup, "Looking for a Prometheus near here ...");
    const struct config *before = setup->former.config;
    if (before != NULL && answers(setup, before->prometheus.url))
        text_copy(proposed, ANSWER_SIZE, before->prometheus.url);
    for (size_t i = 0; i < usual_count && proposed[0] == '\0'; i++)
        if (!ask_interrupted(&setup->asker) && answers(setup, usual[i]))
            text_copy(proposed, ANSWER_SIZE, usual[i]);
}

/* A sentence without the last of its parts, which says what to do. */
static void cut_advice(struct error *error)
{
    char *last = NULL;
    for (char *at = error->text; (at = strstr(at, "; ")) != NULL; at++)
        last = at;
    if (last != NULL)
        *last = '\0';
}

/* One attempt at setup->url, without what is secret where it is `withheld`. `moved`: where it
   leads. */
static enum reached reach_once(struct setup *setup, bool withheld,
                               char moved[static HTTP_FROM_SIZE], struct error *error)
{
    struct text text = {0};
    struct answered answered = {0};
    struct error notice;
    moved[0] = '\0';
    setup->withholds = withheld;
    compose(setup, COMPOSE_TRIAL, &text);
    setup->withholds = false;
    const bool open = open_trial(setup, &text, error);
    text_wipe(&text);
    if (!open)
        return REACHED_NOT;
    const bool good = question_ask(&setup->inquiry, "vector(1)", &answered);
    text_copy(moved, HTTP_FROM_SIZE, answered.moved);
    setup->by_get = client_notice(setup->inquiry.client, &notice);
    if (good)
        return REACHED_WELL;
    *error = answered.refusal.error;
    retry_words_cut(error);
    if (!answered.distrusted && !answered.refusal.authentication)
        return REACHED_NOT;
    cut_advice(error); /* about the config file; here it is asked for instead */
    return answered.distrusted ? REACHED_DISTRUSTED : REACHED_STRANGER;
}

/* A cache that gives the answer to another question is no Prometheus; without the row that proves
   an answer new there is a key. */
static bool accept_proof(struct setup *setup, struct error *error)
{
    struct answered answered;
    const enum proof_given given = proof_ask(&setup->inquiry, &answered);
    setup->no_nonce = given == PROOF_NONE || given == PROOF_REFUSED;
    return given != PROOF_ANOTHER ||
           error_set(error,
                     "the answer to another question came back: a cache stands between; name "
                     "an address past it");
}

/* Looks around where an answer came from: without workloads it is of no use. */
static enum reached explore(struct setup *setup, struct error *error)
{
    size_t total = 0;
    setup->found = (struct discovery){.config = setup->trial, .traits = {.lacks = lacks_begin()}};
    if (!accept_proof(setup, error))
        return REACHED_NOT;
    if (!discover_find(&setup->found, &setup->inquiry, error)) {
        retry_words_cut(error);
        return REACHED_NOT;
    }
    workloads_rank(&setup->found);
    for (size_t i = 0; i < setup->found.count; i++)
        total += setup->found.places[i].total;
    setup_say(setup, "   Prometheus answers, and knows %zu workload%s in %zu namespace%s.", total,
              total == 1 ? "" : "s", setup->found.count, setup->found.count == 1 ? "" : "s");
    return REACHED_WELL;
}

static bool has_secret(const struct setup *setup)
{
    return setup->secret[0] != '\0' || setup->secret_file[0] != '\0';
}

/* Whoever an address leads on to was not said to be trusted: it is the next answer to be given. */
static enum reached lead_elsewhere(struct setup *setup, const char *moved, struct error *error)
{
    text_copy(setup->moved, sizeof setup->moved, moved);
    if (setup->asks)
        error_set(error, "that redirects to %s: is this the one to be trusted with a secret?",
                  moved);
    else
        error_set(error,
                  "that redirects to %s; name this one, if it is to be trusted with a secret",
                  moved);
    return REACHED_ELSEWHERE;
}

/* Without any secret, to where it leads at the end. */
static enum reached find_end(struct setup *setup, struct error *error)
{
    char moved[HTTP_FROM_SIZE];
    enum reached reached = reach_once(setup, true, moved, error);
    for (int moves = 0; moved[0] != '\0'; moves++) {
        const bool secret = has_secret(setup) || setup->username[0] != '\0';
        if ((secret || reached == REACHED_STRANGER) && !url_same_origin(setup->url, moved))
            return lead_elsewhere(setup, moved, error);
        if (reached == REACHED_NOT || reached == REACHED_DISTRUSTED || moves == MOVES_MAX)
            break;
        setup_say(setup, "   That redirects to %s, which is taken instead.", moved);
        text_copy(setup->url, sizeof setup->url, moved);
        reached = reach_once(setup, true, moved, error);
    }
    return reached;
}

/* A secret goes out once it is known where to: what redirects has said so before. */
static enum reached reach(struct setup *setup, struct error *error)
{
    char moved[HTTP_FROM_SIZE];
    enum reached reached = find_end(setup, error);
    if (has_secret(setup) && reached != REACHED_DISTRUSTED && reached != REACHED_ELSEWHERE &&
        !ask_interrupted(&setup->asker)) {
        *error = (struct error){0};
        reached = reach_once(setup, false, moved, error);
        if (moved[0] != '\0' && !url_same_origin(setup->url, moved))
            reached = lead_elsewhere(setup, moved, error);
    }
    setup->wants.ca = reached == REACHED_DISTRUSTED;
    setup->wants.secret = reached == REACHED_STRANGER;
    return reached == REACHED_WELL ? explore(setup, error) : reached;
}

/* A secret that the service could not read where it is counts as one that was typed. */
static bool take_over(struct setup *setup, struct error *error)
{
    struct text text = {0};
    if (!setup_hides(setup, setup->secret_file))
        return true;
    bool good = intake_file(setup->secret_file, INTAKE_FILE, sizeof setup->secret, &text);
    if (good && text.data != NULL) {
        text.data[strcspn(text.data, "\r\n")] = '\0';
        good = text_copy(setup->secret, sizeof setup->secret, text.data);
    }
    text_wipe(&text);
    if (!good)
        return error_set(error, "cannot copy %s, which the service cannot read where it is",
                         setup->secret_file);
    setup->secret_file[0] = '\0';
    text_copy(setup->secret_name, sizeof setup->secret_name, "prometheus.secret");
    return true;
}

/* Says what is still wanted, when an answer is good as far as it goes. */
static enum tried progress(struct setup *setup, enum reached reached, struct error *error)
{
    if (reached == REACHED_NOT || reached == REACHED_ELSEWHERE)
        return TRIED_ADDRESS;
    if (reached == REACHED_WELL && !take_over(setup, error))
        return TRIED_REFUSED;
    if (reached == REACHED_WELL && setup->username[0] != '\0' && setup->secret_file[0] == '\0' &&
        setup->secret[0] == '\0') {
        setup_say(setup, "   It does not ask who we are: the name %s is left out.",
                  setup->username);
        setup->username[0] = '\0';
    }
    if (reached != REACHED_WELL && setup->asks) {
        setup_say(setup, "   %s.", error->text);
        *error = (struct error){0};
    }
    return TRIED_FINE;
}

/* Whole, as the service sees it from elsewhere; false: there is no such file. */
static bool whole_path(const char *path, char out[static CLIENT_PATH_SIZE], struct error *error)
{
    char whole[PATH_MAX];
    if (realpath(path, whole) == NULL || access(whole, R_OK) != 0)
        return error_set(error, "there is no file %s that can be read", path);
    return text_copy(out, CLIENT_PATH_SIZE, whole) ||
           error_set(error, "the path %s is too long", whole);
}

/* Another address is another server: what was for the one before is not for it. */
static void forget_credentials(struct setup *setup)
{
    explicit_bzero(setup->secret, sizeof setup->secret);
    setup->secret_file[0] = setup->secret_name[0] = setup->username[0] = '\0';
    setup->ca_file[0] = '\0';
}

/* What options say of credentials counts from the first attempt on. */
static bool take_options(struct setup *setup, struct error *error)
{
    const char *const *values = setup->options->values;
    const char *secret =
        values[SETUP_TOKEN_FILE] != NULL ? values[SETUP_TOKEN_FILE] : values[SETUP_PASSWORD_FILE];
    if (values[SETUP_USERNAME] != NULL && values[SETUP_TOKEN_FILE] != NULL)
        return error_set(error, "--username and --token-file exclude each other; give one");
    if (values[SETUP_USERNAME] != NULL)
        text_copy(setup->username, sizeof setup->username, values[SETUP_USERNAME]);
    return (values[SETUP_CA_FILE] == NULL ||
            whole_path(values[SETUP_CA_FILE], setup->ca_file, error)) &&
           (secret == NULL || whole_path(secret, setup->secret_file, error));
}

/* The server of the config that is there gets what that has for it; a secret that is written in the
   config itself is asked for. */
static void take_former(struct setup *setup, const char *url)
{
    const struct config *former = setup->former.config;
    const char *const *values = setup->options->values;
    if (former == NULL || strcmp(former->prometheus.url, url) != 0 ||
        values[SETUP_TOKEN_FILE] != NULL || values[SETUP_USERNAME] != NULL)
        return;
    const struct prometheus_settings *prometheus = &former->prometheus;
    const char *token = prometheus->authorization.credentials_file;
    const char *password = prometheus->basic_auth.password_file;
    text_copy(setup->ca_file, sizeof setup->ca_file, prometheus->tls_config.ca_file);
    if (password[0] != '\0')
        text_copy(setup->username, sizeof setup->username, prometheus->basic_auth.username);
    text_copy(setup->secret_file, sizeof setup->secret_file,
              password[0] != '\0' ? password : token);
}

/* Nobody has said that anybody on the way may read along. */
static bool is_open(const struct setup *setup)
{
    return !url_is_https(setup->url);
}

/*
 * Without http:// or https:// both are tried, and what failed first says why; but plain http is not
 * guessed where a secret would go.
 */
static enum reached guess_scheme(struct setup *setup, const char *address, struct error *error)
{
    static const char *const schemes[] = {"http://", "https://"};
    const bool secret = has_secret(setup) || setup->username[0] != '\0';
    struct error first = {0};
    enum reached reached = REACHED_NOT;
    for (size_t i = secret ? 1 : 0; i < 2 && reached == REACHED_NOT; i++) {
        if (ask_interrupted(&setup->asker))
            break;
        snprintf(setup->url, sizeof setup->url, "%s%s", schemes[i], address);
        *error = (struct error){0};
        reached = reach(setup, error);
        if (reached == REACHED_STRANGER && is_open(setup)) {
            reached = REACHED_NOT;
            setup->wants.secret = false;
            error_set(error,
                      "it wants to know who asks, and a secret could be read on the way by plain "
                      "http; type http://%.*s if that is meant",
                      (int)text_fit(address, 120), address);
        }
        if (first.text[0] == '\0')
            first = *error;
    }
    if (reached == REACHED_NOT) {
        *error = first;
        if (secret)
            error_set(error, "%s; where a secret goes, plain http:// has to be typed", first.text);
    }
    return reached;
}

static enum tried try_address(struct setup *setup, const char *answer, struct error *error)
{
    char address[CLIENT_URL_SIZE - sizeof "https://"];
    forget_credentials(setup);
    setup->moved[0] = '\0';
    take_former(setup, answer);
    if (!take_options(setup, error))
        return TRIED_REFUSED;
    if (!tidy_address(answer, address, sizeof address)) {
        error_set(error, "that address is too long");
        return TRIED_REFUSED;
    }
    if (!tidy_scheme_is_known(address, error))
        return TRIED_REFUSED;
    text_copy(setup->url, sizeof setup->url, address);
    const enum reached reached =
        url_is_web(address) ? reach(setup, error) : guess_scheme(setup, address, error);
    return reached == REACHED_ELSEWHERE ? TRIED_AGAIN : progress(setup, reached, error);
}

static enum tried try_ca(struct setup *setup, const char *answer, struct error *error)
{
    if (!whole_path(answer, setup->ca_file, error))
        return TRIED_REFUSED;
    const enum reached reached = reach(setup, error);
    if (reached != REACHED_DISTRUSTED && reached != REACHED_NOT)
        return progress(setup, reached, error);
    if (reached == REACHED_DISTRUSTED || strstr(error->text, "ca_file") != NULL) {
        setup->ca_file[0] = '\0';
        setup->wants.ca = true;
        return TRIED_REFUSED;
    }
    return TRIED_ADDRESS;
}

static enum tried try_user(struct setup *setup, const char *answer, struct error *error)
{
    if (strchr(answer, ':') != NULL) { /* RFC 7617 */
        error_set(error, "a user's name has no colon");
        return TRIED_REFUSED;
    }
    if (!text_copy(setup->username, sizeof setup->username, answer)) {
        error_set(error, "that name is too long");
        return TRIED_REFUSED;
    }
    if (strcmp(answer, "token") == 0)
        setup->username[0] = '\0';
    return TRIED_FINE;
}

static void propose_token(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    (void)setup;
    text_copy(proposed, ANSWER_SIZE, "token");
}

/* The server does not say which of the two is wrong. */
static void doubt_name(const struct setup *setup, struct error *error)
{
    if (!setup->asks)
        return;
    const struct error said = *error;
    if (setup->username[0] != '\0')
        error_set(error, "%s; the name %s may be wrong as well: `back` asks for it anew", said.text,
                  setup->username);
    else
        error_set(error, "%s; if it wants a user's name, `back` asks who it is", said.text);
}

/* The name of a file that is there, or the secret itself. */
static enum tried try_secret(struct setup *setup, const char *answer, struct error *error)
{
    explicit_bzero(setup->secret, sizeof setup->secret);
    setup->secret_file[0] = '\0';
    if (setup->by_option || (strchr(answer, '/') != NULL && access(answer, R_OK) == 0)) {
        if (!whole_path(answer, setup->secret_file, error))
            return TRIED_REFUSED;
    } else if (!text_copy(setup->secret, sizeof setup->secret, answer)) {
        error_set(error, "that is too long; put it into a file, and answer with its path");
        return TRIED_REFUSED;
    }
    text_copy(setup->secret_name, sizeof setup->secret_name,
              setup->secret_file[0] != '\0' ? "" : "prometheus.secret");
    const enum reached reached = reach(setup, error);
    if (reached == REACHED_STRANGER) {
        doubt_name(setup, error);
        return TRIED_REFUSED;
    }
    return progress(setup, reached, error);
}

static void word_url(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "Where is Prometheus (its address, such as prometheus.example.org:9090)?");
}

static void word_ca(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "The file with the certificate (PEM) of who signed it:");
}

static void word_user(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "Who asks? A user's name, or `token` for a bearer token");
}

static void word_token(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "The token (it is not shown), or the path of a file with it:");
}

static void word_password(struct setup *setup, struct text *out)
{
    text_addf(out, "The password of %s (it is not shown), or the path of a file with it:",
              setup->username);
}

static bool wants_ca(struct setup *setup)
{
    return setup->wants.ca;
}

static bool wants_secret(struct setup *setup)
{
    return setup->wants.secret;
}

/* A file that an option names says already which of the two it is. */
static bool wants_user(struct setup *setup)
{
    return setup->wants.secret && setup->options->values[SETUP_TOKEN_FILE] == NULL;
}

static bool wants_token(struct setup *setup)
{
    return wants_secret(setup) && setup->username[0] == '\0';
}

static bool wants_password(struct setup *setup)
{
    return wants_secret(setup) && setup->username[0] != '\0';
}

const struct question question_url = {
    SETUP_URL, "the address of Prometheus", word_url, NULL, look_for_address, try_address, false};
const struct question question_ca = {
    SETUP_CA_FILE, "the certificate to trust", word_ca, wants_ca, NULL, try_ca, false};
const struct question question_user = {
    SETUP_USERNAME, "who asks Prometheus", word_user, wants_user, propose_token, try_user, false};
const struct question question_token = {
    SETUP_TOKEN_FILE, "the token for Prometheus", word_token, wants_token, NULL, try_secret, true};
const struct question question_password = {SETUP_PASSWORD_FILE,
                                           "the password for Prometheus",
                                           word_password,
                                           wants_password,
                                           NULL,
                                           try_secret,
                                           true};
