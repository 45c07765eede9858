/*
 * What a config may not say, and the sentence with which each is refused: by line and column.
 */
#include "config/expect.h"
#include "config/sections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISPLAY HEAD "display:\n"
#define SEGMENTS DISPLAY "  segments:\n"

/* Configs that are refused. $ stands for the file's path. */
static const struct refused refused[] = {
    {"an empty map misses its three sections", "{}\n",
     "$:1:1: the key 'board' is missing here; add e.g. board: terminal; `amberbar boards` lists "
     "the "
     "names\n"
     "$:1:1: the key 'prometheus' is missing here; add prometheus: with its url: indented under "
     "it\n"
     "$:1:1: the key 'rollouts' is missing here; add a list, e.g. rollouts: [{name: shop, "
     "namespace: shop}]\n"},
    {"metrics over a file of another use",
     BOARD URL ROLLOUTS "metrics_file: /etc/amberbar/amberbar.yaml\n",
     "$:4:15: node_exporter reads only files that are named NAME.prom, not "
     "/etc/amberbar/amberbar.yaml; e.g. metrics_file: /run/amberbar/amberbar.prom\n"},
    {"metrics in a file without a name", BOARD URL ROLLOUTS "metrics_file: /run/.prom\n",
     "$:4:15: node_exporter reads only files that are named NAME.prom, not /run/.prom; e.g. "
     "metrics_file: /run/amberbar/amberbar.prom\n"},
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
     "$:3:36: unknown key 'pod'; amberbar.yaml(5) lists those that there are\n"},
    {"a key by another word of the trade", BOARD URL "rollouts: [{name: a, ns: b}]\n",
     "$:3:22: unknown key 'ns'; did you mean 'namespace'?\n"},
    {"blanks that are none of the keyboard's",
     BOARD "prometheus:\n  url: http://p\n  \u00a0poll_interval: 5s\n" ROLLOUTS
           "display:\n  night\u202f: {from: '19:00', to: '7:00'}\n",
     "$:4:3: a blank in this key is none of the keyboard's (U+00A0, perhaps pasted from a page); "
     "write it anew\n"
     "$:7:3: a blank in this key is none of the keyboard's (U+00A0, perhaps pasted from a page); "
     "write it anew\n"},
    {"secrets beside the map that they belong into, and words for such maps",
     BOARD "prometheus:\n  url: http://p\n  password: x\n  token: y\n  ca_file: z\n"
           "  auth: {username: a}\n  c4nary: 1\n" ROLLOUTS,
     "$:4:3: unknown key 'password' here: it is one of basic_auth; move it there\n"
     "$:5:3: unknown key 'token'; did you mean 'authorization'?\n"
     "$:6:3: unknown key 'ca_file' here: it is one of tls_config; move it there\n"
     "$:7:3: unknown key 'auth'; did you mean 'basic_auth'?\n"
     "$:8:3: unknown key; amberbar.yaml(5) lists those that there are\n"},
    {"lights in the network, without their address", "board: wled\n" URL ROLLOUTS,
     "$:1:8: " SOURCE_DIR
     "/boards/wled.yaml has an example's address, which is nobody's: copy it beside your config, "
     "write bus: {udp: ADDRESS} there with your controller's, and name the copy, ./wled.yaml; or "
     "let `sudo amberbar setup --board wled` do it\n"},
    {"a copy of such a board that is as it was",
     "board: " SOURCE_DIR "/boards/e131.yaml\n" URL ROLLOUTS,
     "$:1:8: " SOURCE_DIR "/boards/e131.yaml has an example's address, 192.0.2.60; write your "
     "controller's there: bus: {udp: ADDRESS}\n"},
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
     "$:13:15: brightness cannot be '30'; write a share such as 30%\n"},

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
     "$:2:54: this header is given twice, first in line 2; keep one\n"},

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
    {"a query that loses pods", BOARD URL "rollouts: [{name: a, query: up, degraded_after: 1m}]\n",
     "$:3:33: a query knows of no pods that are lost; remove degraded_after\n"},
    {"kinds that rules would be asked for by two labels",
     BOARD
     "prometheus: {url: 'http://p', recording_rules: true, labels: {rollout: {namespace: n}}}\n"
     "rollouts: [{name: a, namespace: b, kinds: [Deployment, Rollout]}]\n",
     "$:3:12: with recording_rules the kinds of one rollout have one label for their namespace, "
     "not "
     "namespace and n; give each a rollout of its own\n"},
    {"a cluster without its label",
     BOARD "prometheus: {url: 'http://p', cluster_label: ''}\n"
           "rollouts: [{name: a, cluster: eu, namespace: b}]\n",
     "$:3:22: a cluster cannot be chosen while cluster_label is empty; name the label there, or "
     "remove cluster\n"},
    {"a cluster of no name", BOARD URL "rollouts: [{name: a, cluster: '', namespace: b}]\n",
     "$:3:31: cluster is empty; write a cluster's name, or remove it for any\n"},
    {"clusters that nothing can match",
     BOARD URL "rollouts: [{name: a, cluster: 'eu-(1', namespace: b}]\n",
     "$:3:31: cluster has a '(' without its ')'; write \\( for the character itself\n"},
    {"clusters by a shell's pattern",
     BOARD URL "rollouts: [{name: a, cluster: 'eu-*', namespace: b}]\n",
     "$:3:31: cluster is read as a regular expression, in which '*' repeats the character before "
     "it; write eu-.* if '*' is to stand for anything\n"},
    {"a cluster by a name that is none of Kubernetes's, and clusters by a pattern",
     BOARD URL "rollouts: [{name: a, cluster: Prod_EU, namespace: b}, {name: c, cluster: '.*', "
               "namespace: d}]\n",
     ""},
    {"a query's series by a pattern",
     BOARD URL "rollouts: [{name: a, query: up, cluster: 'eu|us'}]\n",
     "$:3:42: cluster cannot be a pattern for series of a query; write one cluster's name\n"},
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
     "$:3:44: kinds cannot be 'CronJob'; write " KINDS_HERE "\n"},
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
     "$:5:10: the key 'to' is missing here; add it, with a time such as \"07:30\"\n"},
    {"a night by another clock", DISPLAY "  night: {from: 7pm, to: '24:00', brightness: 0%}\n",
     "$:5:17: from cannot be '7pm'; write a time such as \"19:00\"\n"
     "$:5:26: to cannot be '24:00'; write \"00:00\"\n"
     "$:5:47: brightness cannot be '0%'; write 1% to 100%, or off\n"},
    {"a night to the second", DISPLAY "  night: {from: '19:00:00', to: 7:30:00}\n",
     "$:5:17: from cannot be '19:00:00'; write \"19:00\", without the seconds\n"
     "$:5:33: to cannot be '7:30:00'; write \"7:30\", without the seconds\n"},
    {"a night in a word processor's quotes",
     DISPLAY "  night: {from: \u201c19:00\u201d, to: '07:30'}\n",
     "$:5:17: from cannot begin with a typographic quote; write plain ones: \"...\"\n"},
    {"a range with gaps, in braces without quotes",
     DISPLAY "  segments:\n    - {pixels: 0-2,4-5,7, show: rollouts}\n",
     "$:6:20: within { } a comma ends a value; put it in quotes: pixels: \"0-2,4-5,7\"\n"},
    {"a night of no time", DISPLAY "  night: {from: '19:00', to: '19:00'}\n",
     "$:5:30: the night ends when it begins; correct it, or lower display.brightness\n"},
    {"a palette for lights of two colours",
     "board: adafruit-bicolour-bar\n" URL ROLLOUTS "display:\n  palette: night-red\n",
     "$:5:3: the lights of adafruit-bicolour-bar have colours of their own; remove palette\n"},
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
    {"off, as YAML spells it", HEAD "display: {motion: no}\n",
     "$:4:19: motion cannot be 'no'; did you mean 'off'?\n"},
    {"a setting of a later version", HEAD "display: {glow: 3}\n",
     "$:4:11: unknown key 'glow'; write " DISPLAY_HERE "\n"},
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
     "$:5:17: from cannot be '19:60'; write a time such as \"19:00\"\n"
     "$:5:30: to cannot be '19000:00'; write a time such as \"19:00\"\n"},
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
    {"contradictions of several sorts, each of them",
     BOARD "prometheus:\n  url: http://p\n  timeout: 20s\n  tls_config: {cert_file: c}\n  "
           "http_headers: {Host: a}\n  no_proxy: b\n" ROLLOUTS,
     "$:4:12: timeout: not below poll_interval; a stalled answer would delay the next: shorten it "
     "or leave it out\n"
     "$:5:3: tls_config: a cert without its key; add key_file\n"
     "$:6:24: http_headers: Host is set by the connection itself; use basic_auth, authorization or "
     "url\n"
     "$:7:13: no_proxy without proxy_url; add it, or leave both out\n"},
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
    expect_configs(refused, sizeof refused / sizeof refused[0]);
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
         ":3:8: url: its port is none; write 1 to 65535"},
        {"in a section within",
         "prometheus:\n  url: http://p\n  basic_auth: {username: a, password: b, password_file: "
         "c}\n",
         ":4:57: basic_auth: password_file"},
    };
    scratch_make();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[512];
        struct complaints complaints = {0};
        snprintf(text, sizeof text, "%s%s%s", BOARD, rows[i].section, ROLLOUTS);
        const char *path = scratch_write("c.yaml", text, strlen(text));
        assert_null(config_read(path, &complaints));
        if (strncmp(complaints.text.data + strlen(path), rows[i].place, strlen(rows[i].place)) != 0)
            fail_msg("%s: %s", rows[i].sentence, complaints.text.data);
        complaints_free(&complaints);
    }
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_prometheus_check),
    };
    setenv("AMBERBAR_BOARDS", SOURCE_DIR "/boards", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
