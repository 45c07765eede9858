/*
 * Passwords and tokens: how they are sent, renewed and refused.
 */
#include "prometheus/asking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"status\":\"success\"}"

static void write_secret(const struct talk *talk, const char *bytes, size_t length)
{
    FILE *file = fopen(talk->secret, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void credentials_are_sent(void **state)
{
    static const struct reply good = {BYTES(GOOD)};
    struct talk *talk = *state;
    talk_serve(talk, &good, 1);
    snprintf(talk->settings.basic_auth.username, 128, "Aladdin");
    snprintf(talk->settings.basic_auth.password, 128, "open sesame");
    talk_open(talk);
    talk_expect(talk, 200);
    talk_was_sent(talk, "\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"); /* RFC 7617 */
    snprintf(talk->settings.basic_auth.password, 128, "a");
    talk_expect(talk, 200);
    talk_was_sent(talk, "\r\nAuthorization: Basic QWxhZGRpbjph\r\n");
    snprintf(talk->settings.basic_auth.password, 128, "\xC2\xA3");
    talk_expect(talk, 200);
    talk_was_sent(talk, "\r\nAuthorization: Basic QWxhZGRpbjrCow==\r\n");
    talk->settings.basic_auth.username[0] = '\0';
    snprintf(talk->settings.authorization.type, 32, "Bearer");
    snprintf(talk->settings.authorization.credentials, 128, "abc.def");
    talk_expect(talk, 200);
    talk_was_sent(talk, "\r\nAuthorization: Bearer abc.def\r\n");
}

static void a_secret_that_was_rotated_is_sent_at_once(void **state)
{
    static const struct reply replies[] = {
        {BYTES(GOOD)},
        {BYTES("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")},
        {BYTES(GOOD)},
        {BYTES("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")},
    };
    struct talk *talk = *state;
    write_secret(talk, " \told\r\n", 7);
    talk_serve(talk, replies, 4);
    snprintf(talk->settings.authorization.type, 32, "Bearer");
    snprintf(talk->settings.authorization.credentials_file, CLIENT_PATH_SIZE, "%s", talk->secret);
    talk_open(talk);
    talk_expect(talk, 200);
    talk_was_sent(talk, "\r\nAuthorization: Bearer old\r\n");
    assert_true(client_ask(talk->client, CLIENT_WORKLOADS, "up", ASK, &talk->error));
    write_secret(talk, "new\n", 4); /* the old one is on its way */
    assert_int_equal(asking_finish(talk->client, &talk->channel, &talk->answer, &talk->error),
                     CLIENT_ANSWER);
    assert_int_equal(talk->answer.status, 200);
    talk_was_sent(talk, "\r\nAuthorization: Bearer new\r\n");
    talk_expect(talk, 401); /* unchanged: it is not sent a second time */
    assert_int_equal(server_requests(talk->server), 4);
}

static void a_secret_that_cannot_be_read_is_reported(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *words;
    } rows[] = {
        {"", 0, "it is empty"},
        {" \n", 2, "it is empty"},
        {"a\nb", 3, "more than one line"},
        {"a\rb", 3, "more than one line"},
        {"a\0b", 3, "NUL"},
        {"a\033[2J", 5, "control character"},
        {"a\177", 2, "control character"},
        {"\001a", 2, "control character"},
    };
    struct talk *talk = *state;
    talk->settings = asking_settings(1);
    snprintf(talk->settings.basic_auth.username, 128, "wall");
    snprintf(talk->settings.basic_auth.password_file, CLIENT_PATH_SIZE, "%s", talk->secret);
    talk_open(talk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_secret(talk, rows[i].bytes, rows[i].length);
        assert_false(client_ask(talk->client, CLIENT_WORKLOADS, "up", ASK, &talk->error));
        if (strstr(talk->error.text, rows[i].words) == NULL ||
            strstr(talk->error.text,
                   "cannot read basic_auth: password_file /tmp/amberbar-secret-") == NULL)
            fail_msg("%s", talk->error.text);
    }
    assert_int_equal(truncate(talk->secret, 65537), 0);
    assert_false(client_ask(talk->client, CLIENT_WORKLOADS, "up", ASK, &talk->error));
    assert_non_null(strstr(talk->error.text, "it is too long; put the secret alone"));
    unlink(talk->secret);
    assert_false(client_ask(talk->client, CLIENT_WORKLOADS, "up", ASK, &talk->error));
    assert_non_null(strstr(talk->error.text, "password_file: there is no such file (its name "
                                             "is not shown: it may be the secret itself)"));
    snprintf(talk->settings.basic_auth.password_file, CLIENT_PATH_SIZE, "/tmp");
    assert_false(client_ask(talk->client, CLIENT_WORKLOADS, "up", ASK, &talk->error));
    assert_non_null(strstr(talk->error.text, "password_file /tmp: it is a directory"));
}

/* Whatever it is: a refusal, or a good one with a warning. */
static void an_answer_is_judged_with_what_was_sent_for_it(void **state)
{
    static const char *const lines[] = {"200 OK",        "400 Bad Request", "401 Unauthorized",
                                        "403 Forbidden", "404 Not Found",   "422 Unprocessable",
                                        "500 Oh",        "503 Not Now"};
    struct reply replies[2 * sizeof lines / sizeof lines[0]];
    char bytes[sizeof lines / sizeof lines[0]][64];
    struct talk *talk = *state;
    size_t count = 0;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        snprintf(bytes[i], sizeof bytes[i], "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", lines[i]);
        for (int twice = 0; twice <= (strncmp(lines[i], "403", 3) == 0); twice++) /* by GET, too */
            replies[count++] = (struct reply){.bytes = bytes[i], .length = strlen(bytes[i])};
    }
    write_secret(talk, "Abcdefgh-S3cret-Token", 21);
    talk_serve(talk, replies, count);
    snprintf(talk->settings.authorization.type, 32, "Bearer");
    snprintf(talk->settings.authorization.credentials_file, CLIENT_PATH_SIZE, "%s", talk->secret);
    talk_open(talk);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const struct http_answer *answer = &talk->answer;
        talk_expect(talk, strtol(lines[i], NULL, 10));
        if (!answer->repeats(answer->sent, "you sent Bearer Abcdefgh-S3cret-Token"))
            fail_msg("%s: it may be quoted", lines[i]);
        assert_false(answer->repeats(answer->sent, "no such tenant"));
    }
}

static void where_a_server_leads_to_is_not_told_if_it_is_a_secret(void **state)
{
    static const struct reply replies[] = {
        {BYTES("HTTP/1.1 302 Found\r\nLocation: ftp://x/Abcdefgh-S3\r\nContent-Length: 0\r\n\r\n")},
        {BYTES("HTTP/1.1 302 Found\r\nLocation: ftp://x/elsewhere\r\nContent-Length: 0\r\n\r\n")},
    };
    struct talk *talk = *state;
    talk_serve(talk, replies, 2);
    snprintf(talk->settings.bearer_token, 64, "Abcdefgh-S3cret-Token");
    talk_open(talk);
    assert_int_equal(asking(talk->client, &talk->answer, &talk->error), CLIENT_FAILED);
    assert_non_null(strstr(talk->error.text, " redirects to an address that holds what is kept "
                                             "secret; set url to where Prometheus is"));
    assert_null(strstr(talk->error.text, "Abcdefgh"));
    assert_int_equal(asking(talk->client, &talk->answer, &talk->error), CLIENT_FAILED);
    assert_non_null(strstr(talk->error.text, " redirects to ftp://x/elsewhere"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_set_up, talk_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(credentials_are_sent),
        TEST(a_secret_that_was_rotated_is_sent_at_once),
        TEST(a_secret_that_cannot_be_read_is_reported),
        TEST(an_answer_is_judged_with_what_was_sent_for_it),
        TEST(where_a_server_leads_to_is_not_told_if_it_is_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
