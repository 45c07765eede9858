#!/usr/bin/env python3
"""What firmware/README.md says of changes is so: makes each of them in a scratch copy of the sources,
builds it, tries it, and counts the files that were written by hand.

    tests/house/changes.py [NAME ...]      only these
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ.get("AMBERBAR_SOURCE") or os.path.join(os.path.dirname(__file__), "..", "..")
COPIED = ("firmware", "boards", "tests", "tools", "CMakeLists.txt", "README.md", "LICENSE")


class Fault(Exception):
    """A change that cannot be made as it is written here, or does not work."""


class Scratch:
    """A copy of the sources that is built, changed, and taken back."""

    def __init__(self, where):
        self.where = where
        self.build = os.path.join(where, "build")
        self.built = os.path.join(where, "built")  # the same before all changes
        self.before = {}  # of each file that was changed: its text and times, or None
        for name in COPIED:
            here, there = os.path.join(TOP, name), os.path.join(where, name)
            if os.path.isdir(here):
                shutil.copytree(here, there, symlinks=True)
            else:
                shutil.copy(here, there)
        cached = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        self.run("cmake", "-S", where, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                 "-DCMAKE_C_FLAGS_DEBUG=-g0", "-DWARNINGS_AS_ERRORS=ON", *cached)
        self.make("amberbar", "amberbar-replay")
        shutil.copytree(self.build, self.built, symlinks=True)

    def run(self, *command, status=0, **environment):
        """What it says. A Fault when it ends otherwise than with `status`."""
        cache = {"CCACHE_BASEDIR": self.where, "CCACHE_NOHASHDIR": "1"}
        done = subprocess.run(command, cwd=self.where, env={**os.environ, **cache, **environment}, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600,
                              check=False)
        if done.returncode != status:
            raise Fault(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout[-3000:]}")
        return done.stdout

    def make(self, *targets, status=0):
        return self.run("ninja", "-j1", "-C", self.build, *targets, status=status)

    def amberbar(self, *words):
        return self.run(os.path.join(self.build, "amberbar"), *words,
                        AMBERBAR_BOARDS=os.path.join(self.where, "boards"))

    def test(self, name, status=0):
        """Builds tests/NAME.c, whatever ctest calls it, and runs it."""
        target = "test_" + name.replace("/test_", "/").replace("/", "_")
        self.make(target)
        return self.run(os.path.join(self.build, "tests", target), status=status)

    def write(self, path, text):
        name = os.path.join(self.where, path)
        if path not in self.before:
            self.before[path] = (self.read(path), os.stat(name)) if os.path.exists(name) else None
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, path):
        with open(os.path.join(self.where, path), encoding="utf-8") as file:
            return file.read()

    def replace(self, path, pattern, text):
        """At the one place where `pattern`, a regular expression, is; \\g<0> is what stood there."""
        new, count = re.subn(pattern, text, self.read(path), flags=re.M)
        if count != 1:
            raise Fault(f"{path} has {count} places like this, not one: {pattern}")
        self.write(path, new)

    def take_back(self):
        """With the times of all files, so that nothing is built once more."""
        for path, former in self.before.items():
            name = os.path.join(self.where, path)
            if former is None:
                os.remove(name)
            else:
                self.write(path, former[0])
                os.utime(name, ns=(former[1].st_atime_ns, former[1].st_mtime_ns))
        self.before = {}
        shutil.rmtree(self.build)
        shutil.copytree(self.built, self.build, symlinks=True)


def add_board(scratch):
    scratch.write("boards/porch.yaml", """# The strip on the porch.
title: Porch
enable: [dtparam=spi=on]
outputs:
  - name: strip
    chip: apa102
    pixels: 24
    bus: {spi: /dev/spidev0.0}
""")
    if "24 pixels" not in scratch.amberbar("boards", "porch"):
        raise Fault("boards does not show it")


CHIP = """/*
 * WALL2: two bytes a LED, red and green.
 */
#include "chips/ledstrip.h"

#include <string.h>

static const struct ledstrip_nature nature = {.steps = 255, .weights = {1, 1, 1}};

static const struct field wall2_fields[] = {
    LEDSTRIP_FIELDS(ledstrip_rgb_orders, "rgb", "20"),
    {.key = NULL},
};

static bool wall2_check(const void *settings, struct error *error)
{
    return ledstrip_check(&nature, settings, error);
}

static size_t wall2_wire_size(const void *settings)
{
    return 2 * ledstrip_pixels(settings);
}

static void wall2_encode(const void *settings, const struct frame *frame, bool raw, struct wire *wire)
{
    struct ledstrip strip;
    ledstrip_begin(&strip, &nature, settings, frame, raw);
    for (size_t i = 0; i < ledstrip_pixels(settings); i++) {
        uint8_t *out = wire_reserve(wire, 2);
        if (out != NULL)
            memcpy(out, ledstrip_levels(&strip, i), 2);
    }
    wire_end_message(wire);
}

const struct chip chip_wall2 = {
    .name = "wall2",
    .summary = "WALL2 LEDs, red and green, on data and clock",
    .fields = wall2_fields,
    .settings_size = sizeof(struct ledstrip_settings),
    .buses = BUS_BIT(BUS_SPI),
    .spi = {.hz = 1000000, .min_hz = 100000, .max_hz = 2000000},
    .check = wall2_check,
    .pixels = ledstrip_pixels,
    .digits = ledstrip_digits,
    .wire_size = wall2_wire_size,
    .encode = wall2_encode,
};
"""
CHIP_TEST = """#include "chips/chip.h"
#include "chips/ledstrip.h"
#include "encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void red_and_green_are_two_bytes(void **state)
{
    (void)state;
    const struct ledstrip_settings settings = {.pixels = 2, .order = 5 /* rgb */};
    struct pixel pixels[] = {{65535, 0, 0}, {0, 65535, 65535}};
    const struct frame frame = {.pixels = pixels, .count = 2};
    const struct wire wire = encoding_of(&chip_wall2, &settings, &frame, true);
    assert_int_equal(wire.length, 4);
    assert_memory_equal(wire.bytes, "\\xff\\x00\\x00\\xff", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(red_and_green_are_two_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
"""


def add_chip(scratch):
    scratch.write("firmware/chips/wall2.c", CHIP)
    scratch.write("tests/chips/test_wall2.c", CHIP_TEST)
    if shutil.which("clang"):  # what gcc says from 14 on
        said = scratch.run("clang", "-fsyntax-only", "-Ifirmware", "-Werror",
                           "-Wmissing-variable-declarations", "firmware/chips/wall2.c", status=1)
        if "chip_wall2" not in said:
            raise Fault(f"a chip that is in no list is not named:\n{said}")
    scratch.replace("firmware/chips/chip.h", r"^    X\(frames\)", r"    X(wall2) \\\n\g<0>")
    scratch.test("chips/test_wall2")
    said = scratch.test("config/test_keys", status=1)
    if "keys.txt has no line of this key: wall2: order: else rgb" not in said:
        raise Fault(f"config/keys does not ask for its keys:\n{said}")
    scratch.make("amberbar")
    with open(os.path.join(scratch.build, "porch.yaml"), "w", encoding="utf-8") as file:
        file.write("title: Porch\noutputs:\n  - {name: strip, chip: wall2, pixels: 2, "
                   "bus: {spi: /dev/spidev0.0}}\n")
    said = scratch.amberbar("encode", "-b", file.name, "--raw", "--pixels", "#ff0000,#00ff00")
    if said != "strip: ff 00 00 ff\n":
        raise Fault(f"encode says {said}")


KEY_TEST = """/*
 * `celebrate`: whether a light sweeps over what has finished.
 */
#include "picture/models.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void false_leaves_the_sweep_out(void **state)
{
    (void)state;
    struct show show = show_of(STATE_STABLE, 1, 1);
    struct picture_settings quiet = bright; /* as a config that says nothing */
    struct pixel swept[8];
    struct frame frame;
    show.finished_ms = 1000;
    draw(&quiet, &show, 8, 1400, &frame);
    memcpy(swept, room, sizeof swept);
    quiet.celebrate = false;
    draw(&quiet, &show, 8, 1400, &frame);
    assert_memory_not_equal(swept, room, sizeof swept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(false_leaves_the_sweep_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
"""


def add_key(scratch):
    scratch.replace("firmware/picture/picture.h", r"^    X\(motion,",
                    '    X(celebrate, FIELD_BOOL, .fallback = "true", \\\\\n'
                    '      .help = "false: a rollout that has finished is stable at once.") \\\\\n\\g<0>')
    scratch.replace("firmware/picture/picture.c", r"sweep < 1 && segment->source",
                    "sweep < 1 && scene->settings->celebrate && segment->source")
    scratch.write("tests/picture/test_celebrate.c", KEY_TEST)
    scratch.test("picture/test_celebrate")
    scratch.make("manual")
    if "celebrate" not in scratch.read("firmware/man/amberbar.yaml.5"):
        raise Fault("the manual does not name it")


COMMAND = """/*
 * `amberbar hello`: says who is there.
 */
#include "base/say.h"
#include "commands/commands.h"

#include <stdio.h>

static const struct option_spec options_table[] = {
    {"--to", NULL, "NAME", "who is greeted; default everybody"},
    {0},
};

static int run_hello(const struct options *options)
{
    say_line(stdout, "hello, %s", options->values[0] != NULL ? options->values[0] : "everybody");
    return EXIT_STATUS_OK;
}

const struct command command_hello = {
    .name = "amberbar hello",
    .brief = "say who is there",
    .summary = "Says who is there.",
    .options = options_table,
    .run = run_hello,
};
"""
COMMAND_TEST = """#include "commands/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void it_greets(void **state)
{
    (void)state;
    struct captured said = capture(&command_hello, (const char *[4]){"hello", "--to", "you"});
    assert_string_equal(said.out, "hello, you\\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_greets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
"""


def add_command(scratch):
    scratch.write("firmware/commands/hello.c", COMMAND)
    scratch.write("tests/commands/test_hello.c", COMMAND_TEST)
    scratch.replace("firmware/commands/commands.h", r"^    X\(blank\)", "    X(hello) \\\\\n\\g<0>")
    scratch.test("commands/test_hello")
    scratch.make("amberbar", "manual")
    if "say who is there" not in scratch.amberbar("--help"):
        raise Fault("--help does not list it")
    if "hello" not in scratch.read("firmware/completion/amberbar.bash"):
        raise Fault("bash does not complete it")


STATE_ROW = """    X(STATE_DRAINING, "draining", 6, STATE_TROUBLED, RUN_IS_ON, OUTLOOK_TROUBLE, \\\\
      INDICATOR_EXPLAINED, SAYS_CLAUSE("old pods do not end"), "draining, ", "is draining", \\\\
      "are draining") \\\\
"""
STATE_LOOK = """static const struct look draining = {.hue = HUE_RED,
                                     .motion = MOTION_SWELL,
                                     .fill = FILL_MARK,
                                     .position = POSITION_ENDS,
                                     .period_ms = 3200,
                                     .high = 1.00,
                                     .low = 0.10,
                                     .blink_ms = 2000,
                                     .blink_lit = 0.20,
                                     .words = {"n", "dr", "drA", "drAn"}};

"""
# What picture/distinct says of a look that others have, of which its owner chose that one.
LOOK_TAKEN = (r"(draining and critical|critical and draining) are [0-9.]+ apart, [0-9.]+ too little, on ",
              r"HUE_RED, FILL_MARK, POSITION_ENDS, high 1\.00, low 0\.10: ",
              r"HUE_RED, blinking:.* 2000/0\.20 ")


def expect_named(scratch, said, *files):
    for name in files:
        if not re.search(rf"{name}:\d+:\d+: error", said):
            raise Fault(f"the compiler does not name {name}:\n{said[-3000:]}")


def add_state(scratch):
    scratch.replace("firmware/rollout/states.h", r"^    X\(STATE_SCALED_TO_ZERO", STATE_ROW + "\\g<0>")
    said = scratch.make("-k", "0", "amberbar", "test_rollout_verdict", status=1)
    expect_named(scratch, said, "picture/look.c", "rollout/expected_states.h")
    scratch.replace("firmware/picture/look.c", r"^static const struct look degraded",
                    STATE_LOOK + "\\g<0>")
    scratch.replace("firmware/picture/look.c", r"^        ROW\(STATE_DEGRADED",
                    "        ROW(STATE_DRAINING, &draining);\n\\g<0>")
    scratch.replace("firmware/picture/look.c", r"^        ROW_OF\(STATE_DEGRADED",
                    '        ROW_OF(STATE_DRAINING, 0.5, 0.5, 12, "old pods do not end");\n\\g<0>')
    scratch.replace("tests/rollout/expected_states.h", r"^        EXPECTS\(STATE_SCALED_TO_ZERO",
                    '        EXPECTS(STATE_DRAINING, "draining", "DR", 6, true, "r--", true, ASKS_ACT, COURSE_UNDER_WAY);\n\\g<0>')
    scratch.replace("README.md", r"^\| magenta end that throbs",
                    "| red ends that swell together | **draining** | old pods do not end |\n\\g<0>")
    scratch.replace("firmware/picture/look.c", r"FILL_MARK(,\n *\.position = POSITION_ENDS)", r"FILL_BURST\1")
    said = scratch.test("picture/test_distinct", status=1)
    for pattern in LOOK_TAKEN:
        if not re.search(pattern, said):
            raise Fault(f"picture/distinct does not say {pattern}:\n{said[-3000:]}")
    scratch.replace("firmware/picture/look.c", r"FILL_BURST(,\n *\.position = POSITION_ENDS)", r"FILL_MARK\1")
    for name in ("rollout/test_verdict", "picture/test_look", "picture/test_picture",
                 "picture/test_animation", "picture/test_ambience", "picture/test_rhythm", "picture/test_difference",
                 "picture/test_distinct", "chips/test_lamps"):
        scratch.test(name)
    scratch.make("amberbar")
    if "old pods do not end" not in scratch.amberbar("preview", "--board", "terminal", "--state", "draining"):
        raise Fault("preview does not show it")


KIND_RULES = """/*
 * CloneSets of OpenKruise: as a Deployment without conditions.
 */
#include "rollout/rules.h"

static bool complete(const struct scene *scene)
{
    return scene->counts->updated >= scene->counts->spec &&
           scene->counts->available >= scene->counts->spec &&
           scene->counts->replicas == scene->counts->spec;
}

static const struct rule rules[] = {
    {rule_unobserved, {STATE_PROGRESSING, WHY_UNOBSERVED, FILL_EMPTY}},
    {rule_zero, {STATE_SCALED_TO_ZERO, WHY_ZERO, FILL_NONE}},
    {rule_zero_wanted, {STATE_PROGRESSING, WHY_SCALING, FILL_EMPTY}},
    {complete, {STATE_STABLE, WHY_COMPLETE, FILL_FULL}},
    {rule_settled_here, {STATE_DEGRADED, WHY_LOST_PODS, FILL_PROVEN}},
    {rule_always, {STATE_PROGRESSING, WHY_ROLLOUT, FILL_PROVEN}},
};

const struct kind kind_cloneset = {"CloneSet", "CloneSets", KUBE_STATE_METRICS, rules, false, false};
"""
KIND_SERIES = """#define CLONESET_METRICS(X) \\\\
    X("kube_cloneset_metadata_generation", MEANS_COUNT, generation, LACK_UNSEEN) \\\\
    X("kube_cloneset_spec_replicas", MEANS_PODS, spec, LACK_UNWANTED) \\\\
    X("kube_cloneset_status_observed_generation", MEANS_COUNT, observed, LACK_UNSEEN) \\\\
    X("kube_cloneset_status_replicas", MEANS_PODS, replicas, LACK_UNCOUNTED) \\\\
    X("kube_cloneset_status_replicas_available", MEANS_PODS, available, LACK_UNSERVED) \\\\
    X("kube_cloneset_status_replicas_updated", MEANS_PODS, updated, LACK_UNRENEWED)
#define CLONESET_SETTLED \\\\
    "kube_cloneset_status_observed_generation{@}>=kube_cloneset_metadata_generation{@} and " \\\\
    "kube_cloneset_status_replicas_updated{@}==kube_cloneset_spec_replicas{@} and " \\\\
    "kube_cloneset_status_replicas{@}==kube_cloneset_spec_replicas{@} and " \\\\
    "kube_cloneset_status_replicas_available{@}>=kube_cloneset_spec_replicas{@}"

"""
KIND_ROW = """    X(KIND_CLONESET, cloneset, "CloneSet", "CloneSets", false, "kube_cloneset_", \\\\
      "kube_cloneset_metadata_generation", CLONESET_METRICS, "cloneset", \\\\
      "kube_cloneset_status_replicas_available", NULL, CLONESET_SETTLED, \\\\
      "no CloneSets (kube_cloneset_metadata_generation): " FINE_OR_RESOURCES) \\\\
"""
KIND_CLUSTER = '''"""OpenKruise's CloneSet, as far as a rollout sees it: its pods come and go as a canary's."""

from .argo import Rollout
from .workload import Family


class CloneSet(Rollout):
    kind = "CloneSet"
    name_label = "cloneset"

    def families(self, now: float, epoch: float) -> Family:
        prefix = "kube_cloneset"
        yield f"{prefix}_metadata_generation", {}, self.generation
        yield f"{prefix}_status_observed_generation", {}, self.generation
        yield f"{prefix}_spec_replicas", {}, self.replicas
        yield f"{prefix}_status_replicas", {}, len(self.running)
        yield f"{prefix}_status_replicas_available", {}, len(self.available(now))
        yield f"{prefix}_status_replicas_updated", {}, len(self.of_newest(self.running))
'''
KIND_TEST = """#include "prometheus/promql/query.h"
#include "rollout/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void it_is_asked_for(void **state)
{
    (void)state;
    const struct query_terms terms = {.namespace_label = "namespace", .cluster_label = "", .selections = 1};
    const struct selection all = {.kinds = KIND_BIT(KIND_CLONESET), .namespace_ = "shop"};
    struct text query = {0};
    struct error error;
    assert_true(query_workloads(&query, &terms, &all, 1, &error));
    assert_non_null(strstr(query.data, "kube_cloneset_"));
    text_free(&query);
    assert_string_equal(kind_of(KIND_CLONESET)->plural, "CloneSets");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_asked_for)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
"""


def add_kind(scratch):
    scratch.replace("firmware/evidence/kinds.h", r"^#define FINE_OR_RESOURCES", KIND_SERIES + "\\g<0>")
    scratch.replace("firmware/evidence/kinds.h", r"^    X\(KIND_STATEFULSET", KIND_ROW + "\\g<0>")
    if "kind_cloneset" not in scratch.make("amberbar", status=1):
        raise Fault("nobody names the kind whose rules are not there")
    scratch.write("firmware/rollout/cloneset.c", KIND_RULES)
    scratch.write("tools/cluster/cloneset.py", KIND_CLUSTER)
    scratch.replace("README.md", "StatefulSets, DaemonSets and Argo Rollouts", "CloneSets, \\g<0>")
    scratch.write("tests/rollout/test_cloneset.c", KIND_TEST)
    scratch.make("amberbar", "rules_file")
    for name in ("rollout/test_cloneset", "evidence/test_kind", "evidence/test_proof",
                 "prometheus/promql/test_survey", "daemon/test_plan", "config/test_refusals"):
        scratch.test(name)
    with open(os.path.join(scratch.build, "amberbar.yaml"), "w", encoding="utf-8") as file:
        file.write("board: terminal\nprometheus: {url: 'http://p'}\nrollouts:\n"
                   "  - {name: one, namespace: shop, cloneset: web}\n"
                   "  - {name: all, namespace: shop, kinds: [CloneSet, Deployment]}\n")
    if "fine" not in scratch.amberbar("check", "-c", file.name):
        raise Fault("check does not take it")
    said = scratch.run(sys.executable, "-c", "from cluster.cluster import Cluster\n"
                       "from cluster.cloneset import CloneSet\nfrom cluster.metrics import Exporter\n"
                       "cluster = Cluster(lag_s=0.0)\ncluster.run(CloneSet, 'shop/web')\n"
                       "print(Exporter().text(cluster))", PYTHONPATH=os.path.join(scratch.where, "tools"))
    if 'kube_cloneset_spec_replicas{namespace="shop",cloneset="web"}' not in said:
        raise Fault(f"the simulated cluster does not show it:\n{said}")


# What is added, how, and how many files are written for it by hand, its test among them.
CHANGES = {
    "board": (add_board, 1),
    "chip": (add_chip, 3),
    "key": (add_key, 3),
    "command": (add_command, 3),
    "state": (add_state, 4),
    "kind": (add_kind, 5),
}


def main():
    chosen = sys.argv[1:] or list(CHANGES)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="amberbar-changes-") as where:
        scratch = Scratch(where)
        for name in chosen:
            add, most = CHANGES[name]
            try:
                add(scratch)
                files = sorted(scratch.before)
                if len(files) != most:
                    raise Fault(f"{len(files)} files are written by hand, not {most}")
                print(f"{name}: {', '.join(files)}", flush=True)
                passed += 1
            except Fault as fault:
                print(f"{name}: {fault}", flush=True)
                failed += 1
            scratch.take_back()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
