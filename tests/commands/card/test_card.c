/* `amberbar card` on folders that stand for a boot partition and for the system. */
#include "base/text.h"
#include "commands/capture.h"
#include "commands/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 512
#define GOOD                                                                                       \
    "board: frames\nprometheus: {url: 'http://p', basic_auth: {username: a, password_file: pw}}\n" \
    "rollouts: [{name: a, namespace: b}]\n"
#define END "# From the boot partition, by amberbar-card.service: change it there.\n"

static char home[PATH_SIZE / 2]; /* with card/, root/ and run/ */

static const char *at(const char *name)
{
    static char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", home, name);
    return path;
}

/* With the folders on the way. */
static void put(const char *name, const char *text)
{
    char path[PATH_SIZE];
    text_copy(path, sizeof path, at(name));
    for (char *slash = strchr(path + strlen(home) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* NULL: there is no such file. */
static const char *got(const char *name)
{
    static char text[4096];
    FILE *file = fopen(at(name), "r");
    if (file == NULL)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static int begin(void **state)
{
    (void)state;
    char place[] = "/tmp/amberbar-card.XXXXXX";
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    if (mkdtemp(place) == NULL)
        return -1;
    text_copy(home, sizeof home, place);
    put("card/config.txt", "dtparam=audio=on\n");
    put("root/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n");
    put("root/etc/NetworkManager/NetworkManager.conf", "");
    put("root/usr/share/zoneinfo/America/New_York", "");
    put("root/usr/lib/systemd/systemd-timesyncd", "");
    put("run/old", "");
    return 0;
}

static int finish(void **state)
{
    char command[PATH_SIZE];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    return system(command); /* NOLINT: its words are ours */
}

static struct captured card(void)
{
    char from[PATH_SIZE], root[PATH_SIZE], run[PATH_SIZE];
    snprintf(from, sizeof from, "--from=%s/card", home);
    snprintf(root, sizeof root, "--root=%s/root", home);
    snprintf(run, sizeof run, "--run=%s/run", home);
    return capture(&command_card, (const char *[4]){"card", from, root, run});
}

static void a_partition_with_nothing_for_us_changes_nothing(void **state)
{
    (void)state;
    struct captured said = card();
    assert_int_equal(said.status, EXIT_STATUS_OK);
    assert_string_equal(said.out, "");
    assert_string_equal(said.err, "");
    assert_null(got("run/wrong"));
    assert_null(got("run/found"));
    assert_null(got("root/etc/amberbar/amberbar.yaml"));
}

static void everything_is_taken_over(void **state)
{
    (void)state;
    struct stat status;
    put("card/Amberbar.yml.txt", GOOD);
    put("card/pw", "s3cret\r\n");
    put("card/wifi.txt.txt", "ssid: MyNet\r\npassword: s3cret-pass\r\ncountry: de\r\n");
    put("card/hostname.txt", "\xef\xbb\xbfwall-1\r\n");
    put("card/timezone.txt", "america/new york\n");
    put("card/NTP.TXT", "ntp1.example.org, 10.0.0.1\n2001:db8::1\n");
    struct captured said = card();
    if (said.status != EXIT_STATUS_OK)
        fail_msg("%s", said.err);
    assert_string_equal(got("root/etc/amberbar/amberbar.yaml"), GOOD END);
    assert_string_equal(got("root/etc/amberbar/pw"), "s3cret\n");
    assert_int_equal(stat(at("root/etc/amberbar/pw"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
    assert_non_null(got("root/etc/NetworkManager/system-connections/amberbar-card.nmconnection"));
    stat(at("root/etc/NetworkManager/system-connections/amberbar-card.nmconnection"), &status);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_non_null(strstr(got("root/etc/modprobe.d/amberbar-card.conf"), "regdom=DE\n"));
    assert_string_equal(got("root/etc/hostname"), "wall-1\n");
    assert_string_equal(got("root/etc/hosts"), "127.0.0.1\tlocalhost\n127.0.1.1\twall-1\n");
    char zone[PATH_SIZE] = "";
    assert_true(readlink(at("root/etc/localtime"), zone, sizeof zone - 1) > 0);
    assert_string_equal(zone, "../usr/share/zoneinfo/America/New_York");
    assert_non_null(strstr(got("root/etc/systemd/timesyncd.conf.d/amberbar-card.conf"),
                           "[Time]\nNTP=ntp1.example.org 10.0.0.1 2001:db8::1\n"));
    assert_non_null(got("run/found"));
    assert_null(got("run/wrong"));
    assert_null(strstr(said.out, "s3cret"));
}

static void what_is_there_is_not_written_again(void **state)
{
    (void)state;
    struct stat before, after;
    put("card/amberbar.yaml", GOOD);
    put("card/pw", "s3cret\n");
    assert_int_equal(card().status, EXIT_STATUS_OK);
    stat(at("root/etc/amberbar/amberbar.yaml"), &before);
    assert_int_equal(card().status, EXIT_STATUS_OK);
    stat(at("root/etc/amberbar/amberbar.yaml"), &after);
    assert_true(before.st_ino == after.st_ino);
}

/* A config that no card has brought. */
static void somebodys_own_config_is_kept_beside(void **state)
{
    (void)state;
    put("root/etc/amberbar/amberbar.yaml", "# mine\n");
    put("card/amberbar.yaml", GOOD);
    put("card/pw", "s3cret\n");
    assert_int_equal(card().status, EXIT_STATUS_OK);
    assert_string_equal(got("root/etc/amberbar/amberbar.yaml.before-card"), "# mine\n");
    put("card/amberbar.yaml", GOOD "# changed\n");
    assert_int_equal(card().status, EXIT_STATUS_OK);
    assert_string_equal(got("root/etc/amberbar/amberbar.yaml"), GOOD "# changed\n" END);
    assert_string_equal(got("root/etc/amberbar/amberbar.yaml.before-card"), "# mine\n");
}

/* One mistake each: the sentence, and that the config which was in use stays. */
static const struct {
    const char *sentence, *name, *text, *said; /* $: the partition */
} mistakes[] = {
    {"a config that is none", "amberbar.yaml", "board: nowhere-land\n", "$/amberbar.yaml:1:8: "},
    {"an empty config", "amberbar.yaml", "", "$/amberbar.yaml: the file holds nothing"},
    {"eight bits of Windows", "amberbar.yaml", "board: caf\xe9\n",
     "$/amberbar.yaml: it is no text that can be read; save it as plain text, UTF-8\n"},
    {"a second config", "amberbar.yaml.txt", GOOD, "nothing says which counts; remove one\n"},
    {"a file that the config names, and nobody brought", "amberbar.yaml",
     "board: frames\nprometheus: {url: 'http://p', tls_config: {ca_file: no.pem}}\n"
     "rollouts: [{name: a, namespace: b}]\n",
     "$/amberbar.yaml: tls_config: ca_file names a file that is not on the card (its name is not "
     "shown: it may be the secret itself); put it beside amberbar.yaml\n"},
    {"a way out of the card", "amberbar.yaml",
     "board: frames\nprometheus: {url: 'http://p', tls_config: {ca_file: ../no.pem}}\n"
     "rollouts: [{name: a, namespace: b}]\n",
     "$/amberbar.yaml: tls_config: ca_file names a file that lies elsewhere (its name is not "
     "shown: it may be the secret itself); put it beside amberbar.yaml\n"},
    {"a file that is there, but not on the card", "amberbar.yaml",
     "board: frames\nprometheus: {url: 'http://p', tls_config: {ca_file: ../root/etc/hosts}}\n"
     "rollouts: [{name: a, namespace: b}]\n",
     "$/amberbar.yaml: tls_config: ca_file names the file ../root/etc/hosts, which lies elsewhere; "
     "put it beside amberbar.yaml\n"},
    {"a Wi-Fi without a country", "wifi.txt", "ssid: a\n", "$/wifi.txt: the country is missing"},
    {"a name with a space", "hostname.txt", "my wall\n",
     "$/hostname.txt: 'my wall' is no name for a machine; use letters, digits and hyphens, at most "
     "63\n"},
    {"no name", "hostname.txt", "\n# nothing\n", "$/hostname.txt: it is empty; write one line"},
    {"two names", "hostname.txt", "a\nb\n", "$/hostname.txt: it has several lines; write one"},
    {"a zone that is none", "timezone.txt", "Europe/Atlantis\n",
     "$/timezone.txt: there is no time zone 'Europe/Atlantis'; write area and city"},
    {"a folder of zones", "timezone.txt", "America\n", "$/timezone.txt: there is no time zone"},
    {"a zone outside of the zones", "timezone.txt", "../../../etc/hosts\n",
     "$/timezone.txt: there is no time zone"},
    {"a server that is none", "ntp.txt", "http://ntp\n",
     "$/ntp.txt: 'http://ntp' is no name of a time server; e.g. ntp.example.org\n"},
    {"no server", "ntp.txt", " , \n", "$/ntp.txt: it names no time server"},
    {"too many servers", "ntp.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\n",
     "$/ntp.txt: it names too many time servers"},
};

/* Whose light it is, and whether it runs, is its owner's: a name for the machine starts none. */
static void a_card_without_a_config_starts_no_light(void **state)
{
    (void)state;
    put("card/hostname.txt", "wall-4\n");
    assert_int_equal(card().status, EXIT_STATUS_OK);
    assert_null(got("run/found"));
}

static void each_mistake_is_told_and_what_was_there_stays(void **state)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        char wanted[1024];
        bool here = mistakes[i].said[0] == '$';
        put("card/amberbar.yaml", GOOD);
        put("card/pw", "s3cret\n");
        assert_int_equal(card().status, EXIT_STATUS_OK);
        char name[64];
        snprintf(name, sizeof name, "card/%s", mistakes[i].name);
        put(name, mistakes[i].text);
        struct captured said = card();
        snprintf(wanted, sizeof wanted, "%s%s%s", here ? home : "", here ? "/card" : "",
                 mistakes[i].said + here);
        if (said.status != EXIT_STATUS_USAGE || strstr(said.err, wanted) == NULL)
            fail_msg("%s: exit status %d, %s", mistakes[i].sentence, said.status, said.err);
        const char *wrong = got("run/wrong");
        if (wrong == NULL || strcmp(wrong, said.err) != 0)
            fail_msg("%s: the light knows '%s'", mistakes[i].sentence, wrong);
        assert_string_equal(got("root/etc/amberbar/amberbar.yaml"), GOOD END);
        unlink(at(name));
        put("card/amberbar.yaml", GOOD);
        assert_int_equal(card().status, EXIT_STATUS_OK); /* it heals */
        assert_null(got("run/wrong"));
        finish(state);
        begin(state);
    }
}

/* Where the key of the text was meant, and that of the file was written. */
static void a_secret_in_the_place_of_its_file_is_not_repeated(void **state)
{
    static const struct {
        const char *settings, *key;
    } rows[] = {
        {"basic_auth: {username: a, password_file: Hunter2-S3cret}", "basic_auth: password_file"},
        {"basic_auth: {username: a, password_file: Hunter2..S3cret}", "basic_auth: password_file"},
        {"basic_auth: {username: a, password_file: Hunter2/S3cret}", "basic_auth: password_file"},
        {"basic_auth: {username_file: Hunter2, password: a}", "basic_auth: username_file"},
        {"authorization: {credentials_file: Hunter2}", "authorization: credentials_file"},
        {"bearer_token_file: Hunter2", "bearer_token_file"},
        {"tls_config: {cert_file: wifi.pem, key_file: Hunter2}", "tls_config: key_file"},
        {"http_headers: {X-Key: {files: [Hunter2]}}", "http_headers: X-Key: files"},
        {"http_headers: {X-Key: {files: [../Hunter2]}}", "http_headers: X-Key: files"},
    };
    (void)state;
    put("card/wifi.pem", "no secret\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char config[512];
        snprintf(config, sizeof config,
                 "board: frames\nprometheus: {url: 'https://p', %s}\n"
                 "rollouts: [{name: a, namespace: b}]\n",
                 rows[i].settings);
        put("card/amberbar.yaml", config);
        struct captured said = card();
        if (said.status != EXIT_STATUS_USAGE || strstr(said.err, rows[i].key) == NULL ||
            strstr(said.err, "(its name is not shown: it may be the secret itself)") == NULL)
            fail_msg("%s: exit status %d, %s", rows[i].settings, said.status, said.err);
        if (strstr(said.err, "Hunter2") != NULL || strstr(said.out, "Hunter2") != NULL ||
            strstr(got("run/wrong"), "Hunter2") != NULL)
            fail_msg("%s is repeated: %s", rows[i].settings, said.err);
    }
}

/* A mistake in one keeps none of the others. */
static void each_file_is_on_its_own(void **state)
{
    (void)state;
    put("card/amberbar.yaml", "board: nowhere-land\n");
    put("card/hostname.txt", "wall-2\n");
    put("card/wifi.txt", "ssid: a\n");
    struct captured said = card();
    assert_int_equal(said.status, EXIT_STATUS_USAGE);
    assert_non_null(strstr(said.err, "amberbar.yaml:1:8"));
    assert_non_null(strstr(said.err, "wifi.txt: the country"));
    assert_string_equal(got("root/etc/hostname"), "wall-2\n");
    assert_string_equal(got("run/amberbar.yaml"), "board: nowhere-land\n");
    assert_non_null(got("run/found"));
}

static void typographic_quotes_count_as_quotes(void **state)
{
    (void)state;
    put("card/amberbar.yaml", "board: frames\nprometheus: {url: \xe2\x80\x9chttp://p\xe2\x80\x9d}\n"
                              "rollouts: [{name: Bob\xe2\x80\x99s, namespace: \xe2\x80\x98"
                              "b\xe2\x80\x99}]\n");
    struct captured said = card();
    if (said.status != EXIT_STATUS_OK)
        fail_msg("%s", said.err);
    assert_string_equal(got("root/etc/amberbar/amberbar.yaml"),
                        "board: frames\nprometheus: {url: \"http://p\"}\n"
                        "rollouts: [{name: Bob\xe2\x80\x99s, namespace: 'b'}]\n" END);
    assert_non_null(strstr(said.out, "typographic quotes are read as plain ones"));
}

/* Where a file should be lies something that never ends, or is no file. */
static void nothing_on_the_card_waits(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(at("card/wifi.txt"), 0600), 0);
    assert_int_equal(mkdir(at("card/hostname.txt"), 0700), 0);
    assert_int_equal(symlink("/dev/zero", at("card/amberbar.yaml")), 0);
    struct captured said = card();
    assert_int_equal(said.status, EXIT_STATUS_USAGE);
    assert_non_null(strstr(said.err, "wifi.txt: it cannot be read"));
    assert_non_null(strstr(said.err, "hostname.txt: it cannot be read: it is a directory"));
    assert_non_null(strstr(said.err, "amberbar.yaml: it cannot be read"));
}

static void a_disk_that_is_full_is_told(void **state)
{
    (void)state;
    put("card/hostname.txt", "wall-3\n");
    put("root/etc/hostname", "old\n");
    assert_int_equal(mkdir(at("root/etc/hostname.new"), 0700), 0); /* it cannot be made */
    struct captured said = card();
    assert_int_equal(said.status, EXIT_STATUS_USAGE);
    assert_non_null(strstr(said.err, "etc/hostname: it cannot be written"));
    assert_string_equal(got("root/etc/hostname"), "old\n");
}

/* On an image that has no config but the card's. */
static void a_card_that_must_have_a_config_is_wrong_without(void **state)
{
    static const struct {
        const char *from, *error;
    } cards[] = {
        {"/proc", "/proc: there is no amberbar.yaml; put one there"}, /* a file system of its own */
        {NULL, "card: no partition is mounted here; check the card"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++) {
        char from[PATH_SIZE], run[PATH_SIZE];
        snprintf(from, sizeof from, "--from=%s",
                 cards[i].from != NULL ? cards[i].from : at("card"));
        snprintf(run, sizeof run, "--run=%s/run", home);
        struct captured said =
            capture(&command_card, (const char *[4]){"card", from, run, "--needed"});
        assert_int_equal(said.status, EXIT_STATUS_USAGE);
        assert_non_null(strstr(said.err, cards[i].error));
        assert_non_null(strstr(got("run/wrong"), cards[i].error));
    }
}

/* What the system's fstab has at each boot, and is not mounted, has not come: it may say anything.
 */
static void a_card_that_is_away_is_wrong(void **state)
{
    static const struct {
        const char *fstab;
        bool wrong;
    } tables[] = {
        {"PARTUUID=1-01 /boot/firmware vfat defaults 0 2\n", true},
        {"proc /proc proc defaults 0 0\nLABEL=a /boot vfat nofail,x-systemd.device-timeout=9 0 2",
         true},
        {"/dev/sda1 /boot/firmware auto nofail\n", true},
        {"", false},
        {"#PARTUUID=1-01 /boot/firmware vfat defaults 0 2\nPARTUUID=1-02 / ext4 defaults 0 1\n",
         false},
        {"PARTUUID=1-01 /boot/firmware vfat noauto 0 2\n", false}, /* somebody's own doing */
        {"UUID=1 /boot ext2 defaults 0 2\nUUID=2 /boot/efi vfat defaults 0 1\n", false},
    };
    char root[PATH_SIZE], run[PATH_SIZE];
    (void)state;
    snprintf(root, sizeof root, "--root=%s/root", home);
    snprintf(run, sizeof run, "--run=%s/run", home);
    put("root/boot/firmware/hostname.txt", "hidden\n"); /* below its place, and not on it */
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        put("root/etc/fstab", tables[i].fstab);
        put("root/etc/hostname", "old\n");
        struct captured said = capture(&command_card, (const char *[4]){"card", root, run});
        bool told = strstr(said.err, "no partition is mounted here; check the card") != NULL;
        if (told != tables[i].wrong || (said.status == EXIT_STATUS_OK) == tables[i].wrong ||
            (got("run/wrong") != NULL) != tables[i].wrong)
            fail_msg("%s: exit %d: %s", tables[i].fstab, said.status, said.err);
        assert_string_equal(got("root/etc/hostname"), tables[i].wrong ? "old\n" : "hidden\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_partition_with_nothing_for_us_changes_nothing, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(everything_is_taken_over, begin, finish),
        cmocka_unit_test_setup_teardown(what_is_there_is_not_written_again, begin, finish),
        cmocka_unit_test_setup_teardown(somebodys_own_config_is_kept_beside, begin, finish),
        cmocka_unit_test_setup_teardown(each_mistake_is_told_and_what_was_there_stays, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(a_secret_in_the_place_of_its_file_is_not_repeated, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(a_card_without_a_config_starts_no_light, begin, finish),
        cmocka_unit_test_setup_teardown(a_card_that_must_have_a_config_is_wrong_without, begin,
                                        finish),
        cmocka_unit_test_setup_teardown(a_card_that_is_away_is_wrong, begin, finish),
        cmocka_unit_test_setup_teardown(each_file_is_on_its_own, begin, finish),
        cmocka_unit_test_setup_teardown(typographic_quotes_count_as_quotes, begin, finish),
        cmocka_unit_test_setup_teardown(nothing_on_the_card_waits, begin, finish),
        cmocka_unit_test_setup_teardown(a_disk_that_is_full_is_told, begin, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
