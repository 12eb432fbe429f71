"""Answers about languages; the class name carries the version."""

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass


@dataclass
class LanguageV2:
    """A language, or a whole script, that can be asked for.

    `tag` is that of the language, `script` that of ISO 15924; null where there is none. `auto` says
    whether `lang=auto` looks for it, which it does not for vertical and historical print.
    """

    code: str
    name: str
    tag: str | None
    script: str | None
    auto: bool
    engines: list[str]


@dataclass
class ModelsV2:
    """The models of an engine."""

    engine: str
    version: str


@dataclass(
    config=ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "default": "eng",
                    "languages": [
                        {
                            "code": "eng",
                            "name": "English",
                            "tag": "en",
                            "script": "Latn",
                            "auto": True,
                            "engines": ["tesseract", "rapidocr"],
                        }
                    ],
                    "models": [{"engine": "tesseract", "version": "5.5.4"}],
                }
            ]
        }
    )
)
class LanguagesV2:
    """All languages that are installed, and the one that is used when a request names none."""

    default: str
    languages: list[LanguageV2]
    models: list[ModelsV2]
