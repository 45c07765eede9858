#!/usr/bin/env python3
"""No forgotten row compiles: adds an enumerator to each enum that a table is over, in the middle and at the end,
and looks whether the compiler refuses the file of the table and names what is forgotten (base/table.h). No
table over an enum is written otherwise, but those of EXCEPT; and no enum begins with good news, for that is
what memory of zeros would say, but those of HARMLESS.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ.get("AMBERBAR_SOURCE") or os.path.join(os.path.dirname(__file__), "..", "..")
FIRMWARE = os.path.join(TOP, "firmware")
LIST = re.compile(r"^#define (\w+)\(X\)((?:.*\\\n)+.*\n)", re.M)
MADE = re.compile(r"\b([A-Z_]+)\([A-Z_]+\)")
NEW = "FORGOTTEN_ROW"
COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]

ROW = re.compile(r"\bROW(?:_OF|_AT)?\((\w+)")
ENUM = re.compile(r"\benum (\w+ )?\{(.*?)\}", re.S)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
END = re.compile(r"\b(ROW_COUNT|ROWS_END)\((?:\w+, )?(\w+)\)")
PLAIN_ROW = re.compile(r"^\s*(?:static [^\n]*= \{|\{)?\[([A-Z][A-Z0-9_]*)\] = ", re.M)

# Enums whose tables are arrays as others are, and why a forgotten row of them does no harm.
EXCEPT = {
    "": "options of a command, and fields by their place in a table: without a row nobody can write it",
    "rollout_weight": "words of a key, up to NULL: without one nobody can write it",
    "query_style": "as above",
    "http_method": "as above",
    "tls_version": "as above",
}

GOOD_NEWS = re.compile(r"_(NONE|FINE|OK|GOOD|WELL|ALL|RUNS|DONE|STABLE|COMPLETED?|TRUE|READ|ENDS|NO_\w*(FLAW|FAULT|ERROR))$")
# Enums that begin so, and why a forgotten value of them says nothing good.
HARMLESS = {
    "exit_status": "a shell takes 0 for success; every command returns it by name",
    "running_state": "no daemon runs, or none that can be heard: that is the bad news",
    "progress_reason": "no reason is given; the rules ask for the condition first",
    "rollout_phase": "no phase is known, and the row is not whole",
    "change": "nothing to draw anew: the picture before stands",
    "mirror": "a key of the display, as is without it",
    "fill": "no bar at all",
    "sign": "nothing speaks for that board",
}


def sources():
    for folder, _, names in sorted(os.walk(FIRMWARE)):
        for name in sorted(names):
            if name.endswith((".c", ".h")):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    yield os.path.relpath(path, FIRMWARE), file.read()


def flags():
    """Those of every file, and warnings are as they are by default: errors are what must stop a forgotten row."""
    with open(os.path.join(TOP, "CMakeLists.txt"), encoding="utf-8") as file:
        found = re.search(r"target_compile_options\(amberbar_flags INTERFACE\n(.*?)\)", file.read(), re.S)
    return re.findall(r"-[WDf][\w=+-]+", found[1])


def expanded(texts):
    """The same, with the enumerators in the place of a list that they are made of: `enum kind { KINDS(KIND_ENUMERATOR)
    KIND_COUNT };` and `#define KINDS(X) X(KIND_A, ...) X(KIND_B, ...)`."""
    lists = {found[1]: re.findall(r"^\s*X\((\w+),", found[2], re.M)
             for text in texts.values() for found in LIST.finditer(text)}
    return {path: ENUM.sub(lambda enum: MADE.sub(
        lambda made: ", ".join(lists.get(made[1], [])) + "," if lists.get(made[1]) else made[0], enum[0]), text)
            for path, text in texts.items()}


def enumerators(body):
    return [re.split(r"[\s=]", item.strip())[0] for item in COMMENT.sub("", body).split(",") if item.strip()]


def enums(texts):
    """Enumerator -> (file, name of its enum, its enumerators)."""
    places = {}
    for path, text in texts.items():
        for found in ENUM.finditer(text):
            names = enumerators(found[2])
            for name in names:
                places[name] = (path, (found[1] or "").strip(), names)
    return places


def grown(text, names, after):
    """`text` with one enumerator more behind `after`."""
    for found in ENUM.finditer(text):
        if enumerators(found[2]) == names:
            at = re.compile(rf"\b{after}\b(?! *\+)").search(text, found.start())
            return text[:at.end()] + f", {NEW}" + text[at.end():]
    raise ValueError(f"no enum of {after}")


def refuses(compiler, options, table, place, text):
    """What the compiler says of the table's file, when the enum in `place` is `text`; None: nothing."""
    with tempfile.TemporaryDirectory(prefix="amberbar-tables-") as scratch:
        for path, content in ((table, None), (place, text)):
            there = os.path.join(scratch, path)
            os.makedirs(os.path.dirname(there), exist_ok=True)
            if content is None:
                shutil.copy(os.path.join(FIRMWARE, path), there)
            else:
                with open(there, "w", encoding="utf-8") as file:
                    file.write(content)
        run = subprocess.run(
            [compiler, "-std=gnu17", "-fsyntax-only", "-D_GNU_SOURCE", *options, "-I", scratch, "-I", FIRMWARE,
             "-isystem", "/usr/include/cjson", os.path.join(scratch, table)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return run.stdout if run.returncode != 0 else None


def rows(text):
    """(an enumerator, whether its table is an array) of each row. Where a list makes them, that is, a macro names no
    enumerator, the end of each table does."""
    found = [(row[1], row[0].startswith("ROW_AT")) for row in ROW.finditer(text)]
    yield from (row for row in found if not row[0].islower())
    if any(name.islower() for name, _ in found):
        yield from ((end[2], end[1] == "ROWS_END") for end in END.finditer(text))


def trials(texts):
    """(table's file, enum's file, enum's name, its enumerators, a row's macro) of each table."""
    places, seen = enums(texts), set()
    for path, text in texts.items():
        if path == "base/table.h":
            continue
        for row, is_array in rows(text):
            if row not in places:
                raise ValueError(f"{path}: {row} is no enumerator of the firmware")
            place, name, names = places[row]
            if (path, names[0], is_array) not in seen:
                seen.add((path, names[0], is_array))
                yield path, place, name, names, is_array


def positions(names):
    """Behind the first, and behind the last that is a value."""
    counted = re.search(r"_COUNT$|^SURVEY_RULES$", names[-1])
    return {names[0], names[-2 if counted else -1]}


def fault_of(trial):
    compiler, options, texts, (path, place, name, names, is_array), after = trial
    said = refuses(compiler, options, path, place, grown(texts[place], names, after))
    what = f"{path}: a value behind {after} of enum {name}"
    if said is None:
        return f"{what}: {compiler} compiles the table without its row"
    expected = "is forgotten" if is_array else NEW
    if expected not in said:
        return f"{what}: {compiler} does not say what is forgotten:\n{said}"
    return None


def written_otherwise(texts):
    places = enums(texts)
    for path, text in texts.items():
        for found in PLAIN_ROW.finditer(text):
            place = places.get(found[1])
            if place is not None and place[1] not in EXCEPT and path.endswith(".c"):
                yield f"{path}: [{found[1]}] is a row of a table over enum {place[1]}, which base/table.h has a way for"


# What ends a file of its own and is taken from a list in a header: a compiler older than gcc 14 links without it.
LISTED = {"chip": ("chips/chip.h", "CHIPS"), "command": ("commands/commands.h", "COMMANDS")}


def unlisted(texts):
    for kind, (header, name) in LISTED.items():
        listed = set(re.findall(r"X\((\w+)\)", next(found[2] for found in LIST.finditer(texts[header]) if found[1] == name)))
        for path, text in texts.items():
            for own in re.findall(rf"^const struct {kind} {kind}_(\w+) = {{", text, re.M):
                if own not in listed:
                    yield f"firmware/{path}: {kind}_{own} is in no line of {name} in {header}"


def zeros(texts):
    """Enums that begin with good news; and what HARMLESS names that does not."""
    begins = set()
    for path, name, names in {(place[0], place[1], place[2][0]) for place in enums(texts).values()}:
        if name and GOOD_NEWS.search(names):
            begins.add(name)
            if name not in HARMLESS:
                yield f"{path}: enum {name} begins with {names}, so memory of zeros is good news"
    for name in HARMLESS.keys() - begins:
        yield f"{__file__}: enum {name} does not begin with good news any more; HARMLESS need not name it"


def main():
    texts, options = expanded(dict(sources())), flags()
    faults = sorted({*written_otherwise(texts), *zeros(texts), *unlisted(dict(sources()))})
    tables = list(trials(texts))
    work = [(compiler, options, texts, table, after)
            for table in tables for after in sorted(positions(table[3])) for compiler in COMPILERS]
    for path in sorted({table[0] for table in tables}):
        for compiler in COMPILERS: # else a refusal says nothing
            said = refuses(compiler, options, path, path, texts[path])
            if said is not None:
                faults.append(f"{path}: {compiler} refuses it as it is:\n{said}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults += [fault for fault in pool.map(fault_of, work) if fault]
    print("\n".join([*faults, f"{len(tables)} tables, {len(work)} forgotten rows, "
                     f"{' and '.join(COMPILERS)}; {len(faults)} faults"]))
    return 1 if faults or not tables or not COMPILERS else 0


if __name__ == "__main__":
    sys.exit(main())
