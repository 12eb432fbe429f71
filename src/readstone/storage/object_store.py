"""Storage in a bucket that speaks S3: Amazon's, Alibaba's OSS, MinIO and others."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, urlsplit

from obstore import sign_async
from obstore.exceptions import BaseError
from obstore.store import S3Store

from readstone.errors import ConfigError, NotFound, StorageFailed

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import S3Config

REQUEST_LIMIT_S = 20
CONNECT_LIMIT_S = 5
TRIES_AGAIN = 4
# Whoever follows a link saves what is there, and no browser shows it as a page.
AS_FILE: "Attributes" = {"Content-Disposition": "attachment"}
EXAMPLE = "write s3://bucket/prefix?region=eu-central-1"
# A bucket that is not there is a file that is not found.
FAILURES = (BaseError, FileNotFoundError)


class ObjectStorage:
    """Keeps bytes as objects whose names are `prefix/key`.

    What fails for a moment is tried again, for at most `REQUEST_LIMIT_S`. Who may call is said by
    AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by the machine's own role.

    Args:
        bucket, prefix: where the objects lie.
        settings: what else the bucket needs, by obstore's names: `endpoint`, `region`,
            `server_side_encryption`, `virtual_hosted_style_request=true` (which OSS wants).
    """

    def __init__(self, bucket: str, prefix: str = "", **settings: str) -> None:
        endpoint = settings.get("endpoint", "")
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=cast("S3Config", {"disable_bulk_delete": True, **settings}),
            client_options={
                "timeout": timedelta(seconds=REQUEST_LIMIT_S),
                "connect_timeout": timedelta(seconds=CONNECT_LIMIT_S),
                "allow_http": endpoint.startswith("http://"),
            },
            retry_config={
                "max_retries": TRIES_AGAIN,
                "retry_timeout": timedelta(seconds=REQUEST_LIMIT_S),
            },
        )

    async def check_room(self, size: int) -> None:
        """Return; a bucket has room for everything."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep the bytes; whoever asks for them sees all of them or none."""
        try:
            await self._store.put_async(key, data, attributes=AS_FILE)
        except FAILURES as error:
            raise _unavailable() from error

    async def get(self, key: str) -> bytes:
        """Return the bytes; raise NotFound when there are none under this key."""
        try:
            found = await self._store.get_async(key)
            return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise NotFound("there is nothing kept under this key") from error
        except FAILURES as error:
            raise _unavailable() from error

    async def delete(self, key: str) -> None:
        """Forget the bytes; there may be none."""
        try:
            await self._store.delete_async(key)
        except FileNotFoundError:
            pass
        except FAILURES as error:
            raise _unavailable() from error

    async def exists(self, key: str) -> bool:
        """Say whether there are bytes under this key."""
        try:
            await self._store.head_async(key)
        except FileNotFoundError:
            return False
        except FAILURES as error:
            raise _unavailable() from error
        return True

    async def link(self, key: str, valid: timedelta) -> str | None:
        """Return an address where anybody can fetch the bytes for so long, as a file to save."""
        try:
            return await sign_async(self._store, "GET", key, valid)
        except FAILURES as error:
            raise _unavailable() from error

    async def keys(self, prefix: str) -> list[tuple[str, datetime]]:
        """Return the keys in a folder, and since when each of them is there."""
        try:
            return [
                (str(found["path"]), found["last_modified"])
                async for some in self._store.list(prefix)
                for found in some
            ]
        except FAILURES as error:
            raise _unavailable() from error


def open_bucket(url: str) -> ObjectStorage:
    """Return the storage of an address such as `s3://bucket/prefix?endpoint=https://...`.

    Raises:
        ConfigError: it names no bucket, or a setting that there is not.
    """
    address = urlsplit(url)
    try:
        settings = dict(parse_qsl(address.query, strict_parsing=bool(address.query)))
        return ObjectStorage(address.netloc, address.path.strip("/"), **settings)
    except (BaseError, ValueError) as error:
        raise ConfigError(f"storage.url: {url} does not name a bucket; {EXAMPLE}") from error


def _unavailable() -> StorageFailed:
    return StorageFailed("the storage cannot be reached; send the request again later")
