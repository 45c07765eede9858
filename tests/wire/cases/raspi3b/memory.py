"""Its memory on a Pi's own processor, in a cgroup of the unit's size: of the answers of the default's
4 MiB the one that takes most, on both connections at once, and 1,600 Deployments in up to 8 MiB.
The kernel kills nothing, and the most that was ever resident is below the limit."""

import re
from pathlib import Path

from machine import TOP

LONG = True  # an emulated Pi reads 8 MiB in a minute, and on a busy machine not within the time-out
UNIT = Path(TOP, "firmware/systemd/amberbar.service.in").read_text(encoding="utf-8")
BUDGET_KB = int(re.search(r"^MemoryMax=(\d+)M$", UNIT, re.MULTILINE)[1]) * 1024
TRIES = {"rows": "", "honest": ", max_response_size: 8MiB"}

GUEST = f"""
mount -t cgroup2 none /sys/fs/cgroup
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
sent() {{ wget -q -O - "$FLOODS/" | tr -d '[],'; }}
rests() {{
    for _ in 1 2 3 4 5; do
        grep -q '^State:.S' "/proc/$daemon/status" || return 1
        sleep 0.05
    done
}}
attempt() {{ # WAY TERMS
    cgroup=/sys/fs/cgroup/$1
    mkdir "$cgroup"
    echo {BUDGET_KB * 1024} >"$cgroup/memory.max"
    cat >amberbar.yaml <<EOF
board: frames
prometheus: {{url: "$FLOODS/$1", poll_interval: 60s, timeout: 50s$2}}
rollouts: [{{name: shop, namespace: shop}}]
indicators: [{{name: errors, query: my_own, warning: 1, critical: 2}}]
EOF
    before=$(sent)
    RUNTIME_DIRECTORY=$PWD sh -c 'echo $$ >"$1/cgroup.procs"; exec amberbar run -c amberbar.yaml' \\
        sh "$cgroup" >/dev/null 2>>log &
    daemon=$!
    until set -- "$1" $before $(sent); [ "$4" -gt "$2" ] && [ "$5" -gt "$3" ] && rests; do
        [ -e "/proc/$daemon/exe" ] || break # it was killed
        sleep 0.1
    done
    RUNTIME_DIRECTORY=$PWD amberbar status >"status-$1"
    echo "$1 $(sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\) kB/\\1/p' "/proc/$daemon/status")" \\
        "$(cat "$cgroup/memory.peak")" "$(sed -n 's/^oom_kill //p' "$cgroup/memory.events")"
    stop
}}
sed -n 's/^KernelPageSize: *//p' /proc/self/smaps | sed 's/^/pages of /; q'
""" + "".join(f"attempt {way} '{terms}'\n" for way, terms in TRIES.items())


def judge(result):
    figures = re.findall(r"^(\S+) (\d+) (\d+) (\d+)\nexit 0$", result.out, re.MULTILINE)
    if [way for way, *_ in figures] != list(TRIES):
        result.fail("it was not there to the end of each attempt")
    for way, resident_kb, charged, killed in figures:
        if int(killed) or not 1024 < int(resident_kb) < BUDGET_KB:
            result.fail(f"{way}: {resident_kb} kB resident, {killed} killed")
        if not 1024 < int(charged) // 1024 < BUDGET_KB:
            result.fail(f"{way}: {charged} bytes charged")
    if "all 1600 deployments are stable" not in result.file("status-honest"):
        result.fail(f"1600 Deployments are not stable:\n{result.file('status-honest')}")
    pages = re.findall(r"^pages of .*$", result.out, re.MULTILINE)
    return ", ".join(pages + [f"{way}: {resident_kb} of {BUDGET_KB} kB resident, {int(charged) // 1024} charged"
                              for way, resident_kb, charged, _ in figures])
