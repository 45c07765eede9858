"""What a frame of the `frames` board says to a person: colours, and for how long they stood."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Pixel = tuple[int, int, int]


@dataclass(frozen=True)
class Frame:
    """One line of the `frames` board; the status file has one too."""

    at: float  # time.monotonic() when it was read
    pixels: tuple[Pixel, ...]  # sRGB
    text: str

    @staticmethod
    def of(fields: dict, at: float = 0.0) -> "Frame":
        pixels = tuple(tuple(bytes.fromhex(pixel.removeprefix("#"))) for pixel in fields["pixels"])
        return Frame(at, pixels, fields.get("text", ""))


def is_green(pixel: Pixel) -> bool:
    red, green, blue = pixel
    return green > 24 and green > 1.25 * red and green > 1.25 * blue


def is_red(pixel: Pixel) -> bool:
    red, green, blue = pixel
    return red > 24 and red > 3 * green and red > 3 * blue


def is_amber(pixel: Pixel) -> bool:
    red, green, blue = pixel
    return red > 24 and red > 1.25 * green and green > 1.5 * blue


def is_dark(pixel: Pixel) -> bool:
    return max(pixel) <= 24


def shows(frame: Frame, kind: Callable[[Pixel], bool]) -> bool:
    return any(kind(pixel) for pixel in frame.pixels)


def shows_green(frame: Frame) -> bool:
    """Some of it says that something is well."""
    return shows(frame, is_green)


def is_all_green(frame: Frame) -> bool:
    return all(map(is_green, frame.pixels))


def is_unknown(frame: Frame) -> bool:
    """One colourless mark, and dashes."""
    lit = [pixel for pixel in frame.pixels if not is_dark(pixel)]
    colourless = all(max(pixel) - min(pixel) < 0.35 * max(pixel) for pixel in lit)
    return frame.text == "----" and len(lit) <= 2 and colourless


def stretches(
    frames: list[Frame], kind: Callable[[Frame], bool], start: float, end: float
) -> Iterator[tuple[float, float]]:
    """When, between two moments, frames of this kind stood. A frame stands until the next comes."""
    begun = None
    for frame in frames:
        if frame.at >= end:
            break
        if not kind(frame):
            if begun is not None and frame.at > start:
                yield max(begun, start), frame.at
            begun = None
        elif begun is None:
            begun = frame.at
    if begun is not None:
        yield max(begun, start), end


def words(frame: Frame) -> str:
    colours = " ".join("#{:02x}{:02x}{:02x}".format(*pixel) for pixel in frame.pixels)
    return f"{colours} {frame.text!r}"
