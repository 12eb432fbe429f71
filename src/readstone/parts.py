"""Builds what the service works with: names of the configuration become objects."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from readstone.cache import ResultCache
from readstone.classifying import TextClassifier, build_classifier
from readstone.compliance.rule import Rule
from readstone.complying import RuleBuilder, check_region
from readstone.database.connection import Database
from readstone.engine.invoice.work import Knowledge
from readstone.engine.line import Lane, Ticket
from readstone.engine.pii.replace import Key
from readstone.engine.pool import EnginePool
from readstone.engine.recognise import EngineFacts, describe_engine
from readstone.engines import build_pool, build_second_engine
from readstone.errors import ConfigError, ReadstoneError, Unavailable
from readstone.events.courier import Courier
from readstone.events.event import Sender
from readstone.events.outbox import Outbox
from readstone.invoicing import InvoiceReader
from readstone.jobs.presence import Presence
from readstone.jobs.runner import JobRunner, Work
from readstone.jobs.store import JobStore, utc_now
from readstone.jobs.sweeper import Sweeper
from readstone.keeping import build_database, build_storage, data_folder
from readstone.metrics import Metrics, Reading, counter, gauge
from readstone.reading import DocumentReader, SecondEngine
from readstone.redacting import Redactor
from readstone.repeating import Repeated
from readstone.reporting import Reporting, build_reporter
from readstone.settings import AppConfig, InvoicesConfig, JobsConfig
from readstone.storage.base import Storage
from readstone.telling import build_feed, build_kafka, build_webhooks, events_topic
from readstone.uploads.audit import Audit
from readstone.uploads.shelf import Shelf
from readstone.uploads.store import UploadStore
from readstone.usage import UsageBook

if TYPE_CHECKING:
    from readstone.events.feed import KafkaFeed, Take
    from readstone.events.webhook import WebhookSender

SWEEP_S, MEND_S, DELIVER_S, NOTE_S = 5.0, 600.0, 1.0, 10.0  # from one time to the next


@dataclass(frozen=True, slots=True)
class Parts:
    """What one process works with; built once at start, closed once at its end."""

    config: AppConfig
    engine: EngineFacts
    pool: EnginePool
    reader: DocumentReader
    database: Database
    storage: Storage
    jobs: JobStore
    runner: JobRunner
    redactor: Redactor
    invoices: InvoiceReader
    classifier: TextClassifier
    sweeper: Sweeper
    outbox: Outbox
    shelf: Shelf
    rules: Sequence[Rule]
    audit: Audit
    usage: UsageBook
    presence: Presence | None
    metrics: Metrics
    reporting: Reporting
    second: SecondEngine | None = None
    webhooks: "WebhookSender | None" = None
    senders: Sequence[Sender] = ()
    feed: "KafkaFeed | None" = None
    chores: Sequence[Repeated] = ()

    @property
    def engines(self) -> list[EngineFacts]:
        """What reads."""
        return [self.engine, *([self.second.facts] if self.second else [])]

    def start(self, work: Work, take: "Take") -> None:
        """Begin whatever goes on by itself; `work` does a job, `take` makes one of a message."""
        self.runner.start(work)
        if self.feed:
            self.feed.start(take)
        for chore in self.chores:
            chore.start()
        self.metrics.watch(self.readings())
        self.reporting.start()

    def readings(self) -> tuple[Reading, ...]:
        """Return the figures that are asked for at the moment somebody looks."""
        pool, runner, reader, texts = self.pool, self.runner, self.reader, self.classifier
        return (
            gauge("workers", "Engine workers.", lambda: pool.size),
            gauge("workers_warm", "Engine workers that are ready.", lambda: pool.warm),
            gauge("tasks_waiting", "Tasks that wait for a worker.", lambda: pool.waiting),
            gauge("jobs_waiting", "Jobs that wait for their turn.", lambda: runner.backlog),
            gauge("cache_bytes", "Bytes of the kept results.", lambda: reader.cached_bytes),
            gauge("texts_waiting", "Texts that wait for an engine.", lambda: texts.waiting),
            counter("text_cache_hits", "Texts whose verdict was kept.", lambda: texts.hits),
            counter("text_cache_misses", "Texts that were judged.", lambda: texts.misses),
            *(_readings_of(self.second) if self.second else ()),
        )

    async def close(self) -> None:
        """End all work and all workers."""
        self.reporting.stop()
        if self.feed:
            await self.feed.stop()
        for chore in self.chores:
            await chore.stop()
        for sender in self.senders:
            await sender.close()
        await self.runner.stop()
        await self.pool.stop()
        if self.second:
            await self.second.pool.stop()
        await self.usage.write_down()
        await self.database.close()
        if self.presence:
            self.presence.end()


def _readings_of(second: SecondEngine) -> tuple[Reading, ...]:
    pool, tally = second.pool, second.tally
    return (
        gauge("second_engine_running", "Whether it has workers.", lambda: pool.is_running),
        counter("second_engine_pages", "Pages it read after the first.", lambda: tally.read),
        counter("second_engine_failures", "Pages it could not read.", lambda: tally.failed),
    )


async def build_parts(config: AppConfig) -> Parts:
    """Return the parts that a configuration names, warm and ready.

    Raises:
        ConfigError, Unavailable, EngineFailed: one of them cannot work here.
    """
    pool, second = build_pool(config), build_second_engine(config)
    await pool.start()
    limit_s = config.ocr.deadline_s
    outcome = await pool.run(describe_engine, deadline_s=limit_s, ticket=Ticket(Lane.NOW, limit_s))
    try:
        return await assemble(config, pool, outcome.value, second=second)
    except ReadstoneError:
        await pool.stop()
        raise


async def assemble(
    config: AppConfig,
    pool: EnginePool,
    engine: EngineFacts,
    *,
    second: SecondEngine | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Parts:
    """Return the parts around a pool that is warm."""
    check_region(config)
    reporter, metrics = build_reporter(config.metrics), Metrics(config.metrics.method_names)
    classifier = build_classifier(config.text, max_characters=config.limits.text_characters)
    reader = build_document_reader(pool, engine, config, second)
    redactor = build_redactor(pool, reader, config)
    invoices = build_invoice_reader(pool, reader, config, second)
    rules = RuleBuilder(config, pool, reader, classifier).rules()
    webhooks, topic = build_webhooks(config.webhooks), events_topic(config.kafka)
    target = topic.target if topic else None
    senders: list[Sender] = [each for each in (webhooks, build_kafka(topic)) if each]
    feed = build_feed(config, metrics.message_came)
    # What can refuse the start comes before what has to be closed.
    presence = Presence(data_folder(config, "processes")) if config.jobs.is_durable else None
    storage, database = build_storage(config), await build_database(config)
    jobs = build_job_store(config.jobs, database, clock, target)
    runner = JobRunner(
        jobs, concurrency=pool.size, owner=presence.id if presence else "this process"
    )
    outbox = Outbox(database, clock=clock)
    sweeper = Sweeper(jobs, storage, presence, runner.submit)
    shelf = Shelf(UploadStore(database, topic=target), storage, clock=clock)
    usage = UsageBook(database, clock=clock)
    return Parts(
        config=config,
        engine=engine,
        pool=pool,
        reader=reader,
        redactor=redactor,
        invoices=invoices,
        classifier=classifier,
        database=database,
        storage=storage,
        jobs=jobs,
        runner=runner,
        sweeper=sweeper,
        presence=presence,
        outbox=outbox,
        shelf=shelf,
        rules=rules,
        audit=Audit(database, storage, clock=clock, topic=target),
        usage=usage,
        webhooks=webhooks,
        senders=senders,
        feed=feed,
        chores=[
            Repeated("write down usage", usage.write_down, pause_s=NOTE_S),
            Repeated("sweep jobs", sweeper.sweep, pause_s=SWEEP_S),
            Repeated("mend jobs", sweeper.mend, pause_s=MEND_S),
            Repeated("mend uploads", shelf.mend, pause_s=MEND_S),
            *(_delivery(Courier(outbox, each, metrics.event_told)) for each in senders),
        ],
        metrics=metrics,
        reporting=Reporting(reporter, metrics, interval_s=config.metrics.interval_s),
        second=second,
    )


def build_job_store(
    config: JobsConfig, database: Database, clock: Callable[[], datetime], topic: str | None
) -> JobStore:
    """Return what keeps jobs; the topic is told of every one that has ended."""
    return JobStore(
        database, max_jobs=config.max_jobs, ttl_s=config.ttl_s, clock=clock, topic=topic
    )


def _delivery(courier: Courier) -> Repeated:
    return Repeated("deliver events", courier.deliver, pause_s=DELIVER_S)


def build_document_reader(
    pool: EnginePool,
    engine: EngineFacts,
    config: AppConfig,
    second: SecondEngine | None = None,
) -> DocumentReader:
    """Return the reader of whole documents, with its cache."""
    return DocumentReader(
        pool,
        engine,
        ResultCache(max_bytes=config.cache.max_bytes),
        page_deadline_s=config.ocr.deadline_s,
        second=second,
    )


def build_invoice_reader(
    pool: EnginePool,
    reader: DocumentReader,
    config: AppConfig,
    second: SecondEngine | None = None,
) -> InvoiceReader:
    """Return what reads invoices."""
    return InvoiceReader(
        pool,
        reader,
        second="rapidocr" if second else None,
        knowledge=_knowledge(config.invoices),
        deadline_s=config.ocr.deadline_s,
        retry_s=config.invoices.retry_s,
    )


def _knowledge(invoices: InvoicesConfig) -> Knowledge:
    """Return what is known of vendors.

    Raises:
        ConfigError, Unavailable: it cannot be used.
    """
    templates = Path(invoices.templates) if invoices.templates else None
    vendors = Path(invoices.vendors) if invoices.vendors else None
    if templates and not templates.is_dir():
        raise ConfigError(f"invoices.templates: there is no folder {templates}")
    if templates and find_spec("invoice2data") is None:
        remedy = "scripts/setup.sh --with templates installs it"
        raise Unavailable(f"invoices.templates: invoice2data is not installed; {remedy}")
    if vendors:
        from readstone.engine.invoice.vendors import read_vendors

        read_vendors(vendors)
    return Knowledge(templates, vendors)


def build_redactor(pool: EnginePool, reader: DocumentReader, config: AppConfig) -> Redactor:
    """Return what redacts, with the key that is configured or one that ends with this process."""
    configured = config.redaction.key.get_secret_value().encode()
    key = Key(configured or token_bytes(), is_lasting=bool(configured))
    return Redactor(
        pool,
        reader,
        key,
        min_confidence=config.redaction.min_confidence,
        deadline_s=config.ocr.deadline_s,
    )
