"""The processor time of a frame in which every cell changes, from what Textual wrote to the bytes
for the line, and those bytes: by the number of colours that the terminal has.

    python benchmarks/frames.py --frames 200
"""

import argparse
import random
import time

from factorypos_tui.tui.tty.policy import Colours, Policy
from factorypos_tui.tui.tty.screen import Screen

COLUMNS, LINES = 80, 24
_INKS = ((224, 224, 224), (1, 120, 212), (255, 166, 43), (30, 30, 30))
_GROUNDS = ((18, 18, 18), (30, 30, 30), (0, 69, 120))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--frames", type=int, default=200)
    options = parser.parse_args()
    chance = random.Random(1)
    frames = [make_frame(chance, letters) for _ in range(5) for letters in ("abcdef", "ghijkl")]
    for colours in (Colours.NONE, Colours.SIXTEEN, Colours.MANY, Colours.ALL):
        screen, sent = Screen(COLUMNS, LINES, Policy(colours)), 0
        for frame in frames:  # each look is worked out once
            screen.write(frame)
            screen.take()
        begun = time.process_time()
        for number in range(options.frames):
            screen.write(frames[number % len(frames)])
            sent += len(screen.take())
        spent = time.process_time() - begun
        print(
            f"{colours.name.lower():8} {1000 * spent / options.frames:5.2f} ms of a processor,"
            f" {sent / options.frames:6,.0f} bytes"
        )


def make_frame(chance: random.Random, letters: str) -> str:
    """A whole screen as Textual writes it: words of 4 to 16 letters, each in a look of its own."""
    words = []
    for line in range(LINES):
        words.append(f"\x1b[{line + 1};1H")
        left = COLUMNS
        while left:
            length = min(left, chance.randint(4, 16))
            ink, ground = chance.choice(_INKS), chance.choice(_GROUNDS)
            codes = ";".join(map(str, (38, 2, *ink, 48, 2, *ground)))
            words.append(f"\x1b[{codes}m" + "".join(chance.choice(letters) for _ in range(length)))
            left -= length
    return "".join(words)


if __name__ == "__main__":
    main()
