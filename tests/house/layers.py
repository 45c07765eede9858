#!/usr/bin/env python3
"""The house: who may include whom, and which file alone may include which library.

Data goes one way (prometheus -> evidence -> rollout -> picture -> chips -> bus); the pure rooms know neither I/O
nor time. Prints each arrow that should not be there.
"""
import os
import re
import sys

TOP = os.environ.get("AMBERBAR_SOURCE") or os.path.join(os.path.dirname(__file__), "..", "..")
FIRMWARE = os.path.join(TOP, "firmware")

# Room -> what it may include: a room or one of its folders (all their headers), or single
# headers.
MAY_INCLUDE = {
    "base": set(),
    "machine": {"base"},
    "evidence": {"base"},
    "rollout": {"base", "evidence"},
    "prometheus": {"base", "evidence", "rollout"},
    "picture": {"base", "rollout/verdict.h"},
    "chips": {"base", "picture/frame.h"},
    "bus": {"base", "machine"},
    "config": {"base", "machine", "evidence", "prometheus", "rollout", "picture", "chips", "bus"},
    "daemon": {"base", "machine", "evidence", "prometheus", "rollout", "picture", "chips", "bus", "config"},
    "commands": {
        "base", "machine", "evidence", "prometheus", "rollout", "picture", "chips", "bus", "config", "daemon"},
    "": {"base/say.h", "base/text.h", "commands"},  # main.c
}

# Folder of a room -> all that it may include. Files of a room that stand in no folder may include
# what the room may, and all of its folders.
MAY_INCLUDE.update({
    "config/yaml": {"base"},
    "config/schema": {"base", "config/yaml"},
    "config/board": {
        "base", "machine", "picture", "chips", "bus", "config/config.h", "config/yaml", "config/schema",
        "config/sections/sections.h"},
    "config/sections": {
        "base", "evidence", "prometheus", "rollout", "picture", "chips", "config/config.h",
        "config/yaml", "config/schema"},
    "prometheus/answer": {"base", "evidence", "rollout", "prometheus/promql"},
    "prometheus/promql": {"base", "evidence"},
    "prometheus/settings": {"base", "evidence/kind.h", "prometheus/http/secrets.h", "prometheus/http/url.h"},
    "prometheus/http": {"base", "prometheus/settings", "prometheus/answer"},
    "commands/common": {
        "base", "evidence", "rollout", "prometheus", "picture", "chips", "config", "daemon",
        "commands/commands.h"},
    "commands/replay": {
        "base", "evidence", "rollout", "picture", "chips", "bus", "config", "daemon",
        "commands/commands.h", "commands/common"},
})

# Library header -> the only files that may include it.
OWNERS = {
    "curl/curl.h": {"prometheus/http/handle.c", "prometheus/http/handle.h", "prometheus/http/transfer.c"},
    "cjson/cJSON.h": {"prometheus/answer/envelope.c"},
    "cJSON.h": {"prometheus/answer/envelope.c"},
    "gpiod.h": {"bus/gpio_v1.c", "bus/gpio_v2.c"},
    "yaml.h": {"config/yaml/tree.c"},
}

PURE_ROOMS = {"machine", "evidence", "rollout", "picture", "chips"}
PURE_HEADERS = {
    "assert.h", "ctype.h", "float.h", "inttypes.h", "limits.h", "math.h", "stdarg.h", "stdbool.h",
    "stddef.h", "stdint.h", "string.h",
    "stdio.h",  # snprintf() into the caller's buffer; the calls below are refused
}
IMPURE_CALLS = re.compile(
    r"\b(malloc|calloc|realloc|free|strdup|printf|fprintf|puts|fputs|fopen|read|write|open|close|"
    r"ioctl|time|clock|clock_gettime|gettimeofday|localtime|rand|random|getenv|log_line|"
    r"clock_monotonic_ms|clock_realtime_ms)\s*\(")
GLOBAL = re.compile(r"^(?:static |extern )?(?!typedef|struct \w+;|enum|return)[a-z][^(){}=;]*[=;]", re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def strip_comments_and_strings(text):
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"//[^\n]*", " ", text)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def room_of(path):
    """The innermost folder that MAY_INCLUDE knows."""
    folder = os.path.dirname(path)
    while folder not in MAY_INCLUDE and folder:
        folder = os.path.dirname(folder)
    return folder


def allowed(room, header):
    around = header
    while around:
        if around == room or around in MAY_INCLUDE[room]:
            return True
        around = os.path.dirname(around)
    return False


def faults_of_includes(path, room, text):
    for bracket, header in INCLUDE.findall(text):
        if header in OWNERS and path not in OWNERS[header]:
            yield f"{path} includes <{header}>, which only {', '.join(sorted(OWNERS[header]))} may"
        if bracket == '"' and not os.path.exists(os.path.join(FIRMWARE, header)):
            yield f'{path} includes "{header}", which is not written from firmware/'
        elif bracket == '"' and not allowed(room, header):
            yield f"{path} includes {header}: {room or 'main.c'} may not know that room"
        if bracket == "<" and room.split("/")[0] in PURE_ROOMS and header not in PURE_HEADERS:
            yield f"{path} includes <{header}>: {room}/ is pure"


def faults_of_purity(path, room, text):
    room = room.split("/")[0]
    if room not in PURE_ROOMS:
        return
    code = strip_comments_and_strings(text)
    for call in IMPURE_CALLS.findall(code):
        yield f"{path} calls {call}(): {room}/ is pure"
    for found in GLOBAL.finditer(code):
        if not re.search(r"\bconst\b", found.group(0)):
            yield f"{path} has a global that can change: {found.group(0).strip()}"


def main():
    faults = []
    files = 0
    for folder, _, names in sorted(os.walk(FIRMWARE)):
        for name in sorted(names):
            if not name.endswith((".c", ".h")):
                continue
            files += 1
            path = os.path.relpath(os.path.join(folder, name), FIRMWARE)
            room = room_of(path)
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            if room not in MAY_INCLUDE:
                faults.append(f"{path} stands in a room that the house does not have")
                continue
            faults += faults_of_includes(path, room, text)
            faults += faults_of_purity(path, room, text)
    for fault in faults:
        print(fault)
    print(f"{files} files looked at, {len(faults)} faults")
    return 1 if faults or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
