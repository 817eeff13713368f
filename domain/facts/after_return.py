"""After: what follows a return, the interviews apart. Phase: after."""

from __future__ import annotations

from domain.facts.fact import Fact, fact
from domain.facts.members import chosen, code, namespace, yes_no
from domain.vocabulary import CONTACT_MODE


class AfterEnd(Fact):
    """A fact that is expected after an end; before every end it is out of sequence."""

    __slots__ = ()


@fact
class ReturnNotified(AfterEnd):
    """A person or organisation was informed of the return."""

    notified_to: str | None = namespace()


@fact
class PoliceClosed(AfterEnd):
    """The police closed their record; never an end in itself."""

    reason: str | None = code()


@fact
class EpisodeReopened(AfterEnd):
    """The end was wrong."""

    reason: str | None = code()


@fact
class PreventionInterviewHeld(AfterEnd):
    """The police saw or spoke to the child after they were found; formerly the safe and well check."""

    mode: str | None = chosen(CONTACT_MODE)
    seen_in_person: str | None = yes_no()
    harm_indicated: str | None = yes_no()


@fact
class PreventionInterviewNotHeld(AfterEnd):
    """The police did not hold it."""

    reason: str | None = code()
