# shellcheck shell=sh
# What the cases share, inside the emulated machine. The working directory is the case's own, and all
# files in it come back with the results.

# What our udev rules make of GPIO chips, to which Debian's own let root alone.
permit() {
    if [ -x /bin/systemd-udevd ]; then
        udevadm settle
        return
    fi
    for chip in /dev/gpiochip*; do
        chgrp gpio "$chip"
        chmod 0660 "$chip"
    done
}

# A moment, in the same trace as the edges.
mark() { echo "$*" >/sys/kernel/tracing/trace_marker; }

# cluster VERB: as `tools/cluster/serve` knows them, for the workload that the bar is about.
cluster() { wget -q -O /dev/null "$CLUSTER/control?do=$1&deployment=$WORKLOAD"; }

# start BOARD [COMMAND...]: the daemon in the background ($daemon), for another user by `su`.
# $POLL: its poll_interval; an answer may take four fifths of it.
start() {
    cat >amberbar.yaml <<EOF
board: $1
prometheus: {url: "$PROMETHEUS", poll_interval: ${POLL:-1s}}
rollouts: [{name: cms, namespace: cms}]
display: {brightness: 60%, heartbeat: 0} # else a still picture ripples now and then
EOF
    shift
    RUNTIME_DIRECTORY=$PWD "$@" amberbar run -c amberbar.yaml >account 2>log &
    daemon=$!
}

# logged COUNT WORDS: waits until so many lines of the daemon's log have the words.
logged() {
    for _ in $(seq 300); do
        [ "$(grep -c -e "$2" log)" -ge "$1" ] && return 0
        sleep 0.1
    done
    echo "not logged $1 times: $2; but: $(cat log)" >&2
    return 1
}

stop() {
    kill -TERM "$daemon"
    wait "$daemon"
    echo "exit $?"
}

# sim NAME LABEL: a chip of gpio-sim with the header lines of a Pi.
sim() {
    sim=/sys/kernel/config/gpio-sim/$1
    mkdir -p "$sim/bank"
    echo 54 >"$sim/bank/num_lines"
    echo "$2" >"$sim/bank/label"
    for line in 23 24; do
        mkdir "$sim/bank/line$line"
        echo "GPIO$line" >"$sim/bank/line$line/name"
    done
    plug "$1"
}

plug() { # NAME
    echo 1 >"/sys/kernel/config/gpio-sim/$1/live"
    permit
    cp /sys/kernel/debug/gpio "chips-$1"
}

unplug() { echo 0 >"/sys/kernel/config/gpio-sim/$1/live"; }

# remove NAME...: chips that a case made.
remove() {
    for name in "$@"; do
        unplug "$name"
        rmdir "/sys/kernel/config/gpio-sim/$name"/bank/line* "/sys/kernel/config/gpio-sim/$name/bank" \
            "/sys/kernel/config/gpio-sim/$name"
    done
}
