#include "config/config.h"
#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define EXAMPLE SOURCE_DIR "/firmware/examples/amberbar.yaml"
#define BOARD "board: pimoroni-blinkt\n"
#define URL "prometheus: {url: 'http://p:9090'}\n"
#define ROLLOUTS "rollouts: [{name: cms, namespace: cms}, {name: shop, namespace: shop}]\n"
#define HEAD BOARD URL ROLLOUTS /* lines 1 to 3 */
#define DISPLAY HEAD "display:\n"
#define SEGMENTS DISPLAY "  segments:\n"

/* Configs that are refused. $ stands for the file's path. */
static const struct refused {
    const char *sentence;
    const char *text;
    const char *complaints;
} refused[] = {
    {"an empty map misses its three sections", "{}\n",
     "$:1:1: the key 'board' is missing here; add e.g. board: terminal; `amberbar boards` lists "
     "the "
     "names\n"
     "$:1:1: the key 'prometheus' is missing here; add prometheus: with its url: indented under "
     "it\n"
     "$:1:1: the key 'rollouts' is missing here; add a list, e.g. rollouts: [{name: shop, "
     "namespace: shop}]\n"},
    {"a list for the whole file", "- a\n",
     "$:1:1: this is no amberbar config; it has the keys board:, prometheus: and rollouts:\n"},
    {"words for the whole file", "hello world\n",
     "$:1:1: this is no amberbar config; it has the keys board:, prometheus: and rollouts:\n"},
    {"a section whose key is mistyped is not missing too",
     BOARD "promethues: {url: 'http://p'}\n" ROLLOUTS,
     "$:2:1: unknown key 'promethues'; did you mean 'prometheus'?\n"},
    {"a namespace whose key is mistyped is not missing too",
     BOARD URL "rollouts: [{nmae: a, namespce: b}]\n",
     "$:3:13: unknown key 'nmae'; did you mean 'name'?\n"
     "$:3:22: unknown key 'namespce'; did you mean 'namespace'?\n"},
    {"a mistyped key beside the right one stands for nothing",
     BOARD URL "rollouts: [{name: a, nam: a}]\n",
     "$:3:12: the key 'namespace' is missing here; add the namespace, or .* for all\n"
     "$:3:22: unknown key 'nam'; did you mean 'name'?\n"},
    {"a key like none of the many", BOARD URL "rollouts: [{name: a, namespace: b, pod: c}]\n",
     "$:3:36: unknown key 'pod'; write name, namespace, deployment, statefulset, daemonset, "
     "rollout, query, ...\n"},
    {"ten mistakes, in the order of their lines",
     "bord: terminal\n"
     "board: pimoroni-blinky\n"
     "prometheus:\n"
     "  url: http://p:9090\n"
     "  pol_interval: 5s\n"
     "  poll_interval: 1000h\n"
     "  basic_auth: {username: wall, passwrod: x}\n"
     "rollouts:\n"
     "  - {name: cms, namespace: CMS}\n"
     "  - {name: cms, namespace: cms, weight: equl}\n"
     "  - {name: db, statefulset: 'web('}\n"
     "display:\n"
     "  brightness: 30\n",
     "$:1:1: unknown key 'bord'; did you mean 'board'?\n"
     "$:2:8: there is no board 'pimoroni-blinky'; did you mean 'pimoroni-blinkt'? `amberbar "
     "boards` "
     "lists all\n"
     "$:5:3: unknown key 'pol_interval'; did you mean 'poll_interval'?\n"
     "$:6:18: poll_interval cannot be 1000h; write 100ms to 1h\n"
     "$:7:32: unknown key 'passwrod'; did you mean 'password'?\n"
     "$:9:28: namespace holds 'C', which no Kubernetes name holds; names are lower-case letters, "
     "digits and '-'\n"
     "$:10:12: there is a rollout called cms already; give each its own name\n"
     "$:10:41: weight cannot be 'equl'; did you mean 'equal'?\n"
     "$:11:5: the key 'namespace' is missing here; add the namespace, or .* for all\n"
     "$:11:29: statefulset has a '(' without its ')'; write \\( for the character itself\n"
     "$:13:15: brightness cannot be 30; write 1% to 100%\n"},

    {"a board like no other", "board: zzz\n" URL ROLLOUTS,
     "$:1:8: there is no board 'zzz'; `amberbar boards` lists them, and a path such as ./mine.yaml "
     "names your own\n"},
    {"a board that is a list", "board: [terminal]\n" URL ROLLOUTS,
     "$:1:8: board cannot be a list; write a name that `amberbar boards` lists, or a path\n"},
    {"a board file that is missing", "board: /nowhere/mine.yaml\n" URL ROLLOUTS,
     "$:1:8: there is no board file /nowhere/mine.yaml; check the path, or take a name that "
     "`amberbar boards` lists\n"},

    {"prometheus without its keys", BOARD "prometheus:\n" ROLLOUTS,
     "$:2:12: prometheus cannot be empty; write its keys, indented under it\n"},
    {"prometheus without an address", BOARD "prometheus: {timeout: 5s}\n" ROLLOUTS,
     "$:2:13: the key 'url' is missing here; add it, with an address such as "
     "http://localhost:9090\n"},
    {"an address of nothing", BOARD "prometheus:\n  url:\n" ROLLOUTS,
     "$:3:7: url cannot be empty; write an address such as http://localhost:9090\n"},
    {"an empty address", BOARD "prometheus: {url: ''}\n" ROLLOUTS,
     "$:2:19: url cannot be empty; write an address such as http://localhost:9090\n"},
    {"headers that are a list", BOARD "prometheus: {url: 'http://p', http_headers: [a]}\n" ROLLOUTS,
     "$:2:45: http_headers cannot be a list; write names and values, e.g. {X-Scope-OrgID: wall}\n"},
    {"a header given twice, in other letters",
     BOARD "prometheus: {url: 'http://p', http_headers: {X-A: b, x-a: c}}\n" ROLLOUTS,
     "$:2:54: the header X-A is given twice; keep one\n"},

    {"no rollouts", BOARD URL "rollouts: []\n",
     "$:3:11: rollouts names 1 to 32 rollouts, not 0; one rollout may hold many workloads by a "
     "regular expression\n"},
    {"a rollout that is a word", BOARD URL "rollouts: [cms]\n",
     "$:3:12: this cannot be a single value; write the keys of a rollout, e.g. {name: shop, "
     "namespace: shop}\n"},
    {"a rollout without a name", BOARD URL "rollouts: [{namespace: cms}]\n",
     "$:3:12: the key 'name' is missing here; add it, with a name of your choice such as shop\n"},
    {"a name of several lines", BOARD URL "rollouts: [{name: \"a\\nb\", namespace: cms}]\n",
     "$:3:19: name begins or ends with a space, or has several lines; write a short name such as "
     "shop\n"},
    {"two kinds", BOARD URL "rollouts: [{name: a, namespace: b, deployment: c, daemonset: d}]\n",
     "$:3:51: deployment and daemonset cannot stand together; write a rollout for each\n"},
    {"a query and a kind", BOARD URL "rollouts: [{name: a, query: up, deployment: c}]\n",
     "$:3:22: deployment and query cannot stand together; write a rollout for each\n"},
    {"a query with a namespace", BOARD URL "rollouts: [{name: a, query: up, namespace: b}]\n",
     "$:3:33: the query itself names what it is about; remove namespace\n"},
    {"a query of nothing", BOARD URL "rollouts: [{name: a, query: ' '}]\n",
     "$:3:29: query cannot be empty; write PromQL that yields 0 to 1\n"},
    {"a query that breaks off", BOARD URL "rollouts: [{name: a, query: sum(up}]\n",
     "$:3:29: query has a '(' without its ')'; add it\n"},
    {"a deployment of no name", BOARD URL "rollouts: [{name: a, namespace: b, deployment: ''}]\n",
     "$:3:48: deployment is empty; write a name, or .* for all\n"},
    {"a namespace of no name", BOARD URL "rollouts: [{name: a, namespace: ''}]\n",
     "$:3:33: namespace is empty; write a name, or .* for all\n"},
    {"keys that say nothing about a deployment",
     BOARD URL "rollouts: [{name: a, namespace: b, partition: 1, hold_after: 5s, strategy: "
               "OnDelete}]\n",
     "$:3:36: only a statefulset has a partition; remove it\n"
     "$:3:50: only a statefulset is held back; remove hold_after\n"
     "$:3:66: only a statefulset or daemonset has this choice; remove strategy\n"},
    {"keys that say nothing about a daemonset",
     BOARD URL "rollouts: [{name: a, namespace: b, daemonset: c, partition: 1, strategy: "
               "OnDelete}]\n",
     "$:3:50: only a statefulset has a partition; remove it\n"},
    {"a mistyped kind",
     BOARD URL "rollouts: [{name: a, namespace: b, kinds: [Deployment, statefulset]}]\n",
     "$:3:56: kinds cannot be 'statefulset'; did you mean 'StatefulSet'?\n"},
    {"a kind like no other", BOARD URL "rollouts: [{name: a, namespace: b, kinds: [CronJob]}]\n",
     "$:3:44: kinds cannot be 'CronJob'; write Deployment, StatefulSet, DaemonSet or Rollout\n"},
    {"kinds that are no list", BOARD URL "rollouts: [{name: a, namespace: b, kinds: Deployment}]\n",
     "$:3:43: kinds cannot be a single value; write a list, e.g. [Deployment, StatefulSet]\n"},
    {"no kinds", BOARD URL "rollouts: [{name: a, namespace: b, kinds: []}]\n",
     "$:3:43: kinds is empty; name one or more, or leave it out\n"},
    {"kinds beside a name",
     BOARD URL "rollouts: [{name: a, namespace: b, deployment: c, kinds: [DaemonSet]}]\n",
     "$:3:51: kinds widens a whole namespace, and deployment says the kind already; remove one\n"},
    {"kinds of a query", BOARD URL "rollouts: [{name: a, query: up, kinds: [DaemonSet]}]\n",
     "$:3:33: kinds widens a whole namespace, and query says the kind already; remove one\n"},
    {"a mistyped query style", BOARD "prometheus: {url: 'http://p', query_style: name}\n" ROLLOUTS,
     "$:2:44: query_style cannot be 'name'; did you mean 'named'?\n"},
    {"a mistyped strategy",
     BOARD URL "rollouts: [{name: a, namespace: b, statefulset: c, strategy: ondelete}]\n",
     "$:3:62: strategy cannot be 'ondelete'; did you mean 'OnDelete'?\n"},

    {"a segment of an unknown rollout", SEGMENTS "    - {pixels: 0-5, show: rollout cmss}\n",
     "$:6:27: there is no rollout 'cmss'; did you mean 'cms'?\n"},
    {"a segment of a rollout like no other", SEGMENTS "    - {pixels: 0-5, show: rollout zzzzz}\n",
     "$:6:27: there is no rollout 'zzzzz'; write cms or shop\n"},
    {"a mistyped word", SEGMENTS "    - {pixels: 0-5, show: sumary}\n",
     "$:6:27: a segment cannot show 'sumary'; did you mean 'summary'?\n"},
    {"a word like no other", SEGMENTS "    - {pixels: 0-5, show: the weather}\n",
     "$:6:27: a segment cannot show 'the'; write rollout NAME, rollouts, indicator NAME, "
     "indicators or summary\n"},
    {"an indicator where there is none", SEGMENTS "    - {pixels: 6, show: indicator ttfb}\n",
     "$:6:25: there is no indicator; list it under indicators\n"},
    {"all indicators where there is none", SEGMENTS "    - {pixels: 6, show: indicators}\n",
     "$:6:25: there is no indicator; list it under indicators\n"},
    {"a rollout without its name", SEGMENTS "    - {pixels: 0-5, show: rollout}\n",
     "$:6:27: the rollout's name is missing; write rollout NAME\n"},
    {"a summary of one rollout", SEGMENTS "    - {pixels: 0-5, show: summary cms}\n",
     "$:6:27: summary takes no name; write rollout cms, or summary alone\n"},
    {"pixels beyond the strip", SEGMENTS "    - {pixels: 6-8, show: summary}\n",
     "$:6:16: pixel 8 is beyond the strip, which has 8 pixels; write 0 to 7\n"},
    {"pixels backwards", SEGMENTS "    - {pixels: 5-0, show: summary}\n",
     "$:6:16: pixels 5-0 run backwards; write 0-5\n"},
    {"pixels with gaps, one twice", SEGMENTS "    - {pixels: '0-3,6,3', show: summary}\n",
     "$:6:16: pixels 0-3,6,3 name a pixel twice; write each once\n"},
    {"pixels in a gap of others",
     SEGMENTS "    - {pixels: '0-3,6', show: summary}\n    - {pixels: '4,6', show: rollouts}\n",
     "$:7:16: pixels 4,6 overlap with 0-3,6 in line 6; a pixel belongs to one segment\n"},
    {"a mirror of another kind", SEGMENTS "    - {pixels: 0-5, show: summary, mirror: end}\n",
     "$:6:44: mirror cannot be 'end'; did you mean 'ends'?\n"},
    {"a night without an end", DISPLAY "  night: {from: '19:00'}\n",
     "$:5:10: the key 'to' is missing here; add it, with text\n"},
    {"a night by another clock", DISPLAY "  night: {from: 7pm, to: '24:00', brightness: 0%}\n",
     "$:5:17: from cannot be '7pm'; write a time such as \"19:00\"\n"
     "$:5:26: to cannot be '24:00'; write a time such as \"19:00\"\n"
     "$:5:47: brightness cannot be '0%'; write 1% to 100%, or off\n"},
    {"a night of no time", DISPLAY "  night: {from: '19:00', to: '19:00'}\n",
     "$:5:30: the night ends when it begins; correct it, or lower display.brightness\n"},
    {"a palette of another name", DISPLAY "  palette: colourblind\n",
     "$:5:12: palette cannot be 'colourblind'; did you mean 'colour-blind'?\n"},
    {"colours that are none",
     DISPLAY "  colours: {stable: green, paused: '#00000g', failed: '#000000'}\n",
     "$:5:21: stable cannot be 'green'; write a colour such as \"#ff9000\"\n"
     "$:5:36: paused cannot be '#00000g'; write a colour such as \"#ff9000\"\n"
     "$:5:55: failed cannot be black, which says that nothing works\n"},
    {"a colour of nothing", DISPLAY "  colours: {stabel: '#00ff00'}\n",
     "$:5:13: nothing has the colour 'stabel'; did you mean 'stable'?\n"},
    {"pixels in words", SEGMENTS "    - {pixels: first, show: summary}\n",
     "$:6:16: pixels cannot be 'first'; write e.g. 0-5, or 6\n"},
    {"a segment without pixels", SEGMENTS "    - {show: summary}\n",
     "$:6:7: the key 'pixels' is missing here; add it, with pixels such as 0-5\n"},
    {"segments that overlap",
     SEGMENTS "    - {pixels: 0-5, show: rollouts}\n    - {pixels: 6, show: rollout cms}\n"
              "    - {pixels: 5-7, show: summary}\n",
     "$:8:16: pixels 5-7 overlap with 0-5 in line 6; a pixel belongs to one segment\n"},
    {"segments that are a map", SEGMENTS "    pixels: 0-5\n",
     "$:6:5: segments cannot be a map of keys; write a list, e.g. - {pixels: 0-5, show: "
     "rollouts}\n"},
    {"no space after a colon", HEAD "display:\n  brightness:50%\n",
     "$:5:3: a space is missing after 'brightness:'; add it\n"},
    {"a colon that ends no key", HEAD "display: dim:50%\n",
     "$:4:10: display cannot be a single value; write its keys, indented under it\n"},
    {"a setting of a later version", HEAD "display: {glow: 3}\n",
     "$:4:11: unknown key 'glow'; write brightness, motion, segments, colours, night, "
     "palette or heartbeat\n"},
    {"colours that are a word", DISPLAY "  colours: stable\n",
     "$:5:12: colours cannot be a single value; write states and colours, e.g. {stable: "
     "\"#0072b2\"}\n"},
    {"a colour that is a list", DISPLAY "  colours: {stable: [a]}\n",
     "$:5:21: stable cannot be a list; write a colour such as \"#ff9000\", in quotes\n"},
    {"a colour without its hash, and capitals",
     DISPLAY "  colours: {stable: 0072b2a, paused: '#FF90GG'}\n",
     "$:5:21: stable cannot be '0072b2a'; write a colour such as \"#ff9000\"\n"
     "$:5:38: paused cannot be '#FF90GG'; write a colour such as \"#ff9000\"\n"},
    {"a night that is a time", DISPLAY "  night: '19:00'\n",
     "$:5:10: night cannot be a single value; write {from: \"19:00\", to: \"07:30\", brightness: "
     "3%}\n"},
    {"times that are nearly right", DISPLAY "  night: {from: '19:60', to: '19000:00'}\n",
     "$:5:30: to cannot be so long; at most 7 bytes fit\n"},
    {"a minute that no hour has", DISPLAY "  night: {from: '19:60', to: '07:00'}\n",
     "$:5:17: from cannot be '19:60'; write a time such as \"19:00\"\n"},
    {"a time that stops at its colon",
     DISPLAY "  night: {from: '19:', to: 'x:00', brightness: '101%'}\n",
     "$:5:17: from cannot be '19:'; write a time such as \"19:00\"\n"
     "$:5:28: to cannot be 'x:00'; write a time such as \"19:00\"\n"
     "$:5:48: brightness cannot be '101%'; write 1% to 100%, or off\n"},
    {"a segment that is a word", SEGMENTS "    - summary\n",
     "$:6:7: this cannot be a single value; write {pixels: 0-5, show: rollouts}\n"},
    {"a kind that is a list",
     BOARD URL "rollouts: [{name: cms, namespace: cms, kinds: [[Deployment]]}]\n",
     "$:3:48: this cannot be a list; write a kind, e.g. StatefulSet\n"},
    {"no rollouts at all", BOARD URL "rollouts: []\n",
     "$:3:11: rollouts names 1 to 32 rollouts, not 0; one rollout may hold many workloads by a "
     "regular expression\n"},
    {"an explanation that is a list",
     HEAD "indicators: [{name: a, query: up, warning: 1, critical: 2, explained_by: [[cms]]}]\n",
     "$:4:75: this cannot be a list; write the name of a rollout\n"},
    {"levels that are lists",
     HEAD "indicators: [{name: a, query: up, warning: [1], critical: [2]}]\n",
     "$:4:44: warning cannot be a list; write a number such as 0.5\n"
     "$:4:59: critical cannot be a list; write a number such as 0.5\n"},
    {"a scope that is a list",
     BOARD "prometheus: {url: 'http://p', oauth2: {client_id: a, client_secret_file: s, token_url: "
           "'http://t', scopes: [[a]]}}\n" ROLLOUTS,
     "$:2:109: this cannot be a list; write a scope\n"},
    {"a header without a name",
     BOARD "prometheus: {url: 'http://p', http_headers: {'': a}}\n" ROLLOUTS,
     "$:2:46: a name in http_headers has 1 to 63 characters; correct it\n"},
    {"a segment that shows a long word",
     SEGMENTS "    - {pixels: 0-5, show: "
              "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
              "xxxxxxxxxxxxxxxx}\n",
     "$:6:27: show cannot be so long; at most 79 bytes fit\n"
     "$:6:27: a segment cannot show "
     "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'; write rollout NAME, "
     "rollouts, indicator NAME, indicators or summary\n"},
    {"pixels with more gaps than there can be",
     SEGMENTS "    - {pixels: '0,2,4,6,8,10,12,14,16', show: summary}\n",
     "$:6:16: pixel 8 is beyond the strip, which has 8 pixels; write 0 to 7\n"},
    {"a name that ends in a space", BOARD URL "rollouts: [{name: 'cms ', namespace: cms}]\n",
     "$:3:19: name begins or ends with a space, or has several lines; write a short name such as "
     "shop\n"},
    {"a name that begins with one", BOARD URL "rollouts: [{name: ' cms', namespace: cms}]\n",
     "$:3:19: name begins or ends with a space, or has several lines; write a short name such as "
     "shop\n"},
    {"more rollouts than there can be",
     BOARD URL "rollouts: [a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, "
               "a, a, a, a, a, a, a, a, a]\n",
     "$:3:11: rollouts names 1 to 32 rollouts, not 33; one rollout may hold many workloads by a "
     "regular expression\n"},
};

static void test_refused(void **state)
{
    (void)state;
    scratch_make();
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        char expected[4096];
        struct complaints complaints = {0};
        const char *path = scratch_write("c.yaml", refused[i].text, strlen(refused[i].text));
        struct config *config = config_read(path, &complaints);
        put_path(expected, sizeof(expected), refused[i].complaints, path);
        expect_complaints(refused[i].sentence, &complaints, expected);
        assert_null(config);
        complaints_free(&complaints);
    }
    scratch_remove();
}

/* The sentences are those of prometheus/; where they stand is ours. */
static void test_prometheus_check(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *section, *place;
    } rows[] = {
        {"at the key that the sentence begins with", "prometheus:\n  url: ftp://p\n", ":3:8: url"},
        {"also when another key of the section is wrong",
         "prometheus:\n  url: ftp://p\n  timeout: x\n", ":3:8: url"},
        {"at the second of two that exclude each other, at its key where it is a map",
         "prometheus:\n  url: http://p\n  basic_auth:\n    username: a\n  authorization:\n    "
         "credentials: b\n",
         ":6:3: authorization cannot stand beside basic_auth; leave one out"},
        {"of a port that is none", "prometheus:\n  url: http://p:99999\n",
         ":3:8: url: port 99999; write 1 to 65535"},
        {"in a section within",
         "prometheus:\n  url: http://p\n  basic_auth: {username: a, password: b, password_file: "
         "c}\n",
         ":4:57: basic_auth: password_file"},
    };
    scratch_make();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[512];
        struct complaints complaints = {0};
        snprintf(text, sizeof(text), "%s%s%s", BOARD, rows[i].section, ROLLOUTS);
        const char *path = scratch_write("c.yaml", text, strlen(text));
        assert_null(config_read(path, &complaints));
        if (strncmp(complaints.text.data + strlen(path), rows[i].place, strlen(rows[i].place)) !=
            0) {
            fail_msg("%s: %s", rows[i].sentence, complaints.text.data);
        }
        complaints_free(&complaints);
    }
    scratch_remove();
}

static struct config *read_text(const char *text)
{
    struct complaints complaints = {0};
    const char *path = scratch_write("c.yaml", text, strlen(text));
    struct config *config = config_read(path, &complaints);
    expect_complaints(text, &complaints, "");
    assert_non_null(config);
    complaints_free(&complaints);
    return config;
}

static void test_defaults(void **state)
{
    (void)state;
    scratch_make();
    struct config *config = read_text(HEAD);
    const struct rollout_settings *rollout = &config->rollouts[1];
    assert_string_equal(config->board.title, "Pimoroni Blinkt!");
    assert_int_equal(config->prometheus.poll_interval_ms, 10000);
    assert_string_equal(config->prometheus.authorization.type, "Bearer");
    assert_true(config->picture.brightness == 0.5);
    assert_int_equal(config->picture.segment_count, 0);
    assert_int_equal(config->rollout_count, 2);
    assert_string_equal(rollout->name, "shop");
    assert_string_equal(rollout->namespace_, "shop");
    assert_string_equal(rollout->workload, "");
    assert_string_equal(rollout->query, "");
    assert_int_equal(rollout->kinds, KIND_BIT(KIND_DEPLOYMENT));
    assert_int_equal(rollout->weighting, WEIGHT_REPLICAS);
    assert_int_equal(rollout->max_workloads, CONFIG_WORKLOADS_DEFAULT);
    assert_int_equal(rollout->limits.stall_after_ms, limits_default.stall_after_ms);
    assert_int_equal(rollout->limits.stall_after_failure_ms, limits_default.stall_after_failure_ms);
    assert_int_equal(rollout->limits.max_age_ms, limits_default.max_age_ms);
    assert_int_equal(rollout->limits.forget_after_ms, limits_default.forget_after_ms);
    assert_int_equal(rollout->limits.hold_after_ms, limits_default.hold_after_ms);
    assert_int_equal(rollout->limits.partition, limits_default.partition);
    assert_int_equal(rollout->limits.on_delete, limits_default.on_delete);
    config_free(config);
    scratch_remove();
}

static void test_values(void **state)
{
    (void)state;
    scratch_make();
    struct config *config = read_text(
        BOARD "prometheus:\n  url: https://p/prom\n  poll_interval: 1m30s\n"
              "  basic_auth: {username: wall, password_file: wall.password}\n"
              "  http_headers: {X-Scope-OrgID: wall, X-B: ''}\n"
              "rollouts:\n"
              "  - {name: db, namespace: 'shop|cms', statefulset: 'pg.*', partition: 2, strategy: "
              "OnDelete, hold_after: 5m}\n"
              "  - {name: agents, namespace: .*, daemonset: node-exporter, weight: equal}\n"
              "  - {name: api, namespace: shop, rollout: api, stall_after: 1h30m}\n"
              "  - {name: all, namespace: shop, kinds: [Deployment, StatefulSet], partition: 1}\n"
              "  - {name: my canary, query: 'sum(a) / sum(b)', max_workloads: 5}\n"
              "display:\n  brightness: 3%\n  motion: off\n  palette: night-red\n"
              "  colours: {paused: '#ff8000'}\n  heartbeat: 1m\n"
              "  night: {from: '19:00', to: '7:30', brightness: off, failed: 20%}\n  segments:\n"
              "    - {pixels: 7, show: summary}\n"
              "    - {pixels: '0-1,3', show: rollout my canary, reverse: true, mirror: centre, "
              "offset: 2}\n"
              "    - {pixels: 4-6, show: rollouts}\n");
    const struct rollout_settings *rollouts = config->rollouts;
    const struct segment *segments = config->picture.segments;

    assert_int_equal(config->prometheus.poll_interval_ms, 90000);
    assert_string_equal(config->prometheus.http_headers[0].name, "X-Scope-OrgID");
    assert_string_equal(config->prometheus.http_headers[0].value, "wall");
    assert_string_equal(config->prometheus.http_headers[1].name, "X-B");
    assert_string_equal(config->prometheus.http_headers[2].name, "");
    const char *file = config->prometheus.basic_auth.password_file;
    assert_int_equal(strncmp(file, config->path, strlen(config->path) - strlen("c.yaml")), 0);
    assert_string_equal(strrchr(file, '/'), "/wall.password");

    assert_int_equal(rollouts[0].kinds, KIND_BIT(KIND_STATEFULSET));
    assert_string_equal(rollouts[0].workload, "pg.*");
    assert_int_equal(rollouts[0].limits.partition, 2);
    assert_true(rollouts[0].limits.on_delete);
    assert_int_equal(rollouts[0].limits.hold_after_ms, 300000);
    assert_int_equal(rollouts[1].kinds, KIND_BIT(KIND_DAEMONSET));
    assert_int_equal(rollouts[1].weighting, WEIGHT_EQUAL);
    assert_int_equal(rollouts[2].kinds, KIND_BIT(KIND_ROLLOUT));
    assert_int_equal(rollouts[2].limits.stall_after_ms, 5400000);
    assert_int_equal(rollouts[3].kinds, KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_STATEFULSET));
    assert_int_equal(rollouts[3].limits.partition, 1);
    assert_string_equal(rollouts[4].query, "sum(a) / sum(b)");
    assert_int_equal(rollouts[4].kinds, 0);
    assert_string_equal(rollouts[4].workload, "");
    assert_int_equal(rollouts[4].max_workloads, 5);

    assert_int_equal(config->picture.segment_count, 3);
    assert_int_equal(segments[0].source, SEGMENT_SUMMARY);
    assert_int_equal(segments[0].first, 7);
    assert_int_equal(segments[0].count, 1);
    assert_int_equal(segments[1].source, SEGMENT_ROLLOUT);
    assert_int_equal(segments[1].index, 4);
    assert_int_equal(segments[1].count, 2);
    assert_int_equal(segments[1].more_count, 1);
    assert_int_equal(segments[1].more[0].first, 3);
    assert_int_equal(segments[1].more[0].count, 1);
    assert_true(segments[1].reverse);
    assert_int_equal(segments[1].mirror, MIRROR_CENTRE);
    assert_int_equal(segments[1].offset, 2);
    assert_int_equal(config->picture.motion, PICTURE_MOTION_OFF);
    assert_true(config->picture.palette->drives[HUE_GREEN].green <= 0);
    assert_true(config->picture.palette->drives[HUE_SKY].green > 0.2);
    assert_int_equal(config->heartbeat_ms, 60000);
    assert_true(config->night.kept);
    assert_int_equal(config->night.from_minute, 1140);
    assert_int_equal(config->night.to_minute, 450);
    assert_true(config->picture.night.brightness <= 0 && config->picture.night.failed > 0.19);
    assert_int_equal(segments[2].source, SEGMENT_ROLLOUTS);
    config_free(config);
    scratch_remove();
}

/* A config in JSON, with a board file beside it that shows digits only. */
static void test_own_board(void **state)
{
    (void)state;
    static const char board[] = "{\"title\": \"Mine\", \"outputs\": [{\"name\": \"a\", \"chip\": "
                                "\"frames\", \"pixels\": 0, \"bus\": \"stdout\"}]}";
    static const char text[] = "{\"board\": \"./mine.json\", \"prometheus\": {\"url\": "
                               "\"http://p\"}, \"rollouts\": [{\"name\": \"a\", \"namespace\": "
                               "\"b\"}],\n\"display\": {\"segments\": %s}}\n";
    char whole[512];
    char expected[512];
    struct complaints complaints = {0};
    scratch_make();
    scratch_write("mine.json", board, strlen(board));
    snprintf(whole, sizeof(whole), text, "[]");
    struct config *config = read_text(whole);
    assert_string_equal(config->board.name, "mine");
    assert_int_equal(board_pixels(&config->board), 0);
    assert_int_equal(board_digits(&config->board), 4);
    config_free(config);

    snprintf(whole, sizeof(whole), text, "[{\"pixels\": \"0\", \"show\": \"summary\"}]");
    const char *path = scratch_write("c.yaml", whole, strlen(whole));
    assert_null(config_read(path, &complaints));
    snprintf(expected, sizeof(expected), "%s:2:13: the board mine has no pixels; remove segments\n",
             path);
    expect_complaints("segments of a board without pixels", &complaints, expected);
    complaints_free(&complaints);
    scratch_remove();
}

static void test_broken_board(void **state)
{
    (void)state;
    char expected[512];
    struct complaints complaints = {0};
    scratch_make();
    scratch_write("mine.yaml", "titel: T\n", 9);
    const char *path = scratch_write("c.yaml", "board: mine.yaml\nbord: 1\n", 24);
    char board[128];
    snprintf(board, sizeof(board), "%.*s/mine.yaml", (int)(strrchr(path, '/') - path), path);
    assert_null(config_read(path, &complaints));
    assert_int_equal(complaints.count, 5);
    snprintf(expected, sizeof(expected), "%s:1:1: unknown key 'titel'; did you mean 'title'?\n",
             board);
    assert_non_null(strstr(complaints.text.data, expected)); /* both files, each by its name */
    complaints_free(&complaints);
    scratch_remove();
}

/* What fits the file need not fit one request. */
static void test_long_query(void **state)
{
    (void)state;
    struct text text = {0};
    struct complaints complaints = {0};
    scratch_make();
    text_add(&text, BOARD URL "rollouts:\n");
    for (int i = 0; i < CONFIG_ROLLOUTS_MAX; i++) {
        text_addf(&text, "  - {name: r%d, namespace: n%d, deployment: \"%0*d|.*\"}\n", i, i, 500,
                  1);
    }
    const char *path = scratch_write("c.yaml", text.data, text.length);
    assert_null(config_read(path, &complaints));
    assert_int_equal(complaints.count, 1);
    const char *place = complaints.text.data + strlen(path);
    assert_int_equal(strncmp(place, ":3:1: the query for 32 rollouts ", 32), 0);
    complaints_free(&complaints);
    text_free(&text);
    scratch_remove();
}

static void test_missing_file(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    assert_null(config_read("/nowhere/amberbar.yaml", &complaints));
    assert_int_equal(complaints.count, 1);
    const char *text = complaints.text.data;
    assert_int_equal(strncmp(text, "/nowhere/amberbar.yaml: there is no such file; ", 47), 0);
    assert_non_null(strstr(text, "/examples/amberbar.yaml")); /* where to begin */
    complaints_free(&complaints);
}

static void test_remarks(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *auth;
        mode_t mode;
        bool remarked;
    } rows[] = {
        {"a password that all can read", "basic_auth: {username: a, password: b}", 0644, true},
        {"a password for its group", "basic_auth: {username: a, password: b}", 0640, false},
        {"a token that all can read", "authorization: {credentials: b}", 0644, true},
        {"no secret", "timeout: 5s", 0644, false},
    };
    scratch_make();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[256];
        struct text remarks = {0};
        snprintf(text, sizeof(text), "%sprometheus: {url: 'https://p', %s}\n%s", BOARD,
                 rows[i].auth, ROLLOUTS);
        struct config *config = read_text(text);
        assert_int_equal(chmod(config->path, rows[i].mode), 0);
        config_remarks(config, &remarks);
        if ((remarks.length > 0) != rows[i].remarked) {
            fail_msg("%s: '%s'", rows[i].sentence, remarks.data != NULL ? remarks.data : "");
        }
        text_free(&remarks);
        config_free(config);
    }
    scratch_remove();
}

static void test_example(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    struct config *config = config_read(EXAMPLE, &complaints);
    expect_complaints("the example checks clean", &complaints, "");
    assert_non_null(config);
    config_free(config);
    complaints_free(&complaints);
}

static size_t read_example(char *text, size_t size)
{
    FILE *file = fopen(EXAMPLE, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, size - 1, file);
    assert_int_equal(fclose(file), 0);
    text[length] = '\0';
    return length;
}

/*
 * The example with its commented keys taken in: a line whose first word after "# " is a key or a
 * list item loses the mark. Prose has none.
 */
static size_t uncomment(const char *text, char *open)
{
    size_t length = 0;
    while (*text != '\0') {
        size_t line = strcspn(text, "\n") + 1;
        size_t indent = strspn(text, " ");
        bool commented = indent > 0 && strncmp(text + indent, "# ", 2) == 0;
        memcpy(open + length, text, indent);
        length += indent;
        text += commented ? indent + 2 : indent;
        line -= commented ? indent + 2 : indent;
        memcpy(open + length, text, line);
        length += line;
        text += line;
    }
    return length;
}

/* What the example offers in comments works once the marks are gone. */
static void test_example_comments(void **state)
{
    (void)state;
    char text[8192];
    char open[8192];
    read_example(text, sizeof(text));
    size_t length = uncomment(text, open);
    open[length] = '\0';
    scratch_make();
    char *both = strstr(open, "  authorization:\n"); /* it stands there instead of basic_auth */
    assert_non_null(both);
    memcpy(both, "  #            :\n", 17);
    both = strstr(both, "    credentials_file:");
    assert_non_null(both);
    memcpy(both, "    #", 5);
    struct config *config = read_text(open);
    assert_int_equal(config->rollout_count, 7);
    assert_true(config->prometheus.recording_rules);
    assert_int_equal(config->prometheus.query_style, QUERY_STYLE_NAMED);
    assert_int_equal(config->indicator_count, 1);
    assert_int_equal(config->picture.segment_count, 4);
    assert_string_equal(config->prometheus.basic_auth.username, "wall");
    config_free(config);
    scratch_remove();
}

/* xorshift64*: the same bytes on every machine. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

/* Changes, removes or doubles some bytes of `text`; the new length. */
static size_t mutate(char *text, size_t length, size_t size, uint64_t *seed)
{
    static const char bytes[] = " \n\t:-#[]{}\"'&*!|>%@,0a\\\xff\x80";
    for (uint64_t edits = 1 + next_random(seed) % 4; edits > 0 && length > 0; edits--) {
        size_t at = (size_t)(next_random(seed) % length);
        size_t span = 1 + (size_t)(next_random(seed) % 20);
        span = span < length - at ? span : length - at;
        switch (next_random(seed) % 3) {
        case 0:
            text[at] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
            break;
        case 1:
            memmove(text + at, text + at + span, length - at - span);
            length -= span;
            break;
        default:
            if (length + span < size) {
                memmove(text + at + span, text + at, length - at);
                length += span;
            }
            break;
        }
    }
    return length;
}

static void test_mutations(void **state)
{
    (void)state;
    enum { ROUNDS = 3000 };
    static char original[8192];
    static char text[16384];
    uint64_t seed = UINT64_C(20261122);
    size_t read = 0;
    size_t length = read_example(original, sizeof(original));
    printf("seed %llu\n", (unsigned long long)seed);
    scratch_make();
    for (size_t i = 0; i < ROUNDS; i++) {
        struct complaints complaints = {0};
        memcpy(text, original, length);
        size_t mutated = mutate(text, length, sizeof(text), &seed);
        struct config *config = config_read(scratch_write("c.yaml", text, mutated), &complaints);
        if ((config != NULL) != (complaints.count == 0)) {
            fail_msg("round %zu: a config and %zu complaints:\n%s", i, complaints.count,
                     complaints.text.data);
        }
        read += config != NULL;
        config_free(config);
        complaints_free(&complaints);
    }
    assert_in_range(read, ROUNDS / 10,
                    ROUNDS * 9 / 10); /* the mutations are neither idle nor mad */
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),          cmocka_unit_test(test_prometheus_check),
        cmocka_unit_test(test_defaults),         cmocka_unit_test(test_values),
        cmocka_unit_test(test_own_board),        cmocka_unit_test(test_broken_board),
        cmocka_unit_test(test_missing_file),     cmocka_unit_test(test_long_query),
        cmocka_unit_test(test_remarks),          cmocka_unit_test(test_example),
        cmocka_unit_test(test_example_comments), cmocka_unit_test(test_mutations),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
