"""A whole installation for tests of what outlives its database: secrets in a file, sealers, and HTTP."""

from __future__ import annotations

from pathlib import Path

from application.access.credentials import Credentials
from application.crypto.keys import Keys
from application.merkle_log.recovery import Recovered, recover
from application.recording.ledger import Ledger
from application.store.database import Database
from application.store.logs import LOGS
from domain.rules.rulebook import england
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Settings
from interface.wiring.sealers import outside, sealers
from tests.support.http_client import ALL_ROLES, Api


class Installation:
    """One folder with the secrets, and beside them the last checkpoints; a database, which can be put back."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.keys = folder / "ledger.keys"
        if not self.keys.exists():
            Keys.new(self.keys)
        self.settings = Settings(name="test", dsn=dsn, keys=self.keys)
        self.ledger = Ledger(dsn, Keys.load(self.keys), "test")
        self.ledger.initialise(england().text)
        self._owner = Database(dsn, role=None)

    def api(self) -> Api:
        """Somebody who may record and read, on a service that was started now."""
        _, token = Credentials(self._owner).new(ALL_ROLES, purpose="audit")
        return Api(create_app(wire(self.ledger, self.settings)).test_client(), token)

    def seal(self) -> dict[str, int]:
        """Seal what is recorded in each log."""
        return {name: sealer.catch_up() for name, sealer in sealers(self.settings).items()}

    def recover(self, reason: str = "backup_restored") -> Recovered:
        """As `ledger recover` does it."""
        kept = {log.name: outside(self.settings, log) for log in LOGS}
        dsn = self.settings.need_dsn()
        return recover(self.ledger, dsn, self.keys, kept, reason, lambda *_: None)

    def note(self, suffix: str = "") -> str:
        """The last checkpoint kept beside the secrets."""
        return self.keys.with_name(f"ledger.keys.checkpoint{suffix}").read_text()

    def close(self) -> None:
        """Let go of the database."""
        self.ledger.close()
        self._owner.close()
