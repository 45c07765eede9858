/*
 * Passwords and tokens: how they are sent, renewed and refused.
 */
#include "prometheus/asking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_set_up, talk_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(credentials_are_sent),
        TEST(a_secret_that_was_rotated_is_sent_at_once),
        TEST(a_secret_that_cannot_be_read_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
