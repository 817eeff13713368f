"""A way to PostgreSQL over TCP that can fall silent: connections stay open, and nothing passes any more."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class SilentProxy:
    """A proxy to the server of a DSN. What was connected before it fell silent stays so for good."""

    def __init__(self, dsn):
        """Listen for connections to the database of this DSN."""
        held = conninfo_to_dict(dsn)
        self._server = f"{held['host']}/.s.PGSQL.{held.get('port', 5432)}"
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.dsn = make_conninfo(dsn, host="127.0.0.1", port=self._listener.getsockname()[1])
        self._sockets, self._silent, self._refusing = [], set(), False
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def fall_silent(self, *, new=False):
        """Let nothing pass that is connected now; with `new`, nor anything that connects from now on."""
        self._silent |= set(self._sockets)
        self._refusing = new

    def recover(self):
        """Let new connections pass."""
        self._refusing = False

    def close(self):
        """End everything."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in threading.enumerate():
            if thread.name == f"proxy-{id(self)}":
                thread.join()
        for each in self._sockets:
            each.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            self._sockets += [client, server]
            if self._refusing:
                self._silent |= {client, server}
            for one, other in ((client, server), (server, client)):
                threading.Thread(
                    target=self._pass, args=(one, other), name=f"proxy-{id(self)}", daemon=True
                ).start()

    def _pass(self, one, other):
        """Pass on what comes; while silent it is lost, as is the news that somebody left."""
        while True:
            try:
                data = one.recv(65536)
            except OSError:
                data = b""
            if one in self._silent:
                if not data:
                    return
                continue
            try:
                other.sendall(data) if data else other.shutdown(socket.SHUT_WR)
            except OSError:
                return
            if not data:
                return
