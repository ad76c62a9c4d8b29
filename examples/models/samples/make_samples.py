"""Renders the line images that the document reader is shown, in the typeface that Pillow carries.

With the pinned ../fraud/requirements.txt two runs give the same bytes.
"""

import json
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
FONT = ImageFont.load_default(size=36)
# Narrow, as a line cut from a document is: wide margins read as spaces.
MARGIN = 6
HEIGHT = 56


def line(text: str) -> Image.Image:
    left, top, right, bottom = FONT.getbbox(text)
    image = Image.new("L", (right - left + 2 * MARGIN, HEIGHT), color=250)
    ImageDraw.Draw(image).text(
        (MARGIN - left, (HEIGHT - top - bottom) // 2), text, font=FONT, fill=25
    )
    return image


def main() -> None:
    for name, text in json.loads((HERE / "samples.json").read_text()).items():
        path = HERE / f"{name}.png"
        line(text).save(path, optimize=True)
        print(path.name, path.stat().st_size, "bytes:", text)


if __name__ == "__main__":
    main()
