#!/usr/bin/env python3
"""Does each rule of evidence matter? Switches them off one at a time in a scratch copy of the sources,
builds the law and its counterpart, and shows the first world in which one of them breaks.

    tests/law/rules_matter.py [--polls N] [RULE ...]

A rule whose absence breaks neither within N polls is a fault: it is a needless rule, or worlds that do
not need it. UNDECIDED has those of which that is known, and what holds them instead. Takes some minutes; `tools/test --law` runs it.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
POLLS = 20_000_000

# Rule, what is switched off, file, text, what stands there instead.
RULES = [
    ("N1", "an answer to another question counts", "firmware/evidence/clock.c",
     "const bool own = arrival->nonce == NONCE_OWN;\n    if (arrival->nonce == NONCE_ANOTHER)",
     "const bool own = arrival->nonce != NONCE_NOT_ASKED;\n    if (eval_ms < 0)"),
    ("N2", "answers never lag", "firmware/evidence/clock.c",
     "return clock->known && lag_ms > 0 ? lag_ms : 0;", "return lag_ms < 0 ? 0 : 0;"),
    ("N2 horizon", "what was there before the clock went back looks new", "firmware/evidence/clock.c",
     "i < clock->horizon_count && sample_ms > clock->horizons[i].clock_ms)", "i < clock->horizon_count)"),
    ("N2 age", "a sample's age does not matter", "firmware/evidence/proof.c",
     "if (age_ms > limits->max_age_ms)", "if (age_ms > limits->max_age_ms + INT64_C(86400000))"),
    ("N3", "a first answer without a nonce needs no proof", "firmware/evidence/clock.c",
     "return arrival->nonce == NONCE_OWN; /* a cache", "return true; /* a cache"),
    ("N4", "a lower generation in newer samples is never another object", "firmware/evidence/proof.c",
     "    return again;\n", "    return again && row->sample_ms < 0;\n"),
    ("N4 stands", "what lags lets the verdict before stand for ever", "firmware/evidence/proof.c",
     "sight->now_ms - proof->truth_ms <= limits->max_age_ms;\n}\n\n/* What could stand",
     "sight->now_ms >= proof->truth_ms;\n}\n\n/* What could stand"),
    ("N5", "a generation that moves on is never confirmed", "firmware/evidence/proof.c",
     "    if (proof->holding) /* [N5] */\n        return row->sample_ms <= proof->sample_ms;\n", ""),
    ("N5 old", "what waits to be confirmed lets any verdict stand", "firmware/evidence/proof.c",
     "if (!proof->accepted || sight->now_ms - proof->truth_ms > limits->max_age_ms)",
     "if (!proof->accepted || sight->now_ms - proof->truth_ms > limits->max_age_ms * 1000)"),
    ("W1", "a partial answer is as good as a whole one", "firmware/rollout/members.c",
     "(rollout->partial && !rollout->exact)", "(rollout->partial && rollout->exact && !rollout->exact)"),
    ("W2", "absence needs no witness", "firmware/rollout/rollout.c",
     "return witnessed ? SIGHT_ABSENT : SIGHT_SOURCE_GONE;\n}\n\n/* Why a rollout",
     "return witnessed || true ? SIGHT_ABSENT : SIGHT_SOURCE_GONE;\n}\n\n/* Why a rollout"),
    ("W2 heir", "an exporter has no successor", "firmware/evidence/source.c",
     "    return new->first_ms > old->first_ms &&", "    return new->first_ms < 0 &&"),
    ("W2 others", "one heir of one workload speaks for all", "firmware/rollout/rollout.c",
     "        if (!other->seen && proof->source == source)\n            return NULL;\n", ""),
    ("W2 left", "what is exported no more stays as long as a store shows it", "firmware/evidence/source.c",
     "seen->newest_ms - step_ms - step_ms / 2;", "seen->newest_ms - INT64_C(86400000);"),
    ("W2 stays", "a member that is deleted stays", "firmware/rollout/members.c",
     "proof->misses >= 2", "proof->misses >= 2000000"),
    ("W4", "of two objects of a name the older sample counts too", "firmware/evidence/proof.c",
     "row->left_behind || predates(row, created)", "row->left_behind"),
    ("W4 Argo", "of two that disagree the better one counts", "firmware/evidence/proof.c",
     "return phase_badness(a->phase) > phase_badness(b->phase);",
     "return phase_badness(a->phase) < phase_badness(b->phase);"),
    ("T1", "what is known counts for ever", "firmware/daemon/model.c",
     "    if (rollout->verdict.state == STATE_UNKNOWN && !model->shows[index].dimmed)",
     "    if (rollout->seen_ms >= INT64_MIN)"),
    ("T1 truth", "a verdict is as young as its answer", "firmware/rollout/rollout.c",
     "rollout->seen_ms = truth_ms(rollout, now_ms);",
     "rollout->seen_ms = truth_ms(rollout, now_ms) < 0 ? now_ms : now_ms;"),
]

# Rules that no world decides in so many polls, and what shows that they matter.
UNDECIDED = {
    "N4 stands": "T1 makes unknown, a poll later, what has stood for too long; tests/evidence/test_objects.c",
    "N5 old": "T1, as above; tests/evidence/test_objects.c",
    "W2 others": "tests/rollout/test_rollout.c, system/successors",
    "W2 left": "tests/evidence/test_source.c",
    "W4 Argo": "tests/evidence/test_choice.c",
}


def copy_sources(to):
    for name in ("firmware", "tests", "tools", "boards", "CMakeLists.txt"):
        here = os.path.join(TOP, name)
        if os.path.isdir(here):
            shutil.copytree(here, os.path.join(to, name), symlinks=True)
        else:
            shutil.copy(here, to)


def build(where):
    folder = os.path.join(where, "build")
    if not os.path.exists(folder):
        subprocess.run(["cmake", "-S", where, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"],
                       check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", folder, "test_law_law", "test_law_calm"], check=True,
                   stdout=subprocess.DEVNULL)


def breach(where, polls):
    """(test, seed, words) of the first world that breaks, or None."""
    for test, share in (("law", polls), ("calm", polls // 4)):
        run = subprocess.run([os.path.join(where, "build", "tests", f"test_law_{test}")],
                             env={**os.environ, "AMBERBAR_LAW_POLLS": str(share)},
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if run.returncode != 0:
            found = re.search(r"seed (\d+), (.*)", run.stdout)
            return (test, found[1], found[2]) if found else (test, "-", run.stdout.strip()[-200:])
    return None


def switch_off(where, path, old, new):
    """The file's text as it was."""
    name = os.path.join(where, path)
    with open(name, encoding="utf-8") as file:
        text = file.read()
    if text.count(old) != 1:
        sys.exit(f"{path} has this {text.count(old)} times, and not once; correct RULES:\n{old}")
    with open(name, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))
    return text


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--polls", type=int, default=POLLS, help=f"worlds' polls a rule, {POLLS}")
    options.add_argument("rules", nargs="*", metavar="RULE", help="only these")
    options = options.parse_args()
    chosen = [rule for rule in RULES if not options.rules or rule[0] in options.rules]
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="amberbar-rules-") as where:
        copy_sources(where)
        for rule, words, path, old, new in chosen:
            text = switch_off(where, path, old, new)
            build(where)
            found = breach(where, options.polls)
            with open(os.path.join(where, path), "w", encoding="utf-8") as file:
                file.write(text)
            failed += not found and rule not in UNDECIDED
            passed += bool(found)
            print(f"{rule:11} {words}: " + (f"{found[0]} breaks, seed {found[1]}, {found[2]}" if found
                                            else UNDECIDED.get(rule, "NOTHING BREAKS")), flush=True)
    print(f"{passed} passed, {failed} failed, {len(chosen) - passed - failed} undecided")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
