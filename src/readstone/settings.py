"""The settings of a process, section by section, and what each of them may be."""

import ipaddress
import os
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

KEY_LENGTH = 16
WEBHOOK_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{32,}={0,2}")

Environment = Literal["local", "dev", "stg", "prd"]


def _split(value: object) -> object:
    """Return the names of a comma-separated string; anything else as it is."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


def _split_origins(value: object) -> object:
    """Return origins as browsers write them: in lower case, without a slash at the end."""
    origins = _split(value)
    if not isinstance(origins, list):
        return origins
    return [str(origin).rstrip("/").lower() for origin in origins]


def _named_tokens(value: object) -> object:
    """Return `name:token,name:token` as a mapping; a token without a name is that of `default`."""
    if not isinstance(value, str):
        return value
    parts = (part.strip() for part in value.split(",") if part.strip())
    named = (part if ":" in part else f"default:{part}" for part in parts)
    pairs = (part.partition(":") for part in named)
    return {name.strip(): token.strip() for name, _, token in pairs}


Seconds = Annotated[float, Field(gt=0, le=86_400)]
Count = Annotated[int, Field(ge=1)]
Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
Origins = Annotated[tuple[str, ...], BeforeValidator(_split_origins)]
Token = Annotated[SecretStr, Field(min_length=8)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")]
Address = Annotated[str, Field(pattern=r"^https?://[^/@\s]+(/\S*)?$")]
Addresses = Annotated[Mapping[Name, Address], BeforeValidator(_named_tokens)]
Tokens = Annotated[Mapping[Name, Token], BeforeValidator(_named_tokens)]


class _Section(BaseModel):
    """A part of the configuration: frozen, and no key but the declared ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerConfig(_Section):
    """Where the service listens, and how it stops."""

    host: str
    port: Annotated[int, Field(ge=1, le=65_535)]
    root_path: str = Field(description="path under which a proxy publishes the service, or empty")
    allow_anonymous: bool = Field(description="listen beyond loopback although there is no token")
    wait_s: Seconds = Field(description="a client waits for an answer; then it gets a job")
    grace_s: Seconds = Field(description="for requests and jobs under way when told to stop")
    body_s: Seconds = Field(description="for a client to send its whole request")
    proxies: Names = Field(description="whose X-Forwarded-For is believed: addresses or networks")


class LogConfig(_Section):
    """What is written to standard error, and how."""

    level: Literal["debug", "info", "warning", "error"]
    format: Literal["console", "json"]


class AuthConfig(_Section):
    """Who may call. Tokens are secrets: they come from READSTONE_AUTH__TOKENS and no file."""

    tokens: Tokens = Field(description="name of a caller to its token")


class OriginsConfig(_Section):
    """From which web pages a browser may call."""

    allowed: Origins = Field(description="origins such as https://app.example, or *")


class LimitsConfig(_Section):
    """What one request may bring, and how many a caller may send."""

    body_bytes: Count
    pixels: Count
    side_px: Annotated[int, Field(ge=1, le=32_767)]  # Tesseract's own bound
    pages_now: Count = Field(description="of a document whose sender waits")
    pages_later: Count = Field(description="of a document that is read as a job")
    batch_files: Count = Field(description="that are sent as one batch")
    text_characters: Count = Field(description="of a text that is sent as such")
    requests_per_minute: Annotated[int, Field(ge=0)] = Field(
        description="of one caller, to bring work; ten times as many to look; 0: as many as come"
    )


class OcrConfig(_Section):
    """How pictures are read."""

    engine: Literal["auto", "tesserocr", "pytesseract"]
    second_engine: Literal["auto", "off", "always"]
    second_workers: Annotated[int, Field(ge=1, le=256)]
    tessdata: str = Field(description="folder of the language data, or auto")
    language: str = Field(description="when a request names none")
    psm: Annotated[int, Field(ge=1, le=13)]
    parameters: Names = Field(description="Tesseract variables that a request may set")
    workers: Annotated[int, Field(ge=0, le=256)] = Field(description="0: one for every core")
    worker_tasks: Count = Field(description="after so many a worker is replaced")
    worker_memory_mb: Annotated[int, Field(ge=256)]
    deadline_s: Seconds = Field(description="for the reading of one picture")
    wait_s: Seconds = Field(description="the longest wait for a worker while a client waits")

    @property
    def worker_count(self) -> int:
        """Number of worker processes."""
        return self.workers or len(os.sched_getaffinity(0))


class TextConfig(_Section):
    """How texts are judged: an engine for each task, with its model behind a colon."""

    sentiment: str = Field(description="onnx, transformers:MODEL or remote:URL")
    moderation: str = Field(description="onnx, transformers:MODEL or remote:URL")
    flags: Names = Field(description="labels of another moderation model that flag; all if empty")
    languages: Names = Field(description="that another model reads, as en; any if empty")
    token: SecretStr = Field(description="for the server of a remote model")
    timeout_s: Seconds = Field(description="for an answer of a remote model")
    max_windows: Count = Field(description="pieces of a long text that are looked at")
    cache_bytes: Annotated[int, Field(ge=0)] = Field(description="of kept verdicts; 0 keeps none")
    max_waiting: Count = Field(description="texts that wait for an engine")


class CacheConfig(_Section):
    """Results that are kept in memory, for the same document with the same options."""

    max_bytes: Annotated[int, Field(ge=0)] = Field(description="0 keeps none")


class DataConfig(_Section):
    """What outlives the process."""

    folder: str = Field(description="of the database and of what jobs keep")
    floor_bytes: Annotated[int, Field(ge=0)] = Field(
        description="no new work while the disk has less room"
    )


class DatabaseConfig(_Section):
    """Where rows are kept; an address with a password comes from READSTONE_DATABASE__URL."""

    url: SecretStr = Field(description="postgresql://..., or auto: SQLite in data.folder")


class ComplianceConfig(_Section):
    """What uploads must comply with to be kept."""

    rules: Names = Field(
        description="of type, size, dimensions, still, metadata, blocked, picture, words, "
        "moderation, virus"
    )
    types: Names = Field(description="media types that are kept, as image/png")
    max_bytes: Count = Field(description="of a file")
    max_side_px: Count = Field(description="of a picture")
    blocked: str = Field(description="file of SHA-256 digests, and of picture:HASH")
    classifier: str = Field(description="folder of a picture classifier in ONNX")
    labels: Names = Field(description="of it, which put a picture in quarantine")
    threshold: Annotated[float, Field(ge=0, le=1)] = Field(description="from which they do")
    words: str = Field(description="file of words")
    clamd: str = Field(description="tcp://host:3310 or unix:/path of a virus scanner")
    region: Names = Field(description="where data may go; empty: anywhere")


class StorageConfig(_Section):
    """Where inputs, results and uploads are kept."""

    url: Annotated[str, Field(pattern=r"^(auto|s3://[^/?].*)$")] = Field(
        description="auto: a folder in data.folder; or s3://bucket/prefix?endpoint=..."
    )


class JobsConfig(_Section):
    """Work that is done later."""

    store: Literal["memory", "database"]
    max_jobs: Count = Field(description="kept at a time; those that ended first make room")
    max_bytes: Count = Field(description="of inputs and results, with the store memory")
    ttl_s: Seconds = Field(description="a result is kept this long")
    wait_s: Seconds = Field(description="the longest wait of a job for a worker")
    deadline_s: Seconds = Field(description="of a job that runs; no page is begun after it")

    @property
    def is_durable(self) -> bool:
        """Whether jobs outlive the process."""
        return self.store == "database"


class MetricsConfig(_Section):
    """What is counted, and who is told."""

    method_names: Names = Field(description="methods whose calls are counted")
    reporter: str = Field(description="stdout, log, prometheus or none")
    interval_s: Seconds = Field(description="from one report to the next")
    file: str = Field(description="written by the reporter prometheus")


class WebhooksConfig(_Section):
    """Who may be called back when a job has ended. The secret: READSTONE_WEBHOOKS__SECRET."""

    targets: Addresses = Field(description="name to address; it may lie in the own network")
    allowed_hosts: Names = Field(description="of addresses that callers may name")
    secret: SecretStr = Field(description="whsec_ and base64, with which messages are signed")

    @property
    def are_active(self) -> bool:
        """Whether anybody may be called back."""
        return bool(self.targets or self.allowed_hosts)

    @model_validator(mode="after")
    def _is_signed(self) -> Self:
        if self.are_active and not WEBHOOK_SECRET.fullmatch(self.secret.get_secret_value()):
            raise ValueError(
                "webhooks.secret: messages must be signed; set READSTONE_WEBHOOKS__SECRET, which "
                "`echo whsec_$(openssl rand -base64 32)` makes"
            )
        return self


class KafkaConfig(_Section):
    """Topics of a Kafka cluster; an address with a password comes from a variable."""

    events: SecretStr = Field(description="kafka://host:9092/topic that is told what happens")
    documents: SecretStr = Field(description="kafka://host:9092/topic that brings documents")
    caller: Name = Field(description="whose jobs these are")


class RedactionConfig(_Section):
    """How personal data is hidden. The key is a secret: READSTONE_REDACTION__KEY."""

    min_confidence: Annotated[float, Field(ge=0, le=1)] = Field(
        description="a page that is read with less is not given out"
    )
    key: SecretStr = Field(description="of hashes and pseudonyms; empty: a new one at each start")

    @field_validator("key")
    @classmethod
    def _is_long(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < KEY_LENGTH:
            raise ValueError(
                f"redaction.key: must have at least {KEY_LENGTH} characters, or none; "
                "`python -m readstone token` makes one"
            )
        return key


class InvoicesConfig(_Section):
    """How invoices are read."""

    retry_s: Seconds = Field(description="after it, nothing is read in yet another way")
    templates: str = Field(description="folder of invoice2data's templates, or none")
    vendors: str = Field(description="file with the directory of vendors, or none")


class EchoConfig(_Section):
    """The route that sends a picture back."""

    active: bool


class DocsConfig(_Section):
    """The pages under /docs."""

    active: bool


class AppConfig(_Section):
    """All settings of one process."""

    environment: Environment
    server: ServerConfig
    log: LogConfig
    auth: AuthConfig
    origins: OriginsConfig
    limits: LimitsConfig
    ocr: OcrConfig
    text: TextConfig
    cache: CacheConfig
    data: DataConfig
    database: DatabaseConfig
    storage: StorageConfig
    compliance: ComplianceConfig
    jobs: JobsConfig
    metrics: MetricsConfig
    webhooks: WebhooksConfig
    kafka: KafkaConfig
    invoices: InvoicesConfig
    redaction: RedactionConfig
    echo: EchoConfig
    docs: DocsConfig

    @model_validator(mode="after")
    def _can_work(self) -> Self:
        if not (self.auth.tokens or self.server.allow_anonymous or _is_loopback(self.server.host)):
            raise ValueError(
                f"server.host: {self.server.host} is open to the network and nobody needs a token; "
                "set READSTONE_AUTH__TOKENS (make one with `python -m readstone token`), listen on "
                "127.0.0.1, or set server.allow_anonymous to true"
            )
        if self.ocr.psm == 2:
            raise ValueError("ocr.psm: 2 reads no text; choose 3, or another of 1 to 13")
        if self.limits.body_bytes > self.jobs.max_bytes:
            raise ValueError("jobs.max_bytes: must not be under limits.body_bytes; raise it")
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
