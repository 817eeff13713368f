"""Who is named on an episode, and so may read it and post to it (events.md 3; the append keeps them)."""

from __future__ import annotations

from application.store.database import Database


class Grants:
    """The namespaces that recorded facts name on each episode's stream."""

    def __init__(self, database: Database) -> None:
        """Remember where they are kept."""
        self._database = database

    def named_on(self, subject: str) -> frozenset[str]:
        """Responsible and host authorities, police forces, receivers and providers, as recorded now."""
        rows = self._database.rows(
            "select n.namespace from ledger.streams s join ledger.stream_names n on n.stream_no = s.no"
            " where s.subject = %s",
            (subject,),
        )
        return frozenset(namespace for (namespace,) in rows)
