"""What an installation can set: the only reader of the environment.

A default stands here only if it is right in production and may be published. Everything else is asked
for by the one who needs it, and its absence stops the start with a sentence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from application.crypto.cosignature import Witness
from application.crypto.timestamp import TimestampAuthority
from application.merkle_log.publishing.http_exchange import Address
from application.merkle_log.publishing.witness import read_witnesses
from domain.facts.members import CODE_KIND

DURABILITIES: Final = ("local", "standby")
PURPOSES: Final = (
    "safeguarding", "care", "return_interview", "oversight", "quality_assurance", "statutory_return",
    "inspection", "audit", "subject_access", "system_integration",
)  # fmt: skip
"""Why children's records may be read, unless the installation has a list of its own."""
_MOST: Final = 2**31

T = TypeVar("T")


class SettingsError(Exception):
    """A setting is missing or cannot be meant; the sentence says which, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may bring. The defaults are those of the contract; sizes in bytes."""

    event: int = 256 * 1024
    """One event."""
    batch: int = 16 * 1024 * 1024
    """A batch as a whole."""
    batch_events: int = 1000
    """Events in a batch."""
    requests_per_second: int = 5000
    """Of one credential, in one process; twice that at once. 0 sets no limit."""
    request_seconds: int = 20
    """Seconds within which a request's head and body must be whole."""
    connections: int = 10_000
    """Open connections of one process. One more, and the one that has kept us waiting longest is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How the reading of children's records is watched."""

    purposes: tuple[str, ...] = PURPOSES
    """The codes that a reader may give as purpose; the first is that of a trial's tokens."""
    spool: Path | None = None
    """Break glass: where disclosures are kept that cannot be recorded. Without it they are not made."""
    office_hours: tuple[int, int] = (7, 19)
    """From and to which hour in London a reading on a weekday is within hours."""
    many_children: int = 100
    """How many children one credential may read of on one day in London before that is pointed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """To which places checkpoints are brought; to none unless they are named."""

    every: int = 100
    """Each how many-th checkpoint; one that is an hour old goes before that."""
    folder: Path | None = None
    """It need not be there: that is for the one who publishes to say, and must not keep anything from starting."""
    url: Address | None = None
    witnesses: tuple[tuple[Witness, Address], ...] = ()
    """Who is asked to cosign, and where."""
    stamps: Address | None = None
    """Where time stamps are asked for; only together with `authority`."""
    authority: TimestampAuthority | None = None
    """By whose certificates time stamps are checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation's settings. Secrets are never shown when this is printed."""

    name: str = "ledger"
    """The ledger's name: part of every checkpoint's origin, so it is chosen once."""
    is_named: bool = True
    """Whether the name was given. If not, a backup or a trial that has a name already is taken by that."""
    durability: str = "local"
    """`standby` acknowledges nothing while no synchronous standby is in place."""
    limits: Limits = field(default_factory=Limits)
    access: Access = field(default_factory=Access)
    publishing: Publishing = field(default_factory=Publishing)
    pg_bindir: Path | None = None
    """Where PostgreSQL's own programs are, if not those of the wheel or of the system."""
    dsn: str | None = field(default=None, repr=False)
    keys: Path | None = field(default=None, repr=False)
    pages_address: str | None = None
    """Where people reach the pages, `https://…`; without it pages are served to this machine only."""
    checkpoint: Path | None = None
    """The file that keeps the greatest checkpoint outside the database, if not the one beside the secrets."""

    @property
    def standby(self) -> bool:
        """Whether an acknowledgement means that a synchronous standby has it too."""
        return self.durability == "standby"

    def need_dsn(self) -> str:
        """How to reach the database; SettingsError when nobody said."""
        if self.dsn is None:
            raise SettingsError("LEDGER_DSN is not set: give the PostgreSQL connection string of the ledger.")
        return self.dsn

    def need_keys(self) -> Path:
        """The file of secrets; SettingsError when nobody named one, or when it is not there."""
        if self.keys is None:
            raise SettingsError("LEDGER_KEYS is not set: name the file that `ledger keys new FILE` made.")
        if not self.keys.is_file():
            raise SettingsError("The file of LEDGER_KEYS is not there: make one with `ledger keys new FILE`.")
        return self.keys

    @property
    def outside(self) -> Path:
        """Where the greatest checkpoint is kept outside the database: beside the secrets unless set otherwise."""
        keys = self.need_keys()
        return self.checkpoint or keys.with_name(f"{keys.name}.checkpoint")


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read LEDGER_* once; SettingsError when a value cannot be meant. What is absent keeps its default."""
    env = os.environ if environ is None else environ
    return Settings(
        name=_read(env, "LEDGER_NAME", _name, "ledger"),
        is_named=bool(env.get("LEDGER_NAME", "").strip()),
        durability=_read(env, "LEDGER_DURABILITY", _durability, "local"),
        limits=_limits(env),
        access=_access(env),
        publishing=_publishing(env),
        pg_bindir=_read(env, "LEDGER_PG_BINDIR", Path, None),
        dsn=_read(env, "LEDGER_DSN", str, None),
        keys=_read(env, "LEDGER_KEYS", Path, None),
        pages_address=_read(env, "LEDGER_PAGES_ADDRESS", _https, None),
        checkpoint=_read(env, "LEDGER_CHECKPOINT", Path, None),
    )


def _limits(env: Mapping[str, str]) -> Limits:
    usual = Limits()
    return Limits(
        requests_per_second=_read(env, "LEDGER_RATE", _count, usual.requests_per_second),
        request_seconds=_read(env, "LEDGER_REQUEST_SECONDS", _some, usual.request_seconds),
        connections=_read(env, "LEDGER_CONNECTIONS", _some, usual.connections),
    )


def _access(env: Mapping[str, str]) -> Access:
    usual = Access()
    return Access(
        purposes=_read(env, "LEDGER_PURPOSES", _codes, usual.purposes),
        spool=_read(env, "LEDGER_BREAK_GLASS", _folder, usual.spool),
        office_hours=_read(env, "LEDGER_OFFICE_HOURS", _hours, usual.office_hours),
        many_children=_read(env, "LEDGER_MANY_CHILDREN", _count, usual.many_children),
    )


def _publishing(env: Mapping[str, str]) -> Publishing:
    stamps, authority = (
        _read(env, "LEDGER_TSA_URL", Address, None),
        _read(env, "LEDGER_TSA_CERTIFICATES", TimestampAuthority.load, None),
    )
    if stamps is not None and authority is None:
        raise SettingsError(
            "LEDGER_TSA_URL is set, and LEDGER_TSA_CERTIFICATES is not: name the file by which they are checked."
        )
    return Publishing(
        stamps=stamps,
        authority=authority,
        every=_read(env, "LEDGER_PUBLISH_EVERY", _some, Publishing().every),
        folder=_read(env, "LEDGER_PUBLISH_FOLDER", Path, None),
        url=_read(env, "LEDGER_PUBLISH_URL", Address, None),
        witnesses=_read(env, "LEDGER_WITNESSES", read_witnesses, ()),
    )


def for_child(settings: Settings) -> dict[str, str]:
    """The environment of a child process that is to work with these settings."""
    given = {
        "DSN": settings.dsn,
        "KEYS": settings.keys,
        "CHECKPOINT": settings.checkpoint,
        "NAME": settings.name,
        "DURABILITY": settings.durability,
    }
    return {
        **os.environ,
        **{f"LEDGER_{name}": str(value) for name, value in given.items() if value is not None},
    }


def _read(env: Mapping[str, str], name: str, kind: Callable[[str], T], default: T) -> T:
    """One setting; an empty text counts as not set. The refused text is not repeated: it may be a secret."""
    if not (text := env.get(name, "").strip()):
        return default
    try:
        return kind(text)
    except ValueError as error:
        raise SettingsError(f"{name} {error}.") from None


def _name(text: str) -> str:
    if not (text.isascii() and text.replace("-", "").replace(".", "").isalnum() and len(text) <= 64):
        raise ValueError("must be at most 64 letters, digits, dots and hyphens")
    return text


def _durability(text: str) -> str:
    if text not in DURABILITIES:
        raise ValueError("must be local or standby")
    return text


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip() for code in text.split(",")))
    if not all(CODE_KIND.fits(code) for code in codes):
        raise ValueError("must be codes with commas between them, such as safeguarding,audit")
    return codes


def _folder(text: str) -> Path:
    if not (path := Path(text)).is_dir() or not os.access(path, os.W_OK | os.X_OK):
        raise ValueError("must be a folder that is there and that this account may write to")
    return path.absolute()


def _https(text: str) -> str:
    if re.fullmatch(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?", text, re.ASCII) is None:
        raise ValueError(
            "must be https:// with a host and nothing after it, such as https://ledger.example.gov.uk"
        )
    return text.rstrip("/")


def _hours(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text, re.ASCII)
    if found is None or not int(found[1]) < int(found[2]) <= 24:
        raise ValueError("must be two hours of a day, such as 07-19")
    return int(found[1]), int(found[2])


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST)) and int(text) <= _MOST):
        raise ValueError("must be a whole number, such as 5000")
    return int(text)


def _some(text: str) -> int:
    if not (count := _count(text)):
        raise ValueError("must be a whole number from 1")
    return count
