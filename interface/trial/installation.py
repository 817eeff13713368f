"""The trial: a ledger on its own PostgreSQL. All that it needs is made when it is first started.

`<data>/server/` holds the database (interface/postgres). `<data>/trial.keys` holds the secrets, next to the database
and never in it. `<data>/trial.keys.checkpoint` and `.checkpoint.access` hold the last checkpoint of each log. By them
a database that was put back to an earlier state is noticed.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Final

import psycopg

import interface
from application.access.credentials import ROLES, Credentials
from application.access.persons import Persons
from application.crypto.keys import Keys, KeysUnusable
from application.store.database import Database
from application.store.logs import LOGS
from application.store.migrate import migrate
from domain.rules.rulebook import england
from interface.postgres import EmbeddedPostgres
from interface.postgres.errors import DataFolderRefused
from interface.settings import Settings
from interface.trial.personas import PERSONAS
from interface.wiring.open_ledger import opened
from interface.wiring.sealers import outside

_LABEL: Final = "trial"
"""Marks the credentials that `ledger run` made, so that the next start can revoke them."""


def checkout() -> Path | None:
    """The folder of the checkout that this program runs from; None when it was installed without one."""
    root = Path(interface.__file__).parents[1]
    return root if (root / "bin" / "ledger").exists() else None


def default_folder() -> Path:
    """Where a trial keeps its data unless told otherwise: `data` in the checkout, else below the home folder."""
    root = checkout()
    return Path.home() / ".local/share/episode-ledger" if root is None else root / "data"


class Trial:
    """One data folder, started, and ready to be used by any part of this program."""

    def __init__(self, data: Path, settings: Settings) -> None:
        """Say where; nothing is started yet. `settings`: those of the environment, without database and secrets."""
        self.data, self._given = data, settings
        self.postgres = EmbeddedPostgres(data, settings.pg_bindir)

    @property
    def exists(self) -> bool:
        """True where a trial was started here before."""
        return self.postgres.folder.made_by() is not None

    @property
    def keys(self) -> Path:
        """Where its secrets are."""
        return self.data / "trial.keys"

    @property
    def settings(self) -> Settings:
        """How the parts of the program find this ledger."""
        return dataclasses.replace(self._given, dsn=self.postgres.dsn, keys=self.keys)

    def start(self) -> None:
        """Start the database, made first if need be, and bring it to the newest form."""
        self.postgres.start()
        self._prepare()

    def join(self) -> None:
        """Use the folder's running database, or start it until `stop`; DataFolderRefused when there is none."""
        if not self.exists:
            raise DataFolderRefused(
                f"There is no trial in {self.data}: `ledger run --data {self.data}` begins one."
            )
        if self.postgres.attach():
            self._take_name()
        else:
            self.start()

    def begin(self, like: Settings) -> None:
        """Start an empty database in a new folder, with the secrets of these settings and the checkpoint.

        DataFolderRefused when the folder is not new.
        """
        if self.exists:
            raise DataFolderRefused(
                f"There is a trial in {self.data} already: name a new folder with --data."
            )
        self.postgres.start()
        self.keys.touch(mode=0o600)
        self.keys.write_bytes(like.need_keys().read_bytes())
        for log in LOGS:
            if (note := outside(like, log).read()) is not None:
                outside(self.settings, log).write(note)

    def remove(self) -> None:
        """Stop it and delete everything that it ever held. There is no way back."""
        self.postgres.remove()
        self._forget()

    def _prepare(self) -> None:
        migrate(self.postgres.dsn)
        self._take_name()
        if not self._founded():
            self._renew_keys()
        with opened(self.settings) as ledger:
            ledger.initialise(england().text)

    def _take_name(self) -> None:
        """Take the name that the ledger here was founded with, unless the environment gives one."""
        if self._given.is_named:
            return
        database = Database(self.postgres.dsn)
        try:
            [(name,)] = database.rows("select name from ledger.heads where log = 1")
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return  # another process is making it
        finally:
            database.close()
        if name is not None:
            self._given = dataclasses.replace(self._given, name=name)

    def _founded(self) -> bool:
        """Return whether something is recorded here; then its own secrets must exist."""
        database = Database(self.postgres.dsn)
        try:
            founded = bool(database.rows("select position from ledger.heads where log = 1")[0][0])
        finally:
            database.close()
        if founded and not self.keys.is_file():
            raise KeysUnusable(f"{self.keys} is gone, and what is recorded here needs it: put it back")
        return founded

    def _renew_keys(self) -> None:
        """New secrets, of a ledger in which nothing is recorded yet; what is left of an earlier one goes."""
        self._forget()
        Keys.new(self.keys)

    def _forget(self) -> None:
        for left in self.data.glob(f"{self.keys.name}*"):
            left.unlink()

    def new_tokens(self) -> dict[str, str]:
        """A token for each role, good for every namespace, source and authority; the last start's are revoked."""
        database = Database(self.postgres.dsn, role=None)
        try:
            credentials = Credentials(database)
            credentials.revoke_labelled(_LABEL)
            purpose = self._given.access.purposes[0]
            return {role: credentials.new(_with(role), purpose=purpose, label=_LABEL)[1] for role in ROLES}
        finally:
            database.close()

    def new_link(self) -> str:
        """Return the path of a page that signs one visitor in, once and within ten minutes."""
        database = Database(self.postgres.dsn, role=None)
        try:
            persons = Persons(database)
            persons.keep_trial(PERSONAS)
            return f"/pages/sign-in?once={persons.new_link()}"
        finally:
            database.close()

    def stop(self) -> None:
        """Stop the database if we started it."""
        self.postgres.stop()


def _with(role: str) -> list[str]:
    """Return the roles of a token. A trial's recorder may also read: a sender wants to see what became of an event."""
    return [role, "reader"] if role == "recorder" else [role]
