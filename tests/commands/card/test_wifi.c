#include "commands/card/wifi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEX "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF"

static const struct {
    const char *sentence, *text, *ssid, *password, *country;
    bool hidden;
} good[] = {
    {"keys and colons", "ssid: MyNet\npassword: s3cret-pass\ncountry: DE\n", "MyNet", "s3cret-pass",
     "DE", false},
    {"equals signs, capitals, comments, empty lines",
     "# mine\n\nSSID=MyNet\n  PassWord = s3cret-pass\nCOUNTRY=gb", "MyNet", "s3cret-pass", "GB",
     false},
    {"quotes around", "ssid: \"My Net\"\npsk: 's3cret: pass='\ncountry: us\n", "My Net",
     "s3cret: pass=", "US", false},
    {"a typographic apostrophe in a name, as telephones have it",
     "ssid: Bob\xe2\x80\x99s phone\npassphrase: s3cret-pass\ncountry: US\n",
     "Bob\xe2\x80\x99s phone", "s3cret-pass", "US", false},
    {"an open network", "ssid: cafe\ncountry: FR", "cafe", "", "FR", false},
    {"a hidden one", "ssid: a\nhidden: yes\ncountry: FR", "a", "", "FR", true},
    {"a key in hexadecimal", "ssid: a\nkey: " HEX "\ncountry: FR", "a", HEX, "FR", false},
    {"a # within a password", "ssid: a\npassword: #8#8#8#8\ncountry: FR", "a", "#8#8#8#8", "FR",
     false},
};

static void what_is_meant_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct complaints complaints = {0};
        struct wifi wifi;
        char text[512];
        text_copy(text, sizeof text, good[i].text);
        if (!wifi_read("wifi.txt", text, &wifi, &complaints))
            fail_msg("%s: %s", good[i].sentence, complaints.text.data);
        if (strcmp(wifi.ssid, good[i].ssid) != 0 || strcmp(wifi.password, good[i].password) != 0 ||
            strcmp(wifi.country, good[i].country) != 0 || wifi.hidden != good[i].hidden)
            fail_msg("%s: '%s' '%s' '%s'", good[i].sentence, wifi.ssid, wifi.password,
                     wifi.country);
        complaints_free(&complaints);
    }
}

#define HIDDEN                                                                             \
    "unknown key (it is not shown: it may be a part of the password); the keys are ssid, " \
    "password, country and hidden\n"

static const struct {
    const char *text, *complaints;
} bad[] = {
    {"", "wifi.txt: the network's name is missing; add a line ssid: NAME\n"},
    {"ssid: a\npassword: s3cret-pass\n",
     "wifi.txt: the country is missing, and without it no radio may be used; add a line such as "
     "country: DE\n"},
    {"MyNet\nssid: a\ncountry: DE",
     "wifi.txt:1:1: this is no key with its value; write e.g. ssid: MyNet\n"},
    {"ssid: a\npasword: b\ncountry: DE", "wifi.txt:2:1: unknown key; did you mean 'password'? the "
                                         "keys are ssid, password, country and hidden\n"},
    {"ssid: a\nHunter2S3cret: x\ncountry: DE", "wifi.txt:2:1: " HIDDEN},
    {"ssid: a\ncountry: DE\nHunter2=S3cret", "wifi.txt:3:1: " HIDDEN},
    {": s3cret-pass\nssid: a\ncountry: DE", "wifi.txt:1:1: " HIDDEN},
    {"keys2: s3cret-pass\nssid: a\ncountry: DE",
     "wifi.txt:1:1: unknown key; did you mean 'key'? the keys are ssid, password, country and "
     "hidden\n"},
    {"ssid: a\npassword: s3cret\ncountry: DE",
     "wifi.txt:2:1: password: a Wi-Fi password has 8 to 63 characters; leave it out for a network "
     "without one\n"},
    {"ssid: a\npassword: s3cret\xe2\x80\x99pass\ncountry: DE",
     "wifi.txt:2:1: password: a Wi-Fi password has no other characters than ASCII's; did the "
     "editor change a quote?\n"},
    {"ssid: 0123456789012345678901234567890123\ncountry: DE",
     "wifi.txt:1:1: ssid: the name of a network has 1 to 32 bytes\n"},
    {"ssid:\ncountry: DE", "wifi.txt:1:1: ssid: the name of a network has 1 to 32 bytes\n"},
    {"ssid: a\ncountry: Germany",
     "wifi.txt:2:1: country: a country is two letters, e.g. DE, GB or US\n"},
    {"ssid: a\nhidden: perhaps\ncountry: DE", "wifi.txt:2:1: hidden: write true or false\n"},
};

static void what_is_not_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct complaints complaints = {0};
        struct wifi wifi;
        char text[512];
        text_copy(text, sizeof text, bad[i].text);
        assert_false(wifi_read("wifi.txt", text, &wifi, &complaints));
        assert_string_equal(complaints.text.data, bad[i].complaints);
        complaints_free(&complaints);
    }
}

/* nm-settings-keyfile(5): a name as a list of bytes; a string's backslashes are doubled. */
static void networkmanager_gets_a_keyfile(void **state)
{
    (void)state;
    const struct wifi wifi = {"A;1", " pa\\ss;word", "DE", true}, open = {"A;1", "", "DE", false};
    struct text text = {0}, other = {0};
    wifi_keyfile(&wifi, &text);
    wifi_keyfile(&open, &other);
    assert_non_null(strstr(text.data, "\nssid=65;59;49;\n"));
    assert_non_null(strstr(text.data, "\nkey-mgmt=wpa-psk\npsk=\\spa\\\\ss;word\n"));
    assert_non_null(strstr(text.data, "\nhidden=true\n"));
    const char *uuid = strstr(text.data, "\nuuid=");
    assert_non_null(uuid);
    assert_int_equal(strcspn(uuid + 6, "\n"), 36);
    assert_int_equal(uuid[6 + 14], '4');
    assert_null(strstr(other.data, "security"));
    text_free(&text);
    text_free(&other);
}

/* iwd.network(5), NAMING. */
static void iwd_gets_a_file_that_is_named_by_the_network(void **state)
{
    (void)state;
    static const struct {
        struct wifi wifi;
        const char *name, *holds;
    } rows[] = {
        {{"My Net-1_x", "s3cret-pass", "DE", false},
         "My Net-1_x.psk",
         "\nPassphrase=s3cret-pass\n"},
        {{"caf\xc3\xa9", "", "DE", true}, "=636166c3a9.open", "\nHidden=true\n"},
        {{"a/b", HEX, "DE", false}, "=612f62.psk", "\nPreSharedKey=" HEX "\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[WIFI_NAME_SIZE];
        struct text text = {0};
        wifi_iwd(&rows[i].wifi, name, &text);
        assert_string_equal(name, rows[i].name);
        if (strstr(text.data, rows[i].holds) == NULL)
            fail_msg("%s: %s", name, text.data);
        text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_meant_is_read),
        cmocka_unit_test(what_is_not_is_told),
        cmocka_unit_test(networkmanager_gets_a_keyfile),
        cmocka_unit_test(iwd_gets_a_file_that_is_named_by_the_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
