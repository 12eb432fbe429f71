"""The configuration: one YAML file per environment, overridden by the environment's variables.

`config/<READSTONE_ENV>/app_conf.yml` is read once at start; `READSTONE_SECTION__KEY` overrides a
key of it. The result is frozen. Whatever cannot work is a ConfigError with the key and the remedy.
"""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from readstone.errors import ConfigError
from readstone.settings import AppConfig, Environment

PREFIX = "READSTONE_"
# Variables of ours that are no settings of the file.
OWN_VARIABLES = frozenset({"READSTONE_ENV", "READSTONE_CONFIG_DIR"})
# What Kubernetes puts into every pod beside a service of the name readstone.
SERVICE_LINK = re.compile(r"READSTONE_(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)")


def load_config(environ: Mapping[str, str] = os.environ) -> AppConfig:
    """Return the configuration of the environment that READSTONE_ENV names (default: local).

    Raises:
        ConfigError: a file is missing or not YAML, a key is unknown, a value cannot work.
    """
    environment = environ.get("READSTONE_ENV", "local")
    if environment not in get_args(Environment):
        names = ", ".join(get_args(Environment))
        raise ConfigError(f"READSTONE_ENV is {environment}; choose one of {names}")
    folder = environ.get("READSTONE_CONFIG_DIR") or Path(__file__).parents[2] / "config"
    settings = _read_yaml(Path(folder) / environment / "app_conf.yml")
    for name, value in environ.items():
        if (
            name.startswith(PREFIX)
            and name not in OWN_VARIABLES
            and not SERVICE_LINK.fullmatch(name)
        ):
            _override(settings, name, value)
    try:
        return AppConfig.model_validate({**settings, "environment": environment})
    except ValidationError as error:
        # Not "from error": pydantic's message repeats the values, and with them the tokens.
        raise ConfigError("; ".join(map(_explain, error.errors()))) from None


def variable_name(section: str, key: str) -> str:
    """Return the name of the variable that overrides a key."""
    return f"{PREFIX}{section}__{key}".upper()


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        remedy = "set READSTONE_CONFIG_DIR to the folder config/ of the project"
        raise ConfigError(f"{path} is missing; {remedy}") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise ConfigError(f"{path} is not YAML in UTF-8: {error}") from error
    if not _is_sections(settings):
        raise ConfigError(f"{path} must hold sections with keys, as the files beside it do")
    return dict(settings)


def _is_sections(settings: object) -> bool:
    return isinstance(settings, dict) and all(
        isinstance(name, str) and name != "environment" and isinstance(section, dict)
        for name, section in settings.items()
    )


def _override(settings: dict[str, Any], name: str, value: str) -> None:
    """Put the value of a variable at its place in the settings."""
    known = {
        variable_name(section, key): (section, key)
        for section, field in AppConfig.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        for key in field.annotation.model_fields
    }
    if name not in known:
        raise ConfigError(f"{name} is no setting{_suggestion(name, known)}")
    section, key = known[name]
    settings.setdefault(section, {})[key] = value


def _explain(error: ErrorDetails) -> str:
    """Say in one line which key is wrong, why, and what would be right."""
    path = [str(part) for part in error["loc"]]
    if path[:2] == ["auth", "tokens"]:
        path = path[:2]  # what follows comes from a secret
    key = ".".join(path)
    if error["type"] == "extra_forbidden":
        section = AppConfig.model_fields[path[0]].annotation if len(path) > 1 else AppConfig
        return f"{key} is no setting{_suggestion(path[-1], getattr(section, 'model_fields', {}))}"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "missing":
        return f"{key} is missing; the files under config/ hold every key"
    said = error["msg"][0].lower() + error["msg"][1:]
    return f"{key}: {said}; change it in app_conf.yml or set {PREFIX}{'__'.join(path[:2]).upper()}"


def _suggestion(name: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else "; see the files under config/"
