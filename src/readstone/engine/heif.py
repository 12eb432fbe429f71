"""HEIC pictures, as telephones take them, for those who have installed the set heic."""

from readstone.errors import UnsupportedType

BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})


def is_heif(data: bytes) -> bool:
    """Return whether bytes are a HEIC picture, told by the first of them."""
    return data[4:8] == b"ftyp" and data[8:12] in BRANDS


def register_heif() -> None:
    """Let Pillow open HEIC; libheif keeps limits of its own on what it decodes.

    Raises:
        UnsupportedType: the set is not installed.
    """
    try:
        from pi_heif import register_heif_opener
    except ImportError as error:
        raise UnsupportedType(
            "HEIC is not read here; send JPEG, or set the service up: scripts/setup.sh --with heic"
        ) from error
    register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
