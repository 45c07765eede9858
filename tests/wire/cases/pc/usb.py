"""Lights on USB, as HID devices that the kernel's uhid makes: found by what they are, the group's by our udev
rules, green, told when unplugged, green again under another number, dark at the end. A blink(1) whose daemon is
killed goes dark by its own timer."""

ONLY = "v2"  # no line of libgpiod's; this is the newer kernel and udev
LIGHTS = {  # the kind of reports, and what comes before a picture's colours
    "blink1": "feature", "blinkstick": "feature", "luxafor": "output",
}

GUEST = """
attach() { # LIGHT SERIAL FILE
    before=$(ls /sys/class/hidraw | wc -l)
    hidlight "$1" "$2" >>"$3" & # beside what the case itself writes
    attached=$!
    until [ "$(ls /sys/class/hidraw | wc -l)" -gt "$before" ]; do sleep 0.1; done
    udevadm settle
}
detach() {
    kill "$1"
    wait "$1"
}
""" + "".join(f"""
attach {light} 20001234 {light}-first
first=$attached
stat -c '{light} %n %G %a' /dev/hidraw*
start {board}
logged 1 '-> stable'
sleep 1
amberbar doctor -c amberbar.yaml | grep ' devices \\|access' >{light}-doctor
detach $first
logged 1 'trying again'
amberbar doctor -c amberbar.yaml | grep ' devices ' >>{light}-doctor
attach {other} 1 other # it takes the number
second=$attached
attach {light} 20001234 {light}-again
stat -c '{light} %n' /dev/hidraw*
logged 1 'lit again'
sleep 1
stop
sleep 0.5
detach $attached
detach $second
mv log {light}-log
""" for light, board, other in (
    ("blink1", "blink1", "luxafor"), ("blinkstick", "blinkstick", "luxafor"),
    ("luxafor", "luxafor-flag", "blinkstick"),
)) + """
attach blink1 20001234 blink1-killed
start blink1 true # only for the configuration
wait $daemon
chmod 0777 .
su member -c "RUNTIME_DIRECTORY=$PWD exec amberbar run -c amberbar.yaml" >account 2>log &
daemon=$!
logged 1 '-> stable'
sleep 1
echo killed >>blink1-killed
kill -9 $daemon
wait $daemon
for _ in $(seq 200); do
    grep -q timer blink1-killed && break
    sleep 0.1
done
detach $attached
"""


def reports(result, name, kind):
    """The bytes of each report in a file, without the lines of the timer and of the case itself."""
    lines = [line.split() for line in result.file(name).splitlines() if " " in line]
    if any(words[0] != kind for words in lines):
        result.fail(f"{name} has other reports than {kind}: {lines}")
    return [bytes.fromhex("".join(words[1:])) for words in lines]


def colours(light, report):
    """(red, green, blue) of each light in a report; none in one that is not of colours."""
    if light == "blink1":
        return [tuple(report[2:5])] if report[1] == ord("c") else []
    if light == "luxafor":
        return [tuple(report[3:6])]
    return [(report[i + 1], report[i], report[i + 2]) for i in range(2, len(report), 3)]


def is_green(colour):
    red, green, blue = colour
    return green > 1.25 * red and green > 1.25 * blue


def expect_green(result, light, shown, when):
    """Once, what all lights show in one picture."""
    last = [colour for report in shown for colour in colours(light, report)]
    if not any(map(is_green, last)):
        result.fail(f"{light}: never green {when}: {last}")


def judge_light(result, light):
    kind = LIGHTS[light]
    first, again = (reports(result, f"{light}-{part}", kind) for part in ("first", "again"))
    expect_green(result, light, first, "at first")
    expect_green(result, light, again, "plugged in again")
    lit = [report for report in again if colours(light, report)]
    if any(max(colour) for colour in colours(light, lit[-1])):
        result.fail(f"{light}: not dark at the end: {lit[-1].hex(' ')}")
    log = result.file(f"{light}-log")
    if log.count("takes nothing: plug it in again; trying again") + log.count("plug it in; trying again") != 1:
        result.fail(f"{light}: unplugged, and not said once:\n{log}")
    doctor = result.file(f"{light}-doctor").splitlines()
    if "is /dev/hidraw0" not in doctor[0] or "plug it in" not in doctor[-1]:
        result.fail(f"{light}: doctor says {doctor}")


def judge(result):
    for light in LIGHTS:
        judge_light(result, light)
    nodes = [line for line in result.out.splitlines() if line.endswith("gpio 660")]
    if len(nodes) != len(LIGHTS):
        result.fail("the group does not have each light")
    if result.out.count("hidraw1\n") != len(LIGHTS) or result.out.count("exit 0\n") != len(LIGHTS):
        result.fail("a light kept its number, or the daemon did not end well")
    text = result.file("blink1-killed")
    before, _, after = text.partition("killed\n")
    if "timer" in before or after != "timer\n":
        result.fail(f"the timer ran out while the daemon lived, or not after it: {text}")
    timer = [r for r in reports(result, "blink1-killed", "feature") if r[1] == ord("D")][-1]
    line = [r for r in reports(result, "blink1-killed", "feature") if r[1] == ord("P")][-1]
    if timer[6:8] != bytes([line[7]] * 2) or any(line[2:5]) or not any(line[5:7]):
        result.fail(f"what the timer plays is not dark: {timer.hex(' ')}, {line.hex(' ')}")
    return ("blink(1), BlinkStick and Luxafor Flag are green, told when unplugged, green under another number; a"
            " killed daemon's blink(1) is dark by its timer")
