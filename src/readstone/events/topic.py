"""A topic of a Kafka cluster: its address, taken apart."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from readstone.errors import ConfigError

# What the target of an event begins with that a topic is told; no name of a webhook has a colon.
TOPIC = "kafka:"
SCHEMES = ("kafka", "kafkas")
OPTIONS = frozenset({"group", "mechanism"})


@dataclass(frozen=True, slots=True)
class Topic:
    """Where messages go to, or come from.

    Attributes:
        servers: of the cluster, as `host:9092`; one that answers is enough.
        is_encrypted: whether TLS is spoken.
        mechanism: by which the user and the password are told: PLAIN, SCRAM-SHA-256 or -512.
        group: of those who share the messages of a topic among them.
    """

    servers: tuple[str, ...]
    name: str
    is_encrypted: bool = False
    user: str = ""
    password: str = ""
    mechanism: str = "PLAIN"
    group: str = "readstone"

    @property
    def target(self) -> str:
        """The target of events that this topic is told."""
        return TOPIC + self.name

    @property
    def hosts(self) -> list[str]:
        """The hosts of its servers, without their ports."""
        return [server.rpartition(":")[0] or server for server in self.servers]


def parse_topic(setting: str, url: str) -> Topic:
    """Return the topic at `kafka://host:9092,other:9092/topic`; `kafkas` stands for TLS.

    A user and a password stand before the hosts, as `user:password@`; `?mechanism=SCRAM-SHA-512`
    and `?group=NAME` behind the topic.

    Raises:
        ConfigError: it is none.
    """
    parts = urlsplit(url)
    login, _, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    servers = tuple(filter(None, hosts.split(",")))
    name = parts.path.strip("/")
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in SCHEMES or not (servers and name) or options.keys() - OPTIONS:
        raise ConfigError(f"{setting}: write kafka://host:9092/topic, or kafkas:// for TLS")
    is_encrypted = parts.scheme == "kafkas"
    return Topic(servers, name, is_encrypted, unquote(user), unquote(password), **options)
