"""Pages for engines to read, written with the font that Pillow brings or with another."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

MARGIN = 40


def written(
    text: str, *, size_px: int = 40, ink: int = 0, font_file: str | None = None
) -> npt.NDArray[np.uint8]:
    """Return a grey page with this text; lines are parted by line breaks."""
    font = ImageFont.truetype(font_file, size_px) if font_file else ImageFont.load_default(size_px)
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).textbbox(
        (0, 0), text, font, spacing=size_px // 2
    )
    page = Image.new("L", (round(right - left) + 2 * MARGIN, round(bottom - top) + 2 * MARGIN), 255)
    place = (MARGIN - left, MARGIN - top)
    ImageDraw.Draw(page).text(place, text, ink, font, spacing=size_px // 2)
    return np.asarray(page)
