"""Tests of keeping.py: what is kept lies where the configuration says, or the start is refused."""

from pathlib import Path

import pytest

from readstone.errors import ConfigError
from readstone.keeping import data_folder, database_url
from tests.fakes import settings


def test_folder_that_cannot_be_had_is_refused(tmp_path: Path) -> None:
    """The setting is named."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"data.folder: .*READSTONE_DATA__FOLDER"):
        data_folder(settings(data__folder=str(tmp_path / "file")))


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"jobs__store": "memory"}, "sqlite://"),
        ({"jobs__store": "database"}, "sqlite:///{folder}/readstone.db"),
        ({"jobs__store": "database", "database__url": "postgresql://db/a"}, "postgresql://db/a"),
    ],
)
def test_database_is_the_configured_one(tmp_path: Path, given: dict[str, str], url: str) -> None:
    """A file in the data folder, unless jobs may be lost or another server keeps them."""
    config = settings(data__folder=str(tmp_path), **given)
    assert database_url(config) == url.format(folder=tmp_path)


def test_data_is_private(tmp_path: Path) -> None:
    """Nobody else on the machine reads what is kept, however the folder came to be."""
    config = settings(data__folder=str(tmp_path / "data"))
    data_folder(config, "processes")
    for folder in (tmp_path / "data", tmp_path / "data" / "processes"):
        assert folder.stat().st_mode & 0o777 == 0o700
