#!/usr/bin/env python3
"""Does each rule of evidence matter? Switches them off one at a time in a scratch copy of the sources,
builds the law and its counterpart, and shows the first world in which one of them breaks.

    tests/law/rules_matter.py [--polls N] [RULE ...]

A rule whose absence breaks neither within N polls is a fault: it is a needless rule, or worlds that do
not need it. Of those in BY_UNIT that is known: what must break without them is the unit test that is
named there. Takes some minutes; `tools/test --law` runs it.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))

from scratch import configure, copy_sources  # noqa: E402

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
    ("N2 age", "a sample's age does not matter", "firmware/evidence/choice.c",
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
    ("W2", "absence needs no witness", "firmware/rollout/absence.c",
     "return witnessed ? SIGHT_ABSENT : SIGHT_SOURCE_GONE;",
     "return witnessed || true ? SIGHT_ABSENT : SIGHT_SOURCE_GONE;"),
    ("W2 heir", "an exporter has no successor", "firmware/evidence/source.c",
     "    return new->first_ms > old->first_ms &&", "    return new->first_ms < 0 &&"),
    ("W2 others", "one heir of one workload speaks for all", "firmware/rollout/absence.c",
     "        if (!other->seen && proof->source == source)\n            return NULL;\n", ""),
    ("W2 share", "a successor of a few speaks for one that is missing", "firmware/rollout/absence.c",
     "others >= ABSENCE_OTHERS_MIN ? heir", "others >= 1 ? heir"),
    ("W2 shards", "shards speak for one that has not come", "firmware/rollout/absence.c",
     "if (here != NULL && !proof_was_shown_by(proof, heir->id))", "if (others > rollout->count)"),
    ("W3 sources", "who is counted no more was nobody", "firmware/evidence/whole.c",
     "const struct whole_source *lost = stays_find_lost(whole, sight);",
     "const struct whole_source *lost = stays_find_lost(whole, sight);\n    lost = NULL;"),
    ("W3 share", "of a few sources one may be lost while others are succeeded", "firmware/evidence/stays.c",
     "    if (part->successors != part->gone)\n        return 0;\n"
     "    return deleted < part->least ? deleted : part->least - 1;",
     "    return deleted < 2 && part->least > 0 ? 2 : deleted;"),
    ("W3 later", "what is created later makes up for what was lost", "firmware/evidence/stays.c",
     "return part->fallen ? 0", "return part->fallen && here->rows < 0 ? 0"),
    ("W3 total", "rows make up for what was lost, however few workloads there are", "firmware/evidence/stays.c",
     "part->lost - deleted && fallen <= deleted;", "part->lost - deleted && (fallen <= deleted || fallen > 0);"),
    ("W4 beside", "an exporter and its successor are rivals", "firmware/evidence/choice.c",
     "    return !both && (!is_long_known", "    return !both && sight->now_ms < 0 && (!is_long_known"),
    ("W2 left", "what is exported no more stays as long as a store shows it", "firmware/evidence/source.c",
     "seen->newest_ms - step_ms - step_ms / 2;", "seen->newest_ms - INT64_C(86400000);"),
    ("W2 pace", "what is slower than its siblings has left", "firmware/rollout/left.c",
     "if (!source_leaves_behind(answer, row, step_ms))", "if (answer->count == 0 || step_ms < 0)"),
    ("W2 alike", "a source with more labels speaks for one with fewer", "firmware/prometheus/answer/response.c",
     "if (missed->ids[i] == seen.id) {", "if (missed->ids[i] != 0) {"),
    ("W2 two", "one server witnesses for another", "firmware/prometheus/answer/response.c",
     "answer->unwitnessed = true; /* what one", "answer->unwitnessed |= number < 0; /* what one"),
    ("W2 stays", "a member that is deleted stays", "firmware/rollout/members.c",
     "proof->misses >= 2", "proof->misses >= 2000000"),
    ("W0", "remarks about a query say that series are missing", "firmware/prometheus/answer/envelope.c",
     "strncmp(words, info, sizeof info - 1) == 0) /* [W0] */", "words[0] == '\\0') /* [W0] */"),
    ("W3", "counts need not add up", "firmware/evidence/whole.c",
     "if (!adds_up(sight, belief) ||", "if ((!adds_up(sight, belief) && sight->now_ms < 0) ||"),
    ("W3 listed", "what is listed need not be there", "firmware/evidence/whole.c",
     "|| !all_listed_are_seen(sight, belief)) {",
     "|| (!all_listed_are_seen(sight, belief) && sight->now_ms < 0)) {"),
    ("W3 times", "a rule's own evaluation may be old", "firmware/evidence/whole.c",
     "    belief->doubt = doubt_times(whole, sight, &belief->rule);\n    whole->added_up",
     "    if (sight->now_ms < 0)\n        belief->doubt = doubt_times(whole, sight, &belief->rule);\n    whole->added_up"),
    ("W3 mixed", "what some rules have seen all have seen", "firmware/evidence/whole.c",
     "last_ms == ROW_MISSING || last_ms >= survey->evaluated_ms[RULE_OLDEST])",
     "last_ms == ROW_MISSING || last_ms >= 0)"),
    ("O1", "rows of what was not asked for count", "firmware/prometheus/answer/rows.c",
     "    if (rows->asked->list == NULL)\n        return false;\n    const struct selection *of",
     "    if (rows->asked->list == NULL || rows->asked->selections > 0)\n        return false;\n"
     "    const struct selection *of"),
    ("O2", "another Prometheus has the same memory", "firmware/daemon/model.c",
     "    if (same_prometheus(&model->config->prometheus, &before->config->prometheus))",
     "    if (same_prometheus(&model->config->prometheus, &before->config->prometheus) || now_ms >= 0)"),
    ("W4", "of two objects of a name the older sample counts too", "firmware/evidence/choice.c",
     "row->left_behind || predates(scene, row)", "row->left_behind"),
    ("W4 Argo", "of two that disagree the better one counts", "firmware/evidence/choice.c",
     "return phase_badness(a->phase) > phase_badness(b->phase);",
     "return phase_badness(a->phase) < phase_badness(b->phase);"),
    ("W4 worse", "what is done through one source is done, whatever another shows", "firmware/evidence/choice.c",
     "if (!same || !is_more_undone(row, worst)", "if (!same || row->generation >= -1"),
    ("W4 slow", "what is better stands for what is slow", "firmware/evidence/choice.c",
     "if (here != DOUBT_NONE && !is_slow(scene, row))",
     "if (here != DOUBT_NONE && (is_slow(scene, row) || here > DOUBT_NONE))"),
    ("W4 lag", "what is slow by the answer's lag is not there", "firmware/evidence/choice.c",
     "age_of(scene->proof, sight, row) > scene->limits->max_age_ms &&",
     "age_of(scene->proof, sight, row) - sight->lag_ms > scene->limits->max_age_ms &&"),
    ("W4 twins", "sources do not contradict each other", "firmware/evidence/twins.c",
     "return twins->wanted.sample_ms > 0;", "return twins->wanted.sample_ms < 0;"),
    ("W4 reach", "who reaches by chance what the other showed is no other", "firmware/evidence/twins.c",
     "row->source_id == twins->other && !again;", "row->source_id == twins->other && !again && again;"),
    ("W4 back", "of two that were two objects nothing is known when one comes back", "firmware/evidence/choice.c",
     "terms.first =\n        is_newcomer(scene, best) || (is_first", "terms.first =\n        (is_first"),
    ("W4 rival", "who showed it otherwise and is gone was nobody", "firmware/evidence/choice.c",
     "choice.lost = lost_rival(proof, &scene);", "choice.lost = 0 * lost_rival(proof, &scene);"),
    ("W4 heirs", "who comes takes the place of a rival at once", "firmware/evidence/choice.c",
     "(came || is_long_known(proof, sight, source));", "(came || source != 0);"),
    ("T1", "what is known counts for ever", "firmware/daemon/model.c",
     "    if (rollout->verdict.state == STATE_UNKNOWN && !model->shows[index].dimmed)",
     "    if (rollout->seen_ms >= INT64_MIN)"),
    ("T1 truth", "a verdict is as young as its answer", "firmware/rollout/rollout.c",
     "rollout->seen_ms = truth_ms(rollout, now_ms);",
     "rollout->seen_ms = truth_ms(rollout, now_ms) < 0 ? now_ms : now_ms;"),
]

# Rules that no world decides in so many polls, and the unit test that does.
BY_UNIT = {
    "N4 stands": "evidence_objects",
    "N5 old": "evidence_objects",
    "W2 others": "rollout_successors",
    "W2 shards": "rollout_successors",
    "W2 left": "evidence_source",
    "W2 pace": "rollout_left",
    "W2 alike": "prometheus_answer_sample",
    "W2 two": "prometheus_answer_sample",
    "W4 reach": "evidence_objects",
    "W4 lag": "evidence_choice",
    "W4 slow": "evidence_choice",
    "W4 back": "evidence_objects",
    "W4 heirs": "evidence_rivals",
    "W4 beside": "evidence_rivals",
    "W3 later": "evidence_stays",
    "W3 total": "evidence_stays",
    "W3 mixed": "evidence_whole",
    "W4 Argo": "evidence_choice",
    "W0": "prometheus_answer_rows",
    "O1": "prometheus_answer_rows",
    "O2": "daemon_model",
}


def build(where, *targets):
    folder = configure(where, "-DCMAKE_BUILD_TYPE=Release")
    subprocess.run(["ninja", "-C", folder, *(f"test_{target}" for target in targets)], check=True,
                   stdout=subprocess.DEVNULL)


def run(where, test, **environment):
    return subprocess.run([os.path.join(where, "build", "tests", f"test_{test}")],
                          env={**os.environ, **environment}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)


def breach_of_unit(where, unit):
    build(where, unit)
    tried = run(where, unit)
    said = re.search(r"^(?:ERROR: |\[  ERROR   \] --- )(.*)", tried.stdout, re.M)
    return f"{unit} fails, {said[1] if said else 'exit status'}" if tried.returncode else None


def breach(where, polls):
    """What breaks, in words, of the first world that does; None: nothing."""
    build(where, "law_law", "law_calm")
    for test, share in (("law", polls), ("calm", polls // 4)):
        tried = run(where, f"law_{test}", AMBERBAR_LAW_POLLS=str(share))
        if tried.returncode != 0:
            found = re.search(r"seed \d+, .*", tried.stdout)
            return f"{test} breaks, " + (found[0] if found else tried.stdout.strip()[-200:])
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
            unit = BY_UNIT.get(rule)
            found = breach_of_unit(where, unit) if unit else breach(where, options.polls)
            with open(os.path.join(where, path), "w", encoding="utf-8") as file:
                file.write(text)
            passed += found is not None
            failed += found is None
            print(f"{rule:11} {words}: {found or 'NOTHING BREAKS'}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
