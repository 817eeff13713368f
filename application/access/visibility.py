"""Visibility: the episodes that a credential may see, and the sealed values in them (events.md 1 and 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from application.access.credentials import Credential
from domain.assessment.chronology.episode_access import NORMAL, POLICE_ONLY, SealedHandling
from domain.entries.entry import Entry
from domain.organisations import is_police, namespace

_SEE_RESTRICTED: Final = frozenset({"manager", "auditor", "administrator"})


def scope_of(credential: Credential) -> frozenset[str] | None:
    """Return the organisations whose episodes, or episodes that name them, a credential may see; None is all."""
    if credential.namespace is None and credential.authorities is None:
        return None
    own = () if credential.namespace is None else (credential.namespace,)
    return frozenset((*own, *(credential.authorities or ())))


def may_open(credential: Credential) -> Callable[[Entry, str, SealedHandling], bool]:
    """Return who sees the personal value of an entry at a path, for one credential.

    | handling | who sees it |
    |---|---|
    | normal | everyone within whose scope the episode is |
    | restricted | managers, auditors, administrators; who asserted it; the responsible authority |
    | police_only | police forces; who asserted it |
    | retracted, removed, or restricted by a correction | who asserted it; the responsible authority and its auditors |

    But for normal values a credential needs an organisation. One that is good for all acts for the subject's.
    """
    bound = scope_of(credential) is not None

    def may(entry: Entry, path: str, handling: SealedHandling) -> bool:
        own = credential.namespace if bound else namespace(entry.subject)
        if own == entry.by:
            return True
        if handling.level == POLICE_ONLY:
            return own is not None and is_police(own) and not handling.covers(path)
        if handling.covers(path):
            return own is not None and _is_for(credential, own, handling.responsible)
        if handling.level == NORMAL:
            return True
        return own is not None and (own == handling.responsible or bool(_SEE_RESTRICTED & credential.roles))

    return may


def _is_for(credential: Credential, own: str, authority: str | None) -> bool:
    """Return whether a credential is the responsible authority's, or an auditor's of it."""
    audits = credential.authorities or () if "auditor" in credential.roles else ()
    return authority is not None and authority in (own, *audits)
