"""Pictures turned by quarters, to see whether they are read as well as they were upright."""

from io import BytesIO

from PIL import Image, ImageOps


def turned(data: bytes, clockwise: int) -> bytes:
    """Return the first page of a picture as PNG, turned from how it is meant to be shown."""
    with Image.open(BytesIO(data)) as image:
        out = BytesIO()
        upright = ImageOps.exif_transpose(image)
        upright.rotate(-clockwise, expand=True).save(out, "PNG", dpi=image.info.get("dpi"))
        return out.getvalue()
