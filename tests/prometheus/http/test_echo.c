/*
 * Words of a server that repeat what was sent to it, in each way in which it was sent.
 */
#include "prometheus/http/echo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define AT(member) offsetof(struct prometheus_settings, member)
#define TOKEN "eyJhbGciOiJIUzI1NiJ9.e30" /* of oauth2 */

static const struct {
    const char *sentence;
    size_t offset; /* of the secret in the settings */
    const char *secret;
    const char *words;
    bool holds;
} rows[] = {
    {"nothing of it", AT(bearer_token), "s3cr3t-t0ken", "invalid token", false},
    {"all of it", AT(bearer_token), "s3cr3t-t0ken", "invalid token s3cr3t-t0ken", true},
    {"eight bytes from its midst", AT(bearer_token), "s3cr3t-t0ken", "it has cr3t-t0k", true},
    {"seven bytes are no secret yet", AT(bearer_token), "s3cr3t-t0ken", "it has cr3t-t0", false},
    {"a short one as a whole", AT(basic_auth.password), "pw", "the pw is wrong", true},
    {"as Basic has it", AT(basic_auth.password), "password", "got YWxpY2U6cGFzc3dvcmQ=", true},
    {"a header's", AT(http_headers[0].value), "tenant-secret", "X-A: tenant-secret", true},
    {"a key that signs", AT(sigv4.secret_key), "wJalrXUtnFEMI", "signed by wJalrXUtnFEMI", true},
    {"a client's", AT(oauth2.client_secret), "client-secret", "no client-secre", true},
    {"a client's, as Basic has it", AT(oauth2.client_secret), "client-secret",
     "Basic Y2xpZW50OmNsaWVudC1zZWNyZXQ=", true},
    {"a client's, escaped as in a form before", AT(oauth2.client_secret), "cl:ent+s3cret",
     "Basic Y2xpZW50OmNsJTNBZW50JTJCczNjcmV0", true},
    {"a parameter's of the token", AT(oauth2.endpoint_params[0].value), "hunter2hunter2",
     "bad pw: hunter2hunter2", true},
    {"a parameter that is no secret stands in any sentence", AT(oauth2.endpoint_params[0].value),
     "a", "a bad request", false},
    {"the token itself", AT(bearer_token), "", "expired: " TOKEN, true},
    {"a proxy's password", AT(proxy.url), "http://wall:pr0xyPass@proxy:3128", "407 wall:pr0xyPass",
     true},
    {"which is decoded", AT(proxy.url), "http://wall:pr0%40yPass@proxy:3128", "407 pr0@yPass",
     true},
    {"a proxy's, as Basic has it", AT(proxy.url), "http://wall:pr0xyPass@proxy:3128",
     "Proxy-Authorization: Basic d2FsbDpwcjB4eVBhc3M=", true},
    {"a proxy's place is none", AT(proxy.url), "http://wall:pr0xyPass@proxy:3128",
     "proxy:3128 refuses wall", false},
    {"a token server's proxy's", AT(oauth2.proxy.url), "http://wall:pr0xyPass@proxy:3128",
     "pr0xyPass", true},
    {"escaped for a form", AT(oauth2.client_secret), "a+b/c=d&e%f#g", "a%2Bb%2Fc%3Dd%26e%25f%23g",
     true},
    {"escaped in small letters", AT(bearer_token), "a+b/c=d&e", "got a%2bb%2fc%3dd%26e", true},
    {"escaped twice", AT(bearer_token), "a+b/c=d&e", "got a%252Bb%252Fc%253Dd%2526e", true},
    {"a space as a form has it", AT(bearer_token), "open the door", "open+the+door", true},
    {"in quotes", AT(bearer_token), "a\"b\\c\"d\\e\"f", "got \"a\\\"b\\\\c\\\"d\\\\e\\\"f\"", true},
    {"in capitals", AT(bearer_token), "abcdefghijkl", "ABCDEFGH", true},
    {"a short one in capitals", AT(bearer_token), "abcd", "not ABCD", true},
    {"three letters in capitals are any word", AT(bearer_token), "abc", "not ABC", false},
    {"UTF-8 that was read as Latin-1", AT(bearer_token), "p\xc3\xa4ssw\xc3\xb6rd",
     "p\xc3\x83\xc2\xa4ssw\xc3\x83\xc2\xb6rd", true},
    {"with what is not seen in it", AT(bearer_token), "abcdefghijkl", "abcde\u200bfghijkl", true},
    {"a percent sign that escapes nothing", AT(bearer_token), "50%discount%zz", "50%discount%zz",
     true},
    {"a percent sign at the end", AT(bearer_token), "abcdefgh", "100% abcd%4", false},
    {"a parameter that is a key", AT(extra_params[0].value), "apikey-value", "?apikey=apikey-value",
     true},
    {"a header for a proxy alone", AT(proxy.connect_headers[0].value), "proxy-secret",
     "X-A: proxy-secret", true},
};

static void words_that_repeat_a_secret_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct prometheus_settings settings; /* large */
        struct secrets secrets = {0};
        struct error error = {0};
        settings = (struct prometheus_settings){
            .http_headers = {{.name = "X-A", .source = PAIR_SECRET}},
            .extra_params = {{.name = "ApiKey"}},
            .oauth2 = {.client_id = "client", .endpoint_params = {{.name = "pw"}}},
            .basic_auth = {.username = "alice"},
            .proxy = {.connect_headers = {{.name = "X-A"}}}};
        strcpy((char *)&settings + rows[i].offset, rows[i].secret);
        assert_true(secrets_read(&secrets, &settings, &error));
        struct echo sent = {0};
        assert_true(echo_is_possible(&settings));
        echo_add(&sent, &settings, &secrets, TOKEN);
        secrets_wipe(&secrets); /* as it is when the answer is judged */
        if (echo_holds(&sent, rows[i].words) != rows[i].holds)
            fail_msg("%s: '%s'", rows[i].sentence, rows[i].words);
        echo_wipe(&sent);
        assert_false(echo_holds(&sent, rows[i].words));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_that_repeat_a_secret_are_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
