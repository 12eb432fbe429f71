"""Tests of config.py: what is loaded, what overrides it, and what refuses the start."""

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel, SecretStr, ValidationError

from readstone.config import load_config, variable_name
from readstone.errors import ConfigError
from readstone.settings import AppConfig, Environment

SHIPPED = Path(__file__).parents[2] / "config"
TOKEN = "tok-4711-secret-0815"
SECRET, OTHER_SECRET = f"whsec_{'a' * 40}=", f"whsec_{'b' * 40}="
TOKENS = {
    "READSTONE_AUTH__TOKENS": f"alice:{TOKEN}",
    "READSTONE_WEBHOOKS__SECRET": SECRET,
}

# For every setting a value that no file ships, as a variable says it, and what becomes of it.
OTHER_VALUES: dict[tuple[str, str], tuple[str, Any]] = {
    ("server", "host"): ("127.0.0.2", "127.0.0.2"),
    ("server", "port"): ("8123", 8123),
    ("server", "root_path"): ("/ocr", "/ocr"),
    ("server", "allow_anonymous"): ("true", True),
    ("server", "wait_s"): ("9", 9.0),
    ("server", "grace_s"): ("7.5", 7.5),
    ("server", "body_s"): ("61", 61.0),
    ("server", "proxies"): ("10.0.0.1, 10.1.0.0/16", ("10.0.0.1", "10.1.0.0/16")),
    ("log", "level"): ("error", "error"),
    ("log", "format"): ("json", "json"),
    ("origins", "allowed"): (
        "https://a.example, https://b.example",
        ("https://a.example", "https://b.example"),
    ),
    ("limits", "body_bytes"): ("1000", 1000),
    ("limits", "pixels"): ("2000", 2000),
    ("limits", "side_px"): ("300", 300),
    ("limits", "pages_now"): ("2", 2),
    ("limits", "pages_later"): ("3", 3),
    ("limits", "batch_files"): ("7", 7),
    ("limits", "text_characters"): ("500", 500),
    ("limits", "requests_per_minute"): ("7", 7),
    ("text", "sentiment"): ("transformers:/models/mood", "transformers:/models/mood"),
    ("text", "moderation"): ("remote:http://tei/predict", "remote:http://tei/predict"),
    ("text", "flags"): ("toxic, insult", ("toxic", "insult")),
    ("text", "languages"): ("en, de", ("en", "de")),
    ("text", "token"): ("hush-hush", SecretStr("hush-hush")),
    ("text", "timeout_s"): ("3", 3.0),
    ("text", "max_windows"): ("9", 9),
    ("text", "cache_bytes"): ("0", 0),
    ("text", "max_waiting"): ("7", 7),
    ("cache", "max_bytes"): ("0", 0),
    ("ocr", "engine"): ("pytesseract", "pytesseract"),
    ("ocr", "second_engine"): ("off", "off"),
    ("ocr", "second_workers"): ("2", 2),
    ("ocr", "tessdata"): ("/data", "/data"),
    ("ocr", "language"): ("eng+fra", "eng+fra"),
    ("ocr", "psm"): ("6", 6),
    ("ocr", "parameters"): ("load_freq_dawg", ("load_freq_dawg",)),
    ("ocr", "workers"): ("3", 3),
    ("ocr", "worker_tasks"): ("17", 17),
    ("ocr", "worker_memory_mb"): ("512", 512),
    ("ocr", "deadline_s"): ("12", 12.0),
    ("ocr", "wait_s"): ("3", 3.0),
    ("data", "folder"): ("/srv/readstone", "/srv/readstone"),
    ("data", "floor_bytes"): ("5", 5),
    ("database", "url"): ("postgresql://db/jobs", SecretStr("postgresql://db/jobs")),
    ("storage", "url"): ("s3://bucket/prefix", "s3://bucket/prefix"),
    ("compliance", "rules"): ("still, virus", ("still", "virus")),
    ("compliance", "types"): ("image/png, image/bmp", ("image/png", "image/bmp")),
    ("compliance", "max_bytes"): ("4711", 4711),
    ("compliance", "max_side_px"): ("815", 815),
    ("compliance", "blocked"): ("/run/blocked", "/run/blocked"),
    ("compliance", "classifier"): ("/run/model", "/run/model"),
    ("compliance", "labels"): ("gun, knife", ("gun", "knife")),
    ("compliance", "threshold"): ("0.75", 0.75),
    ("compliance", "words"): ("/run/words", "/run/words"),
    ("compliance", "clamd"): ("tcp://av:3310", "tcp://av:3310"),
    ("compliance", "region"): ("eu-west-1, crm.example", ("eu-west-1", "crm.example")),
    ("jobs", "store"): ("database", "database"),
    ("jobs", "max_jobs"): ("8", 8),
    ("jobs", "max_bytes"): ("900000000", 900_000_000),
    ("jobs", "ttl_s"): ("60", 60.0),
    ("jobs", "deadline_s"): ("7", 7.0),
    ("jobs", "wait_s"): ("90", 90.0),
    ("webhooks", "targets"): ("erp:https://erp.example/hook", {"erp": "https://erp.example/hook"}),
    ("webhooks", "allowed_hosts"): ("hooks.example,*.test", ("hooks.example", "*.test")),
    ("webhooks", "secret"): (OTHER_SECRET, SecretStr(OTHER_SECRET)),
    ("kafka", "events"): ("kafka://k1/news", SecretStr("kafka://k1/news")),
    ("kafka", "documents"): ("kafka://k1/in", SecretStr("kafka://k1/in")),
    ("kafka", "caller"): ("ann", "ann"),
    ("metrics", "method_names"): ("upload, ocr", ("upload", "ocr")),
    ("metrics", "reporter"): ("stdout", "stdout"),
    ("metrics", "interval_s"): ("60", 60.0),
    ("metrics", "file"): ("/run/a.prom", "/run/a.prom"),
    ("invoices", "retry_s"): ("4", 4.0),
    ("invoices", "templates"): ("/run/templates", "/run/templates"),
    ("invoices", "vendors"): ("/run/vendors.yml", "/run/vendors.yml"),
    ("redaction", "min_confidence"): ("0.5", 0.5),
    ("redaction", "key"): ("k" * 16, SecretStr("k" * 16)),
    ("echo", "active"): ("false", False),
    ("docs", "active"): ("false", False),
}


def sections() -> dict[str, type[BaseModel]]:
    """Return the sections of the configuration, as the model declares them."""
    found: dict[str, type[BaseModel]] = {}
    for name, field in AppConfig.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found[name] = field.annotation
    return found


SETTINGS = [(name, key) for name, section in sections().items() for key in section.model_fields]
TIMES = [(section, key) for section, key in SETTINGS if key.endswith("_s")]


def shipped(environment: str) -> dict[str, dict[str, Any]]:
    """Return what stands in a shipped file."""
    text = (SHIPPED / environment / "app_conf.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def refusal(**variables: str) -> str:
    """Return with which words a start with these variables is refused."""
    with pytest.raises(ConfigError) as caught:
        load_config({f"READSTONE_{name}": value for name, value in variables.items()})
    return caught.value.detail


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration folder with the shipped local file, to be changed."""
    (tmp_path / "local").mkdir()
    text = (SHIPPED / "local" / "app_conf.yml").read_text(encoding="utf-8")
    (tmp_path / "local" / "app_conf.yml").write_text(text, encoding="utf-8")
    return tmp_path


def write(folder: Path, settings: object) -> dict[str, str]:
    """Put these settings into the local file; return the variables with which it is read."""
    path = folder / "local" / "app_conf.yml"
    path.write_text(settings if isinstance(settings, str) else yaml.safe_dump(settings), "utf-8")
    return {"READSTONE_CONFIG_DIR": str(folder)}


@pytest.mark.parametrize("environment", get_args(Environment))
def test_shipped_file_loads_with_a_token(environment: str) -> None:
    """Each of the four files starts the service once its tokens are given."""
    config = load_config({"READSTONE_ENV": environment} | TOKENS)
    assert config.environment == environment
    assert config.auth.tokens["alice"].get_secret_value() == TOKEN


@pytest.mark.parametrize("environment", get_args(Environment))
def test_shipped_files_have_the_same_keys(environment: str) -> None:
    """Every file says every setting, and no other."""
    settings = shipped(environment)
    assert {name: set(section) for name, section in settings.items()} == {
        name: set(section.model_fields) for name, section in sections().items()
    }


@pytest.mark.parametrize("environment", get_args(Environment))
def test_shipped_files_hold_no_secret(environment: str) -> None:
    """Tokens come from the environment's variables."""
    assert shipped(environment)["auth"] == {"tokens": {}}


@pytest.mark.parametrize("environment", ["dev", "stg", "prd"])
def test_service_on_a_network_wants_tokens(environment: str) -> None:
    """A file that listens beyond loopback refuses to start without a token."""
    said = refusal(ENV=environment)
    assert "server.host" in said
    assert "READSTONE_AUTH__TOKENS" in said


def test_local_is_the_default() -> None:
    """Without variables the file for one's own machine counts, on loopback, without a token."""
    assert load_config({}) == load_config({"READSTONE_ENV": "local"})
    assert not load_config({}).auth.tokens


def test_variables_of_others_are_ignored() -> None:
    """What does not begin with the service's name is none of its business."""
    others = {"PATH": "/bin", "OCR__PSM": "99", "readstone_ocr__psm": "99"}
    assert load_config(others) == load_config({})


@pytest.mark.parametrize(("section", "key"), SETTINGS)
def test_variable_overrides_its_setting(section: str, key: str) -> None:
    """READSTONE_SECTION__KEY beats the file, for every setting there is."""
    if (section, key) == ("auth", "tokens"):
        assert load_config(TOKENS).auth.tokens.keys() == {"alice"}
        return
    value, understood = OTHER_VALUES[section, key]
    config = load_config(TOKENS | {variable_name(section, key): value})
    assert getattr(getattr(config, section), key) == understood
    untouched = load_config(TOKENS).model_dump()
    untouched[section][key] = understood
    assert config.model_dump() == untouched


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("alice:password1,bob:password2", {"alice": "password1", "bob": "password2"}),
        (" alice : password1 , ", {"alice": "password1"}),
        ("password1", {"default": "password1"}),
        ("alice:pass:word:1", {"alice": "pass:word:1"}),
        ("", {}),
    ],
)
def test_tokens_are_named(given: str, understood: Mapping[str, str]) -> None:
    """NAME:TOKEN, and so on; a token alone is that of `default`; a token may hold colons."""
    tokens = load_config({"READSTONE_AUTH__TOKENS": given}).auth.tokens
    assert {name: token.get_secret_value() for name, token in tokens.items()} == understood


@pytest.mark.parametrize(
    "name",
    [
        "READSTONE_SERVICE_HOST",
        "READSTONE_SERVICE_PORT",
        "READSTONE_SERVICE_PORT_HTTP",
        "READSTONE_PORT",
        "READSTONE_PORT_8000_TCP",
        "READSTONE_PORT_8000_TCP_PROTO",
        "READSTONE_PORT_8000_TCP_PORT",
        "READSTONE_PORT_8000_TCP_ADDR",
        "READSTONE_PORT_53_UDP_ADDR",
    ],
)
def test_service_links_of_kubernetes_are_ignored(name: str) -> None:
    """What Kubernetes puts into every pod does not refuse the start."""
    assert load_config({name: "tcp://10.0.0.7:8000"}) == load_config({})


@pytest.mark.parametrize(
    ("name", "meant"),
    [("OCR__PSN", "OCR__PSM"), ("OCR_PSM", "OCR__PSM"), ("SERVER__PORTS", "SERVER__PORT")],
)
def test_mistyped_variable_is_refused(name: str, meant: str) -> None:
    """A variable of ours that is no setting refuses the start, and names the one that was meant."""
    said = refusal(**{name: "1"})
    assert said == f"READSTONE_{name} is no setting; did you mean READSTONE_{meant}?"


@pytest.mark.parametrize("name", ["X", "ocr__psm", "SERVER", "AUTH__TOKENS__ALICE"])
def test_unknown_variable_is_refused(name: str) -> None:
    """So does one that is like no setting, or is one of them in another spelling."""
    assert f"READSTONE_{name} is no setting" in refusal(**{name: "1"})


def test_unknown_key_of_a_file_is_refused(folder: Path) -> None:
    """A mistyped key refuses the start, and the right one is named."""
    settings = shipped("local")
    settings["ocr"]["langage"] = "eng"
    with pytest.raises(ConfigError, match=r"ocr.langage is no setting; did you mean language\?"):
        load_config(write(folder, settings))


def test_unknown_section_of_a_file_is_refused(folder: Path) -> None:
    """A section that nobody knows refuses the start."""
    with pytest.raises(ConfigError, match=r"job is no setting; did you mean jobs\?"):
        load_config(write(folder, shipped("local") | {"job": {"ttl_s": 5}}))


@pytest.mark.parametrize(("section", "key"), SETTINGS)
def test_missing_key_of_a_file_is_refused(folder: Path, section: str, key: str) -> None:
    """No setting has a hidden default."""
    settings = shipped("local")
    del settings[section][key]
    with pytest.raises(ConfigError, match=f"{section}.{key} is missing"):
        load_config(write(folder, settings))


def test_missing_section_of_a_file_is_refused(folder: Path) -> None:
    """A section belongs to every file."""
    settings = shipped("local")
    del settings["jobs"]
    with pytest.raises(ConfigError, match="jobs is missing"):
        load_config(write(folder, settings))


@pytest.mark.parametrize("value", ["0", "-1", "-0.5", "nan", "inf", "86401", "soon"])
@pytest.mark.parametrize(("section", "key"), TIMES)
def test_impossible_time_is_refused(section: str, key: str, value: str) -> None:
    """No time is zero, negative, endless or no number; key and variable are named."""
    name = variable_name(section, key)
    said = refusal(**{name.removeprefix("READSTONE_"): value})
    assert said.startswith(f"{section}.{key}: ")
    assert f"set {name}" in said


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("SERVER__PORT", "0", "server.port"),
        ("SERVER__PORT", "65536", "server.port"),
        ("SERVER__ALLOW_ANONYMOUS", "perhaps", "server.allow_anonymous"),
        ("LOG__LEVEL", "loud", "log.level"),
        ("LOG__FORMAT", "xml", "log.format"),
        ("AUTH__TOKENS", "alice:short", "auth.tokens"),
        ("WEBHOOKS__TARGETS", "erp:ftp://erp.example/", "webhooks.targets"),
        ("LIMITS__BODY_BYTES", "0", "limits.body_bytes"),
        ("LIMITS__PIXELS", "-5", "limits.pixels"),
        ("LIMITS__SIDE_PX", "32768", "limits.side_px"),
        ("OCR__ENGINE", "abbyy", "ocr.engine"),
        ("OCR__PSM", "0", "ocr.psm"),
        ("OCR__PSM", "14", "ocr.psm"),
        ("OCR__PSM", "three", "ocr.psm"),
        ("OCR__WORKERS", "-1", "ocr.workers"),
        ("OCR__WORKER_TASKS", "0", "ocr.worker_tasks"),
        ("OCR__WORKER_MEMORY_MB", "255", "ocr.worker_memory_mb"),
        ("JOBS__STORE", "redis", "jobs.store"),
        ("JOBS__MAX_JOBS", "0", "jobs.max_jobs"),
        ("JOBS__MAX_BYTES", "0", "jobs.max_bytes"),
    ],
)
def test_impossible_value_is_refused(name: str, value: str, key: str) -> None:
    """The message names the key and the variable, so that one knows where to look."""
    said = refusal(**{name: value})
    assert said.startswith(f"{key}")
    assert f"READSTONE_{name}" in said


def test_messages_that_are_not_signed_are_refused() -> None:
    """A receiver must be able to tell who called; the remedy says how a secret is made."""
    said = refusal(WEBHOOKS__ALLOWED_HOSTS="hooks.example", WEBHOOKS__SECRET="word")
    assert said.startswith("webhooks.secret: messages must be signed")


def test_orientation_detection_alone_is_refused() -> None:
    """A segmentation mode that reads no text is no default."""
    assert refusal(OCR__PSM="2").startswith("ocr.psm: 2 reads no text; choose 3")


def test_room_for_inputs_must_hold_one() -> None:
    """A picture that may be sent must find room while its job waits."""
    said = refusal(LIMITS__BODY_BYTES="1000", JOBS__MAX_BYTES="999")
    assert "jobs.max_bytes" in said
    assert "limits.body_bytes" in said
    assert load_config({"READSTONE_LIMITS__BODY_BYTES": "9", "READSTONE_JOBS__MAX_BYTES": "9"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_needs_no_token(host: str) -> None:
    """Nobody but this machine reaches the service."""
    assert load_config({"READSTONE_SERVER__HOST": host}).server.host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "ocr.example", ""])
def test_other_addresses_need_a_token_or_a_word(host: str) -> None:
    """Open to the network without a token only when somebody says so."""
    variables = {"READSTONE_SERVER__HOST": host}
    with pytest.raises(ConfigError, match="allow_anonymous"):
        load_config(variables)
    assert load_config(variables | TOKENS).server.host == host
    assert load_config(variables | {"READSTONE_SERVER__ALLOW_ANONYMOUS": "true"})


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Two mistakes make one message with both."""
    said = refusal(OCR__PSM="0", LOG__LEVEL="loud")
    assert "ocr.psm" in said
    assert "log.level" in said


def test_unknown_environment_is_refused() -> None:
    """The four environments are named."""
    assert refusal(ENV="production").endswith("choose one of local, dev, stg, prd")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A wrong folder is named, and the variable that sets it."""
    said = refusal(CONFIG_DIR=str(tmp_path))
    assert str(tmp_path) in said
    assert "set READSTONE_CONFIG_DIR" in said


@pytest.mark.parametrize(
    "content",
    ["", "- server", "server", "server:", "server: 1", "a: [", "1: {}", "\x00", "environment: {}"],
    ids=repr,
)
def test_file_that_is_no_configuration_is_refused(folder: Path, content: str) -> None:
    """Whatever stands in the file, the start is refused with an error of ours."""
    variables = write(folder, content)
    with pytest.raises(ConfigError):
        load_config(variables)


def test_file_in_another_encoding_is_refused(folder: Path) -> None:
    """A file that is not UTF-8 is refused with its name."""
    path = folder / "local" / "app_conf.yml"
    path.write_bytes("# für später\n".encode("latin-1") + path.read_bytes())
    with pytest.raises(ConfigError, match=r"app_conf\.yml"):
        load_config({"READSTONE_CONFIG_DIR": str(folder)})


def test_configuration_is_frozen() -> None:
    """Nothing changes a setting once it is validated."""
    config = load_config({})
    with pytest.raises(ValidationError):
        config.ocr = config.ocr  # type: ignore[misc]
    with pytest.raises(ValidationError):
        config.ocr.psm = 6  # type: ignore[misc]


def test_workers_are_the_cores_unless_said() -> None:
    """Zero workers means one for every core this process may use."""
    assert load_config({}).ocr.worker_count >= 1
    assert load_config({"READSTONE_OCR__WORKERS": "5"}).ocr.worker_count == 5


@pytest.mark.parametrize("given", ["https://A.example/, *", "HTTPS://a.example,*"])
def test_origins_are_as_browsers_write_them(given: str) -> None:
    """Case and a slash at the end do not matter."""
    origins = load_config({"READSTONE_ORIGINS__ALLOWED": given}).origins
    assert origins.allowed == ("https://a.example", "*")


@pytest.mark.parametrize("value", [5, "https://a.example", {"a": "b"}, None], ids=repr)
@pytest.mark.parametrize(("section", "key"), [("origins", "allowed"), ("ocr", "parameters")])
def test_names_of_a_file_are_a_list(folder: Path, section: str, key: str, value: object) -> None:
    """A file may say names as a list or as one string; anything else is refused."""
    settings = shipped("local")
    settings[section][key] = value
    if isinstance(value, str):
        assert getattr(getattr(load_config(write(folder, settings)), section), key) == (value,)
        return
    with pytest.raises(ConfigError, match=rf"{section}\.{key}"):
        load_config(write(folder, settings))


def test_secrets_do_not_appear() -> None:
    """No way of printing a configuration shows a token."""
    config = load_config(TOKENS)
    shown = (repr(config), str(config), f"{config.auth}", config.model_dump_json())
    for text in (*shown, str(config.model_dump()), str(config.model_dump(mode="json"))):
        assert TOKEN not in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"AUTH__TOKENS": "alice:s3cr3t"},
        {"AUTH__TOKENS": "alice:s3c:r3t"},
        {"AUTH__TOKENS": "s3cr3t"},
        {"AUTH__TOKENS": "alice:s3cr3t-long-enough", "OCR__PSM": "2"},
        {"AUTH__TOKENS": "alice:s3cr3t-long-enough", "OCR__PSM": "x"},
        {"AUTH__TOKEN": "s3cr3t-long-enough"},
        {"TOKENS": "s3cr3t-long-enough"},
    ],
)
def test_secrets_do_not_appear_in_refusals(wrong: dict[str, str]) -> None:
    """A refused start does not print a token, not even with its causes."""
    with pytest.raises(ConfigError) as caught:
        load_config({f"READSTONE_{name}": value for name, value in wrong.items()})
    assert "s3c" not in "".join(traceback.format_exception(caught.value))


def test_short_key_refuses_the_start() -> None:
    """A key for hashes that can be guessed is none."""
    assert "redaction.key" in refusal(REDACTION__KEY="k" * 15)
