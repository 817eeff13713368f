"""The real application on a real database, answering HTTP on loopback for a whole run, with follower and sealers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from werkzeug.serving import WSGIRequestHandler, make_server

from application.crypto.keys import Keys
from application.merkle_log.checkpoint_file import CheckpointFile
from application.merkle_log.sealer import Sealer
from application.projections.follower import Follower
from application.recording.ledger import Ledger
from application.store.logs import LOGS
from interface.http.app import create_app
from interface.http.build_services import wire
from interface.settings import Limits, Settings
from interface.wiring.sealers import signers


class _Quiet(WSGIRequestHandler):
    """Keeps connections open, and no log."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(dsn: str, secrets: Path, rulebook: str) -> Iterator[str]:
    """Serve a ledger founded with the text of a rulebook; its address."""
    settings = Settings(name="features", dsn=dsn, keys=secrets, limits=Limits(requests_per_second=0))
    ledger = Ledger(dsn, Keys.load(secrets), "features")
    ledger.initialise(rulebook)
    stop = threading.Event()
    folder = TemporaryDirectory()
    sealers = [
        Sealer(dsn, log, signers(settings, log), CheckpointFile(Path(folder.name) / log.name)) for log in LOGS
    ]
    beside = [threading.Thread(target=part.run, args=[stop]) for part in (Follower(dsn), *sealers)]
    for part in beside:
        part.start()
    app = create_app(wire(ledger, settings))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    stop.set()
    server.shutdown()
    thread.join()
    server.server_close()
    for part in beside:
        part.join()
    folder.cleanup()
    ledger.close()
