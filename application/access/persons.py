"""People who may sign in to pages, and the links that let them in: for the owner of the database."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from application.store.database import Database

LINK_MINUTES: Final = 10
"""How long a link is good, unless it is used before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who may sign in, and what they may see."""

    id: str
    name: str
    organisation: str
    namespace: str
    roles: tuple[str, ...]


class Persons:
    """The people of a ledger. Give a Database in the owner's own role."""

    def __init__(self, database: Database) -> None:
        """Remember where they are."""
        self._database = database

    def keep_trial(self, people: Iterable[Person]) -> None:
        """Make these the made-up people of a trial; what they may see is as given now."""
        with self._database.connection() as connection, connection.transaction():
            connection.execute("update ledger.persons set ended_at = now() where trial and ended_at is null")
            for each in people:
                connection.execute(
                    "insert into ledger.persons (id, name, organisation, namespace, roles, trial)"
                    " values (%s, %s, %s, %s, %s, true) on conflict (id) do update set name = excluded.name,"
                    " organisation = excluded.organisation, namespace = excluded.namespace,"
                    " roles = excluded.roles, ended_at = null",
                    (each.id, each.name, each.organisation, each.namespace, list(each.roles)),
                )

    def new_link(self) -> str:
        """Make the secret of a link that opens one session within ten minutes; it is shown now and never again."""
        secret = secrets.token_urlsafe(32)
        with self._database.connection() as connection:
            connection.execute(
                "insert into ledger.sign_in_links (token_hash, expires_at)"
                " values (%s, now() + make_interval(mins => %s))",
                (hashlib.sha256(secret.encode()).digest(), LINK_MINUTES),
            )
        return secret
