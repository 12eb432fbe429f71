"""Tests of telling pictures that look the same."""

import numpy as np
from PIL import Image, ImageDraw

from readstone.engine.likeness import difference_hash


def drawing(seed: int) -> Image.Image:
    """Return a grey picture of rectangles."""
    chance = np.random.default_rng(seed)
    image = Image.new("L", (320, 240), 255)
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y, width, height = (int(each) for each in chance.integers(10, 150, 4))
        draw.rectangle((x, y, x + width, y + height), int(chance.integers(0, 255)))
    return image


def bits_between(one: Image.Image, other: Image.Image) -> int:
    """Return how many bits differ between two pictures."""
    a, b = (difference_hash(np.asarray(each)) for each in (one, other))
    return (a ^ b).bit_count()


def test_scaled_picture_looks_the_same() -> None:
    """Half the size, and a little lighter, changes few bits; another picture many."""
    for seed in range(5):
        picture = drawing(seed)
        smaller = picture.resize((160, 120)).point(lambda value: min(255, value + 8))
        assert bits_between(picture, smaller) <= 6
        assert bits_between(picture, drawing(seed + 100)) > 12
