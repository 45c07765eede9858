# shellcheck shell=bash disable=SC1091 # they lie elsewhere
# What the steps in the emulated machines share. Each prints `ok`, or `FAIL` with what there was instead.
. /proof/environment # PORT, HOST, and what else there is to know
. /proof/guest.sh
permit() { udevadm settle; } # our rules, and udev's own doing

export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p /results
cd /results || exit
exec >/dev/console 2>&1
failed=0
trace=/sys/kernel/tracing

# step TRIES SENTENCE COMMAND...: half a second between tries.
step() {
    local tries=$1 sentence=$2
    shift 2
    for _ in $(seq "$tries"); do
        if "$@" >/tmp/said 2>&1; then
            echo "ok   $sentence"
            return
        fi
        [ "$tries" = 1 ] || sleep 0.5
    done
    failed=$((failed + 1))
    echo "FAIL $sentence: $*: $(tail -n 20 /tmp/said)"
    journalctl -b -u amberbar -n 20 --no-pager -o cat
}
now() { step 1 "$@"; }
expect() { step 120 "$@"; }
note() { echo "     $1: $2"; }

refuses() { ! "$@"; }
equal() { [ "$1" = "$2" ] || { echo "'$1', not '$2'"; false; }; }
is() { equal "$(systemctl show -P "$1" amberbar)" "$2"; }
status() { amberbar status | tee /dev/stderr | grep -q -i -e "$1"; }
watch_lines() {
    echo mono >$trace/trace_clock
    echo 49152 >$trace/buffer_size_kb
    echo 1 >$trace/events/gpio/enable
    # Line-set calls only: GPIOHANDLE_SET_LINE_VALUES_IOCTL and GPIO_V2_LINE_SET_VALUES_IOCTL.
    echo 'cmd == 0xc040b409 || cmd == 0xc010b40f' >$trace/events/syscalls/sys_enter_ioctl/filter
    echo 1 >$trace/events/syscalls/sys_enter_ioctl/enable
    echo 1 >$trace/tracing_on
}
# Nothing is sent to the lights any more: a mark now cuts no frame, and none of the past comes after it.
entries() { grep -h '^entries' $trace/per_cpu/cpu*/stats; }
settled() {
    local before
    status stable && before=$(entries) && sleep 1 && equal "$before" "$(entries)"
}
keep_trace() {
    echo 0 >$trace/tracing_on
    cat $trace/trace >trace
    cat $trace/per_cpu/cpu*/stats >stats
}
send_home() { tar -c -C / results | gzip -1 >"$PORT"; }

mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
mountpoint -q $trace || mount -t tracefs tracefs $trace
mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
