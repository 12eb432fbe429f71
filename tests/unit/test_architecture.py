"""The import rule: which room of the house may use which."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from readstone.engines import ENGINES

SOURCE = Path(__file__).parents[2] / "src" / "readstone"
BELOW_PARTS = {"document", "engine", "errors", "jobs", "progress", "settings", "storage"}

# Rooms, and the single modules, that a room may import; beside itself.
MAY_IMPORT = {
    "__init__": set(),
    "__main__": {"cli"},
    "errors": set(),
    "document": set(),
    "findings": {"document"},
    "settings": set(),
    "config": {"errors", "settings"},
    "engine": {"__init__", "document", "errors", "findings"},
    "storage": {"errors"},
    "database": {"errors"},
    "events": {"database", "errors", "repeating"},
    "compliance": {"classifying", "engine", "errors"},
    "complying": {
        "classifying",
        "compliance",
        "engine",
        "errors",
        "reading",
        "settings",
        "telling",
    },
    "telling": {"errors", "events", "settings"},
    "usage": {"database", "errors"},
    "uploads": {"database", "errors", "events", "storage.base"},
    "jobs": {"database", "errors", "events", "progress", "storage.base"},
    "models": {
        "classifying",
        "document",
        "engine.base",
        "engine.nlp.base",
        "engine.pii",
        "errors",
        "findings",
        "jobs.job",
        "settings",
        "uploads.upload",
    },
    "cache": set(),
    "progress": set(),
    "repeating": set(),
    "reading": {"cache", "document", "engine", "errors", "progress"},
    "engines": {"engine", "errors", "reading", "settings"},
    "redacting": {"document", "engine", "errors", "reading"},
    "invoicing": {"document", "engine", "errors", "findings", "reading"},
    "metrics": set(),
    "reporting": {"errors", "metrics", "settings"},
    "texts": {"errors"},
    "batching": {"errors"},
    "classifying": {"batching", "cache", "engine", "errors", "settings", "texts"},
    "keeping": {"database", "errors", "settings", "storage"},
    "parts": {
        "cache",
        "classifying",
        "compliance",
        "complying",
        "database",
        "engines",
        "events",
        "invoicing",
        "keeping",
        "metrics",
        "reading",
        "redacting",
        "repeating",
        "reporting",
        "telling",
        "uploads",
        "usage",
        *BELOW_PARTS,
    },
    "tasks": {"parts", "progress", "reading", *BELOW_PARTS},
    "kinds": {"findings", "invoicing", "parts", "reading", "tasks", *BELOW_PARTS},
    "logs": {"settings"},
    "desk": {"cache", "kinds", "parts", "tasks", *BELOW_PARTS},
    "batches": {"cache", "desk", "parts", *BELOW_PARTS},
    "working": {"desk", "kinds", "parts", "tasks", "usage", *BELOW_PARTS},
    "api": {
        "__init__",
        "batches",
        "cache",
        "classifying",
        "compliance",
        "desk",
        "findings",
        "invoicing",
        "kinds",
        "metrics",
        "models",
        "parts",
        "tasks",
        "texts",
        "uploads",
        "usage",
        "working",
        *BELOW_PARTS - {"storage"},
    },
    "app": {"__init__", "api", "parts", "settings", "working"},
    "connection": set(),
    "server": {"__init__", "app", "connection", "logs", "parts", "settings"},
    "evaluation": {
        "__init__",
        "classifying",
        "findings",
        "invoicing",
        "models",
        "parts",
        "reading",
        "tasks",
        *BELOW_PARTS,
    },
    "cli": {
        "__init__",
        "config",
        "database",
        "engine",
        "engines",
        "errors",
        "evaluation",
        "keeping",
        "models",
        "server",
    },
}
KNOW_HTTP = {"api", "app"}
MODULES = sorted(SOURCE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, also those inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def of_ours(path: Path) -> Iterator[str]:
    """Yield what a module imports of the service itself, without the service's name."""
    for name in imports(path):
        if name.startswith("readstone."):
            rest = name.removeprefix("readstone.")
            yield "__init__" if rest.startswith("__") else rest


def within(name: str, allowed: str) -> bool:
    """Say whether a dotted name lies in a room or module, or is that itself."""
    return name == allowed or name.startswith(f"{allowed}.")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_imports_only_what_its_room_may(path: Path) -> None:
    """Computing knows no HTTP, stores know no engine, and nothing looks up to its users."""
    room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    allowed = {room, *MAY_IMPORT[room]}
    broken = [name for name in of_ours(path) if not any(within(name, one) for one in allowed)]
    assert not broken, f"{room} may not import {', '.join(broken)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_the_api_knows_http(path: Path) -> None:
    """No room but the API and the application that holds it imports the web framework."""
    if path.relative_to(SOURCE).parts[0].removesuffix(".py") not in KNOW_HTTP:
        assert not {name.split(".")[0] for name in imports(path)} & {"fastapi", "starlette"}


def test_engines_do_not_import_engines() -> None:
    """Each engine can be left out without another one missing it."""
    modules = {target.partition(":")[0].removeprefix("readstone.") for target in ENGINES.values()}
    for module in modules:
        path = SOURCE / f"{module.replace('.', '/')}.py"
        others = modules - {module}
        assert not [name for name in of_ours(path) if any(within(name, one) for one in others)]


def test_storages_do_not_import_storages() -> None:
    """A storage knows the contract and no other storage."""
    for path in (SOURCE / "storage").glob("*.py"):
        assert {name for name in of_ours(path) if within(name, "storage")} <= {
            "storage.base.Storage"
        }


def test_every_room_is_in_the_table() -> None:
    """A new room says whom it may import, and one that has gone leaves the table."""
    rooms = {path.relative_to(SOURCE).parts[0].removesuffix(".py") for path in MODULES}
    assert rooms == MAY_IMPORT.keys()
