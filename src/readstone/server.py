"""Runs the application until it is told to stop, and then lets its jobs end."""

import asyncio
import gc
import socket
from types import FrameType

import structlog
import uvicorn
import uvloop

from readstone import __version__
from readstone.app import create_app
from readstone.connection import Connection
from readstone.logs import configure_logs
from readstone.parts import Parts, build_parts
from readstone.settings import AppConfig

log = structlog.get_logger(__name__)

SAMPLE = "testdata/page/letter.png"


class DrainingServer(uvicorn.Server):
    """Refuses new work at the first signal, answers until the jobs have ended, then stops.

    A second signal stops at once.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal; called in the main thread between two instructions."""
        state = self.config.app.state  # type: ignore[union-attr]
        if not self.started:
            super().handle_exit(sig, frame)
        elif state.is_draining:
            # Not passed on: uvicorn would raise the signal again, and no file would be removed.
            self.config.timeout_graceful_shutdown = 0
            self.should_exit = True
        else:
            state.is_draining = True
            asyncio.get_running_loop().call_soon_threadsafe(self._begin_drain, state.parts)

    def _begin_drain(self, parts: Parts) -> None:
        self._draining = asyncio.create_task(self._drain(parts))

    async def _drain(self, parts: Parts) -> None:
        log.info("draining", jobs=parts.runner.backlog, grace_s=parts.config.server.grace_s)
        await parts.runner.drain(grace_s=parts.config.server.grace_s)
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell a person how to use what has started."""
        await super().startup(sockets)
        if self.started:
            gc.freeze()  # what lives as long as the process need not be looked through for garbage
            parts: Parts = self.config.app.state.parts  # type: ignore[union-attr]
            log.info("serving", version=__version__, environment=parts.config.environment)
            if parts.config.log.format == "console":
                print(greeting(parts), flush=True)


def serve(config: AppConfig) -> None:
    """Serve until a signal; uvicorn exits with 3 when the port cannot be had.

    Raises:
        ReadstoneError: a part that the configuration names cannot work here.
    """
    configure_logs(config.log)
    uvloop.run(_serve(config))


async def _serve(config: AppConfig) -> None:
    parts = await build_parts(config)  # here, since uvicorn would answer a failure with a traceback

    async def built(_: AppConfig) -> Parts:
        return parts

    class LimitedConnection(Connection):
        limit_s = config.server.body_s

    server = DrainingServer(
        uvicorn.Config(
            create_app(config, built),
            host=config.server.host,
            port=config.server.port,
            http=LimitedConnection,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(config.server.proxies),
            forwarded_allow_ips=list(config.server.proxies),
            timeout_graceful_shutdown=int(config.server.grace_s),
        )
    )
    await server.serve()


def greeting(parts: Parts) -> str:
    """Return the lines that a person sees when the service has started."""
    config, engine = parts.config, parts.engine
    host = "127.0.0.1" if config.server.host in ("0.0.0.0", "::") else config.server.host
    url = f"http://{f'[{host}]' if ':' in host else host}:{config.server.port}"
    header = '-H "Authorization: Bearer $TOKEN" ' if config.auth.tokens else ""
    lines = [
        f"Readstone {__version__} listens at {url}",
        f"  reads   {', '.join(engine.languages)} with {engine.name} {engine.version}, "
        f"{parts.pool.size} at a time",
        f"  try     curl {header}-F file=@{SAMPLE} '{url}/v2/ocr?format=text'",
        f"  docs    {url}/docs" if config.docs.active else "",
        f"  off     {'; '.join(switched_off(config))}",
    ]
    return "\n".join(filter(None, lines))


def switched_off(config: AppConfig) -> list[str]:
    """Return what the configuration leaves out, in words."""
    facts = {
        "tokens (whoever reaches the port may call)": bool(config.auth.tokens),
        "web pages of other origins": bool(config.origins.allowed),
        "the second engine": config.ocr.second_engine != "off",
        "jobs that survive a restart": config.jobs.is_durable,
        "POST /img-echo/": config.echo.active,
        "/docs": config.docs.active,
    }
    return [words for words, is_on in facts.items() if not is_on]
