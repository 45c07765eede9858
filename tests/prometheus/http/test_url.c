/*
 * Where an origin ends: the line that no credential crosses.
 */
#include "prometheus/http/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void origins_are_compared_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *url, *target;
        bool same;
    } rows[] = {
        {"another path", "http://host:90/a", "http://host:90/b?c", true},
        {"no path", "http://host:90", "http://host:90", true},
        {"a query at once", "http://host:90/", "http://host:90?x", true},
        {"other letters of the same name", "HTTP://Host/", "http://hOST/", true},
        {"a longer port", "http://host:90/", "http://host:909/", false},
        {"a longer name", "http://host/", "http://host.example.org/", false},
        {"the name as a user", "http://host/", "http://host@example.org/", false},
        {"the name as a user with a password", "http://host:90/", "http://host:90@example.org/",
         false},
        {"a backslash", "http://host/", "http://host\\@example.org/", false},
        {"a user before the name", "http://host/", "http://me@host/", false},
        {"another scheme", "http://host/", "https://host/", false},
        {"another port", "http://host:90/", "http://host/", false},
        {"no scheme", "http://host/", "/a", false},
        {"nothing", "http://host/", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (url_same_origin(rows[i].url, rows[i].target) != rows[i].same)
            fail_msg("%s: %s, %s", rows[i].sentence, rows[i].url, rows[i].target);
}

static void the_place_is_what_people_look_for(void **state)
{
    (void)state;
    char place[16];
    url_place("http://host:90/a?b", place, sizeof place);
    assert_string_equal(place, "host:90");
    url_place("https://[::1]:90", place, sizeof place);
    assert_string_equal(place, "[::1]:90");
    url_place("https://a-very-long-name.example.org", place, sizeof place);
    assert_string_equal(place, "a-very-long-nam");
}

static void host_and_port_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *url, *host, *port;
    } rows[] = {
        {"http://host:90/a?b", "host", "90"},  {"https://host", "host", ""},
        {"https://host/a:1", "host", ""},      {"http://[::1]:90/a", "::1", "90"},
        {"http://[fe80::1]/a", "fe80::1", ""}, {"http://127.0.0.1?a", "127.0.0.1", ""},
    };
    char host[16], port[8];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        url_host(rows[i].url, host, sizeof host);
        url_port(rows[i].url, port, sizeof port);
        assert_string_equal(host, rows[i].host);
        assert_string_equal(port, rows[i].port);
    }
}

static void another_name_leads_to_the_same_host(void **state)
{
    (void)state;
    static const struct {
        const char *url, *renamed, *connect_to;
    } rows[] = {
        {"https://host/a?b", "https://name:443/a?b", "name:443:host:443"},
        {"https://host:90", "https://name:90", "name:90:host:90"},
        {"https://[::1]:90/a", "https://name:90/a", "name:90:[::1]:90"},
        {"https://[::1]/a", "https://name:443/a", "name:443:[::1]:443"},
        {"http://127.0.0.1/", "http://name:80/", "name:80:127.0.0.1:80"},
        {"https://host:/a", "https://name:443/a", "name:443:host:443"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text renamed = {0}, connect_to = {0};
        url_rename(&renamed, rows[i].url, "name");
        url_connect_to(&connect_to, rows[i].url, "name");
        assert_string_equal(renamed.data, rows[i].renamed);
        assert_string_equal(connect_to.data, rows[i].connect_to);
        text_free(&renamed);
        text_free(&connect_to);
    }
}

static void users_are_seen(void **state)
{
    (void)state;
    assert_true(url_has_user("http://me@host/"));
    assert_true(url_has_user("http://me:pw@host"));
    assert_true(url_has_user("me:pw@host"));
    assert_false(url_has_user("http://host/@"));
    assert_false(url_has_user("http://host?a=@"));
    assert_false(url_has_user(""));
}

static void loopback_is_this_machine(void **state)
{
    (void)state;
    static const char *const here[] = {"http://127.0.0.1", "http://127.1.2.3:9/", "http://[::1]/",
                                       "http://LOCALHOST:9090"};
    static const char *const there[] = {"http://10.127.0.1", "http://[::2]/",
                                        "http://localhost.example.org", "http://127.example.org",
                                        "http://example.org/127.0.0.1"};
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++)
        assert_true(url_is_loopback(here[i]));
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++)
        assert_false(url_is_loopback(there[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origins_are_compared_exactly),
        cmocka_unit_test(the_place_is_what_people_look_for),
        cmocka_unit_test(host_and_port_are_told_apart),
        cmocka_unit_test(another_name_leads_to_the_same_host),
        cmocka_unit_test(users_are_seen),
        cmocka_unit_test(loopback_is_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
