"""Who may post an event: for which source, and on which episode (events.md 3)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from application.access.credentials import Credential
from domain.entries.entry import Submission
from domain.errors import Fault, Forbidden


def check_post(
    credential: Credential, submission: Submission, names_of: Callable[[str], Collection[str]]
) -> None:
    """Raise Forbidden unless the credential may post this; `names_of` gives who is named on an episode."""
    if credential.sources is not None and submission.source not in credential.sources:
        raise Forbidden(
            "The token may not post for this source.",
            (Fault("/source", "is not a source that the token lists"),),
        )
    own = submission.subject.partition("/")[0] == credential.namespace
    if credential.namespace is None or own or credential.namespace in names_of(submission.subject):
        return
    raise Forbidden(
        "This token belongs to another organisation. No recorded fact names that organisation on this episode.",
        (Fault("/subject", "is not of the token's namespace, and no fact of the episode names it"),),
    )
