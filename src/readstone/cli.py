"""The verbs of `python -m readstone`: serve, check, db, eval, token."""

import asyncio
import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
import yaml

from readstone import __version__
from readstone.config import load_config, variable_name
from readstone.errors import ReadstoneError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
evaluations = typer.Typer(no_args_is_help=True)
app.add_typer(evaluations, name="eval")
db = typer.Typer(no_args_is_help=True, help="The database of database.url.")
app.add_typer(db, name="db")


def main() -> None:
    """Run a verb; what cannot work ends with one line on standard error and exit code 2."""
    try:
        app()
    except ReadstoneError as error:
        print(f"readstone: {error.detail}", file=sys.stderr)
        sys.exit(2)


@app.callback()
def about() -> None:
    """Readstone reads documents over HTTP."""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Listen here; server.host otherwise.")] = None,
    port: Annotated[int | None, typer.Option(help="Listen here; server.port otherwise.")] = None,
) -> None:
    """Start the service."""
    from readstone.server import serve as run

    given = {("server", "host"): host, ("server", "port"): port}
    overrides = {
        variable_name(section, key): str(value)
        for (section, key), value in given.items()
        if value is not None
    }
    run(load_config({**os.environ, **overrides}))


@app.command()
def check() -> None:
    """Print the configuration in force, the engine and its languages; secrets are masked."""
    from readstone.engine.recognise import describe_engine
    from readstone.engines import build_pool, build_second_engine

    config = load_config()
    yaml.safe_dump(config.model_dump(mode="json"), sys.stdout, sort_keys=False)
    engine = describe_engine(build_pool(config).factory())
    print(f"readstone {__version__}")
    print(f"engine: {engine.name} {engine.version}")
    if second := build_second_engine(config):
        print(f"second engine: {second.facts.name} {second.facts.version} ({second.policy})")
    print(f"languages: {', '.join(engine.languages)}")


@evaluations.callback()
def about_evaluations() -> None:
    """Measure how well documents are read whose content is known."""


@evaluations.command("ocr")
def evaluate_ocr(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", show_default=False)],
    lang: Annotated[str | None, typer.Option(help="Read all in it, whatever is said.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only these, such as 'photo*'; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="So many of each DIR; 0: all.")] = 0,
    by: Annotated[
        Literal["kind", "lang"], typer.Option(help="What tells the rows of the table.")
    ] = "kind",
    turn: Annotated[
        Literal["0", "90", "180", "270"] | None,
        typer.Option(
            help="Turn each picture before it is read, and tell how many are turned back."
        ),
    ] = None,
    at_signs: Annotated[
        bool, typer.Option("--at-signs", help="Cut words at signs before they are compared.")
    ] = False,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="An option of POST /v2/ocr, as psm=6."),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the worst pages as HTML.")] = None,
    worst: Annotated[int, typer.Option(min=0, help="So many of them.")] = 20,
    json: Annotated[Path | None, typer.Option(help="Write all figures as JSON.")] = None,
) -> None:
    """Read folders of documents whose text is known, and tell how well they were read.

    Each DIR holds a manifest.jsonl with one JSON object a line, for each document:

        {"file": "scan.png", "text": "scan.txt", "lang": "eng", "kind": "letter"}

    `text` is the true text or, ending in .txt, a file with it; a form feed parts
    pages. `lang`, `kind` and `password` (of a PDF) may be left out.
    """
    from readstone.evaluation.choice import Choice, request_of
    from readstone.evaluation.ocr import Outputs, evaluate

    config = load_config({**os.environ, variable_name("cache", "max_bytes"): "0"})
    choice, outputs = (
        Choice(kind or ["*"], limit, by, int(turn) if turn else None, at_signs),
        Outputs(report, worst, json),
    )
    request = request_of(settings or [], lang)
    print(asyncio.run(evaluate(config, folders, request, choice, outputs)))


@evaluations.command("calibrate-words")
def calibrate_words(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", show_default=False)],
    limit: Annotated[int, typer.Option(min=0, help="So many of each DIR; 0: all.")] = 0,
    write: Annotated[
        Path | None, typer.Option(help="The confidence.json that gets the curve.")
    ] = None,
) -> None:
    """Learn from documents whose text is known what words of the second engine are worth.

    The folders are those of `eval ocr`.
    """
    from readstone.evaluation.choice import Choice
    from readstone.evaluation.ocr import calibrate_words as run

    config = load_config({**os.environ, variable_name("cache", "max_bytes"): "0"})
    print(asyncio.run(run(config, folders, Choice(limit=limit), write)))


@evaluations.command("invoices")
def evaluate_invoices(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", show_default=False)],
    xml: Annotated[bool, typer.Option("--xml", help="XML within a file counts as well.")] = False,
    lang: Annotated[str | None, typer.Option(help="Read all in it.")] = None,
    text_layer: Annotated[
        Literal["auto", "never", "only"], typer.Option(help="As of POST /v2/invoices.")
    ] = "auto",
    half: Annotated[
        Literal["odd", "even"] | None, typer.Option(help="Those at such places alone.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the misses as HTML.")] = None,
) -> None:
    """Read folders of invoices whose fields are known, and tell how many were found.

    Each DIR holds a manifest.jsonl with one JSON object a line, for each document:

        {"file": "a.pdf", "fields": {"invoice_number": "RE-1", "total": "120.00"}}

    Fields are vendor, vendor_vat, buyer, invoice_number, date, due_date, currency,
    subtotal, tax, total, amount_due, and line_items with description, quantity,
    unit_price and amount. What is left out is not compared.
    """
    from readstone.evaluation.invoices.run import evaluate_invoices as run
    from readstone.models.invoices import InvoiceRequestV2

    config = load_config({**os.environ, variable_name("cache", "max_bytes"): "0"})
    request = InvoiceRequestV2(
        lang=lang, text_layer=text_layer, embedded_xml="auto" if xml else "never"
    )
    print(asyncio.run(run(config, folders, request, report, half)))


@evaluations.command("calibrate-invoices")
def calibrate_invoices(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", show_default=False)],
    write: Annotated[
        Path | None, typer.Option(help="The confidence.json that gets the weights.")
    ] = None,
) -> None:
    """Learn from invoices whose fields are known what a confidence has to be.

    The folders are those of `eval invoices`.
    """
    from readstone.evaluation.invoices.run import calibrate_invoices as run

    config = load_config({**os.environ, variable_name("cache", "max_bytes"): "0"})
    print(asyncio.run(run(config, folders, write)))


@evaluations.command("pii")
def evaluate_pii(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
) -> None:
    """Look for personal data in texts where it was planted, and tell what was found of it.

    FILE has one JSON object a line:

        {"lang": "en", "text": "Mr. Smith", "items": [{"kind": "person", "start": 4, "end": 9}]}
    """
    from readstone.evaluation.pii import evaluate_pii as run

    print(run(file))


@evaluations.command("text")
def evaluate_text(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)],
    labels: Annotated[
        list[str] | None,
        typer.Option("--label", metavar="THEIRS=OURS", help="What the model calls a label."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write mistakes and pictures as HTML.")
    ] = None,
) -> None:
    """Classify texts whose labels are known, and tell how well that went.

    Each FILE holds lines with a label, a tab and a text. Labels negative, neutral and
    positive ask for the sentiment; any others for moderation, each that the model has
    for itself: a text with another label is one without it.
    """
    from readstone.evaluation.labelled import evaluate_texts

    renamed = dict(label.partition("=")[::2] for label in labels or [])
    print(evaluate_texts(load_config(), files, renamed, report))


@db.command("upgrade")
def upgrade_database() -> None:
    """Bring the tables up to date; SQLite is brought by every start."""
    from readstone.database.connection import open_database
    from readstone.database.upgrade import upgrade
    from readstone.keeping import database_url

    async def run() -> None:
        database = open_database(database_url(load_config()))
        try:
            await upgrade(database)
        finally:
            await database.close()

    asyncio.run(run())
    print("the database is up to date")


@app.command()
def token() -> None:
    """Print a new token, for READSTONE_AUTH__TOKENS."""
    print(secrets.token_urlsafe(32))
