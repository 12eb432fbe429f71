"""A page image as it is read: scaled, levelled, and with the way back to the page it came from."""

from dataclasses import dataclass
from math import ceil, cos, radians, sin

import numpy as np
import numpy.typing as npt
from PIL import Image

from readstone.document import Box
from readstone.engine.base import GrayImage

Matrix = npt.NDArray[np.float64]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class View:
    """How an image is made of a page: its size, and where on the page each of its pixels lies.

    Attributes:
        size: width and height, in pixels of the image.
        to_page: homogeneous matrix from (x, y, 1) of the image to that of the page.
    """

    size: Size
    to_page: Matrix

    def scaled(self, factor: float) -> "View":
        """Return the view whose image is larger by a factor."""
        width, height = self.size
        size = max(1, round(width * factor)), max(1, round(height * factor))
        return View(size, self.to_page @ np.diag((width / size[0], height / size[1], 1)))

    def levelled(self, skew: float) -> "View":
        """Return the view in which what rises by an angle, in degrees, is level."""
        (width, height), c, s = self.size, cos(radians(skew)), sin(radians(skew))
        size = ceil(width * c + height * abs(s)), ceil(width * abs(s) + height * c)
        turn = np.array([(c, s, 0), (-s, c, 0), (0, 0, 1)])
        middle, back = _shift(width / 2, height / 2), _shift(-size[0] / 2, -size[1] / 2)
        return View(size, self.to_page @ middle @ turn @ back)

    def image_of(self, gray: GrayImage) -> GrayImage:
        """Return the image that this view shows of a page; what lies beside the page is paper."""
        if (self.to_page == np.eye(3)).all():
            return gray
        paper = int(np.median(gray[::8, ::8]))
        flat = (self.to_page / self.to_page[2, 2]).flatten()[:8]
        return np.asarray(
            Image.fromarray(gray).transform(
                self.size,
                Image.Transform.PERSPECTIVE,
                tuple(flat),
                Image.Resampling.BICUBIC,
                fillcolor=paper,
            )
        )

    def box_on_page(self, box: Box, page: Size) -> Box:
        """Return the smallest box on a page, of this width and height, around one of the image."""
        return _box_around(self.to_page, box, page)

    def box_on_image(self, box: Box) -> Box:
        """Return the smallest box on the image around one of the page."""
        to_image = np.linalg.inv(self.to_page).astype(np.float64)
        return _box_around(to_image, box, self.size)


def whole(gray: GrayImage) -> View:
    """Return the view that shows a page as it is."""
    height, width = gray.shape
    return View((width, height), np.eye(3))


def _box_around(matrix: Matrix, box: Box, size: Size) -> Box:
    """Return the smallest box around the corners of another, cut off at a size; never empty."""
    corners = np.array([(x, y, 1) for x in (box.x1, box.x2) for y in (box.y1, box.y2)])
    x, y, w = matrix @ corners.T
    places = np.array([x / w, y / w])
    left, top = np.clip(places.min(axis=1).round().astype(int), 0, np.array(size) - 1).tolist()
    right, bottom = np.minimum(places.max(axis=1).round().astype(int), size).tolist()
    return Box(left, top, max(left + 1, right), max(top + 1, bottom))


def _shift(x: float, y: float) -> Matrix:
    return np.array([(1, 0, x), (0, 1, y), (0, 0, 1)])
