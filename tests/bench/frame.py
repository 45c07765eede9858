"""Instructions a frame: what the daemon draws and encodes, beside the least that it could cost.

Each figure is the slope of two runs under callgrind, so start-up does not count and the machine's
speed does not matter. The floor is three table look-ups and four bytes a pixel.
"""

from pathlib import Path

from support.callgrind import instructions

FEW, MANY = 50, 150  # 50 frames are one period of the motion
PIXELS = (8, 144, 1000)


def slope(build: Path, variant: str, pixels: int) -> float:
    few, many = (instructions([build / "tests/bench_frame", variant, str(pixels), str(frames)])
                 for frames in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def main(build: Path, arguments: list[str]) -> int:
    print("instructions a frame (progressing, APA102)")
    print(f"{'pixels':>6} {'floor':>8} {'encode':>8} {'render + encode':>16} {'x floor':>8}")
    for pixels in PIXELS:
        floor, encode, render = (slope(build, variant, pixels)
                                 for variant in ("FLOOR", "ENCODE", "RENDER"))
        print(f"{pixels:6} {floor:8.0f} {encode:8.0f} {render:16.0f} {render / floor:8.1f}")
    return 0
