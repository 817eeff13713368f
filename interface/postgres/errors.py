"""Errors of the trial's PostgreSQL, each with a sentence that says what to do."""


class EmbeddedError(Exception):
    """The trial's server cannot be had; the message is for the person who started it.

    EmbeddedError
     ├─ DataFolderRefused    the folder is not ours, of another major version, or somebody else's.
     ├─ InUse                another process of ours has this folder.
     ├─ NoBinaries           no PostgreSQL that fits.
     └─ DidNotStart          the server said why; its last words are in the message.
    """


class DataFolderRefused(EmbeddedError):
    """The data folder cannot be used as it is; nothing in it was touched."""


class InUse(EmbeddedError):
    """Another running command owns this data folder's server."""


class NoBinaries(EmbeddedError):
    """No PostgreSQL binaries were found that could serve this data folder."""


class DidNotStart(EmbeddedError):
    """PostgreSQL (or its initdb) ended or kept silent instead of accepting connections."""
