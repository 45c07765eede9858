/*
 * The client against a real socket and a server that misbehaves.
 */
#include "prometheus/http/client.h"

#include "prometheus/asking.h"
#include "prometheus/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define AGAIN(literal, count) \
    .again = (literal), .again_length = sizeof literal - 1, .times = (count)
#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define BODY "{\"status\":\"success\"}"
#define GOOD OK "Content-Length: 20\r\n\r\n" BODY
/* BODY by Python's zlib, level 9: as gzip, and as zlib. */
#define GZIP_START                                                                 \
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"                                     \
    "\xab\x56\x2a\x2e\x49\x2c\x29\x2d\x56\xb2\x52\x2a\x2e\x4d\x4e\x4e\x2d\x2e\x56" \
    "\xaa\x05\x00"
#define GZIP GZIP_START "\x98\x41\xd2\x7d\x14\x00\x00\x00"
#define ZLIB                                                                                       \
    "\x78\xda\xab\x56\x2a\x2e\x49\x2c\x29\x2d\x56\xb2\x52\x2a\x2e\x4d\x4e\x4e\x2d\x2e\x56\xaa\x05" \
    "\x00\x4d\x1c\x07\x58"
/* A gzip stream of NULs that never ends: each turn of 13 bytes unpacks to 2,064. */
#define BOMB_START "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x63\x18"
#define BOMB_TURN "\x05\xa3\x60\x14\x8c\x82\x51\x30\x0a\x46\xc1\x28\x18"
#define TIMEOUT_MS 900 /* of a busy machine's time, too */

static const struct {
    const char *sentence;
    struct reply reply;
    const char *words;  /* of the error; NULL: BODY is answered */
    int64_t timeout_ms; /* 0: long enough never to matter */
} faults[] = {
    {"a plain answer", {BYTES(GOOD)}, NULL, 0},
    {"an answer that ends with the connection",
     {BYTES(OK "Connection: close\r\n\r\n" BODY), .end = SERVER_CLOSES},
     NULL,
     0},
    {"an answer in chunks",
     {BYTES(OK "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"status\r\nc\r\n\":\"success\"}\r\n0\r\n"
               "\r\n")},
     NULL,
     0},
    {"an answer in gzip, though it was not asked for",
     {BYTES(OK "Content-Encoding: gzip\r\nContent-Length: 40\r\n\r\n" GZIP)},
     NULL,
     0},
    {"an answer in deflate",
     {BYTES(OK "Content-Encoding: deflate\r\nContent-Length: 28\r\n\r\n" ZLIB)},
     NULL,
     0},
    {"an answer after 100 Continue", {BYTES("HTTP/1.1 100 Continue\r\n\r\n" GOOD)}, NULL, 0},
    {"a connection that is closed at once",
     {BYTES(""), .end = SERVER_CLOSES},
     "without an answer; where that goes on, see whether that port wants https://; asking again",
     0},
    {"a reset in mid-body",
     {BYTES(OK "Content-Length: 20\r\n\r\n{\"stat"), .end = SERVER_RESETS},
     "incomplete response",
     0},
    {"a body shorter than Content-Length",
     {BYTES(OK "Content-Length: 20\r\n\r\n{\"stat"), .end = SERVER_CLOSES},
     "incomplete response",
     0},
    {"a bad chunk",
     {BYTES(OK "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{\"status\r\n"), .end = SERVER_CLOSES},
     "incomplete response",
     0},
    {"a last chunk that never comes",
     {BYTES(OK "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"status\r\n"), .end = SERVER_CLOSES},
     "incomplete response",
     0},
    {"a gzip stream whose check sum is wrong",
     {BYTES(OK "Content-Encoding: gzip\r\nContent-Length: 40\r\n\r\n" GZIP_START
               "\x98\x41\x2d\x7d\x14\x00\x00\x00")},
     "compression is corrupt",
     0},
    {"a gzip stream that is none",
     {BYTES(OK "Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" BODY)},
     "compression is corrupt",
     0},
    {"a compression that nobody knows",
     {BYTES(OK "Content-Encoding: lzma\r\nContent-Length: 20\r\n\r\n" BODY)},
     "compression is corrupt or unknown",
     0},
    {"a gzip bomb of 64 MiB in 400 kB",
     {BYTES(OK "Content-Encoding: gzip\r\n\r\n" BOMB_START), AGAIN(BOMB_TURN, 32768),
      .end = SERVER_CLOSES},
     "more than 65536 bytes, room for about 13 workloads",
     0},
    {"a body over the cap that says so",
     {BYTES(OK "Content-Length: 1000000\r\n\r\n"), AGAIN("0123456789", 100000)},
     "more than 65536 bytes, room for about 13 workloads",
     0},
    {"a body over the cap in one endless stream",
     {BYTES(OK "\r\n"), AGAIN("0123456789", 10000000), .end = SERVER_CLOSES},
     "raise max_response_size",
     0},
    {"100,000 headers",
     {BYTES("HTTP/1.1 200 OK\r\n"), AGAIN("X-Flood: yes\r\n", 100000), .end = SERVER_CLOSES},
     "64 KiB of headers",
     0},
    {"one header without end",
     {BYTES("HTTP/1.1 200 OK\r\nX-Flood: "), AGAIN("0123456789", 100000), .end = SERVER_CLOSES},
     "",
     0},
    {"something that is not HTTP",
     {BYTES("SSH-2.0-OpenSSH_9.2\r\n"), .end = SERVER_CLOSES},
     "does not speak HTTP",
     0},
    {"nothing at all",
     {BYTES(""), .end = SERVER_STALLS},
     "no whole answer from 127.0.0.1",
     TIMEOUT_MS},
    {"a stall in mid-body",
     {BYTES(OK "Content-Length: 20\r\n\r\n{\"stat"), .end = SERVER_STALLS},
     "within 900 ms",
     TIMEOUT_MS},
    {"a body byte by byte, too slowly",
     {BYTES(OK "Content-Length: 20\r\n\r\n"), AGAIN("x", 20), .pause_ms = 100},
     "timed out",
     TIMEOUT_MS},
    {"headers byte by byte, too slowly",
     {BYTES("HTTP/1.1 200 OK\r\n"), AGAIN("X", 20), .pause_ms = 100},
     "timed out",
     TIMEOUT_MS},
    {"a redirect to another host",
     {BYTES("HTTP/1.1 302 Found\r\nLocation: http://user:pw@example.org/x?token=s3cret\r\n"
            "Content-Length: 0\r\n\r\n")},
     "redirects to another address",
     0},
    {"a redirect to another port",
     {BYTES("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/p/api/v1/query?a=b\r\n"
            "Content-Length: 0\r\n\r\n")},
     "nothing listens on 127.0.0.1:1;",
     0},
    {"a redirect to another scheme",
     {BYTES("HTTP/1.1 301 Moved Permanently\r\nLocation: https://127.0.0.1:1/\r\n"
            "Content-Length: 0\r\n\r\n")},
     "nothing listens on 127.0.0.1:1;",
     0},
    {"a redirect to ftp",
     {BYTES("HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/x\r\nContent-Length: 0\r\n\r\n")},
     "redirects to ftp://127.0.0.1/x, which is not followed; set url",
     0},
    {"a redirect in a circle",
     {BYTES("HTTP/1.1 308 Permanent Redirect\r\nLocation: /prom/api/v1/query\r\n"
            "Content-Length: 0\r\n\r\n")},
     "more than three times",
     0},
};

static void survives_each_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const struct reply replies[] = {
            faults[i].reply, faults[i].reply, faults[i].reply, faults[i].reply, {BYTES(GOOD)}};
        bool circle = strstr(faults[i].sentence, "circle") != NULL;
        struct server *server = server_start(circle ? replies : replies + 3, circle ? 5 : 2);
        assert_non_null(server);
        struct prometheus_settings settings = asking_settings(server_port(server));
        settings.timeout_ms = faults[i].timeout_ms > 0 ? faults[i].timeout_ms : settings.timeout_ms;
        settings.connect_timeout_ms = settings.timeout_ms;
        struct error error;
        struct http_answer answer = {0};
        struct client *client = client_open(&settings, &error);
        assert_non_null(client);
        enum client_event event = asking(client, &answer, &error);
        if (faults[i].words == NULL && (event != CLIENT_ANSWER || answer.status != 200 ||
                                        answer.length != 20 || memcmp(answer.body, BODY, 20) != 0))
            fail_msg("%s: %s", faults[i].sentence, event == CLIENT_FAILED ? error.text : "wrong");
        if (faults[i].words != NULL &&
            (event != CLIENT_FAILED || strstr(error.text, faults[i].words) == NULL ||
             strstr(error.text, "s3cret") != NULL || strstr(error.text, "pw") != NULL))
            fail_msg("%s: %d, %s", faults[i].sentence, (int)event,
                     event == CLIENT_FAILED ? error.text : answer.body);
        if (asking(client, &answer, &error) != CLIENT_ANSWER || answer.status != 200)
            fail_msg("%s: did not recover: %s", faults[i].sentence, error.text);
        char from[32];
        snprintf(from, sizeof from, "127.0.0.1:%d", server_port(server));
        assert_string_equal(answer.from, from);
        client_close(client);
        server_stop(server);
    }
}

/* As Go's TLS server says that it is one, and closes with our question unread. */
static void a_refusal_that_breaks_off_is_one(void **state)
{
    (void)state;
    static const char words[] = "Client sent an HTTP request to an HTTPS server.\n";
    const struct reply reply = {
        BYTES("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"),
        .end = SERVER_RESETS};
    struct server *server = server_start(&reply, 1);
    assert_non_null(server);
    const struct prometheus_settings settings = asking_settings(server_port(server));
    struct error error;
    struct http_answer answer = {0};
    struct client *client = client_open(&settings, &error);
    assert_non_null(client);
    if (asking(client, &answer, &error) != CLIENT_ANSWER)
        fail_msg("%s", error.text);
    assert_int_equal(answer.status, 400);
    assert_int_equal(answer.length, sizeof words - 1);
    assert_memory_equal(answer.body, words, sizeof words - 1);
    client_close(client);
    server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_each_fault),
        cmocka_unit_test(a_refusal_that_breaks_off_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
