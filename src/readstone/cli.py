"""The verbs of `python -m readstone`: serve, check, token."""

import os
import secrets
import sys
from typing import Annotated

import typer
import yaml

from readstone import __version__
from readstone.config import load_config, variable_name
from readstone.errors import ReadstoneError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


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
    from readstone.parts import build_pool

    config = load_config()
    yaml.safe_dump(config.model_dump(mode="json"), sys.stdout, sort_keys=False)
    engine = describe_engine(build_pool(config).factory())
    print(f"readstone {__version__}")
    print(f"engine: {engine.name} {engine.version}")
    print(f"languages: {', '.join(engine.languages)}")


@app.command()
def token() -> None:
    """Print a new token, for READSTONE_AUTH__TOKENS."""
    print(secrets.token_urlsafe(32))
