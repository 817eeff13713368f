"""The words of the stories: who speaks, what they can say, and what the ledger calls it.

A story never speaks of members or codes; this is the one place where its words become those of events.md.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple


class Organisation(NamedTuple):
    """Someone who posts: the namespace of its references, and the system that sends."""

    namespace: str
    source: str


AUTHORITY, OTHER, FORCE = "E08000025", "E09000007", "E23000014"
HOME, PROVIDER = "ORG-OAKFIELD", "ORG-LISTENING"

ORGANISATIONS: Final = {
    "the home": Organisation(HOME, "urn:x:oakfield"),
    "the police": Organisation(FORCE, "urn:x:force-record"),
    "the authority": Organisation(AUTHORITY, "urn:x:case-system"),
    "the other authority": Organisation(OTHER, "urn:x:other-case-system"),
    "the provider": Organisation(PROVIDER, "urn:x:interviews"),
}
"""A children's home, a police force, the placing authority, another one, and a provider of interviews."""

Said = tuple[str, dict[str, Any]]
_CARE: Final = {"looked_after": "yes", "responsible_authority": AUTHORITY}
_IN_A_HOME: Final = {**_CARE, "placement_type": "childrens_home", "provider": HOME}
_INDEPENDENT: Final = {
    "employer": "commissioned",
    "cares_for_child": "no",
    "allocated_worker_for_child": "no",
}

PHRASES: Final[dict[str, Said]] = {
    # how it begins
    "the child was not where expected": ("absence-noticed", {}),
    "the child was reported missing": ("reported", {"category": "missing"}),
    "the child was reported away without authorisation": (
        "reported",
        {"category": "away_without_authorisation"},
    ),
    "the child in the authority's care was reported missing": (
        "reported",
        {"category": "missing", "setting": _CARE},
    ),
    "the authority's child placed with the other authority was reported missing": (
        "reported",
        {"category": "missing", "setting": {**_CARE, "host_authority": OTHER, "distance": "at_a_distance"}},
    ),
    "the child placed in the home was reported missing": (
        "reported",
        {"category": "missing", "setting": {**_IN_A_HOME, "host_authority": OTHER}},
    ),
    "the child placed with foster carers was reported missing": (
        "reported",
        {"category": "missing", "setting": {**_CARE, "placement_type": "foster"}},
    ),
    "the child was born in June 2015": ("profile-recorded", {"date_of_birth": "2015-06-15"}),
    "the child was born in June 2009": ("profile-recorded", {"date_of_birth": "2009-06-15"}),
    "the police were told": ("police-notified", {"force": FORCE, "accepted": "yes"}),
    "the police were told, who gave their reference,": (
        "police-notified",
        {"force": FORCE, "accepted": "yes", "reference": "MP/1234"},
    ),
    "a past absence came to light": ("episode-recorded-later", {}),
    "an absence from 3 January 2026 on came to light": (
        "episode-recorded-later",
        {"absent_from": {"date": "2026-01-03"}},
    ),
    # while away
    "the child was located at a police station": ("located", {"location_type": "police_station"}),
    "the child was located at a friend's": ("located", {"location_type": "friend"}),
    "the child was lost sight of": ("location-lost", {}),
    "the child was perhaps seen": ("sighting-reported", {"confidence": "low"}),
    "the risk was high": ("risk-assessed", {"scheme": "APP-2017", "level": "high"}),
    "the risk was medium": ("risk-assessed", {"scheme": "APP-2017", "level": "medium"}),
    "the placement ended": ("setting-changed", {"setting": {"placement_type": "no_fixed"}}),
    # how it ends
    "the child returned": ("returned", {}),
    "the child returned, seen by staff": ("returned", {"basis": "witnessed"}),
    "the child was remanded": ("ended-otherwise", {"reason": "remanded", "whereabouts_known": "yes"}),
    "the child died": ("ended-otherwise", {"reason": "died"}),
    "the child turned 18, nobody knows where": (
        "ended-otherwise",
        {"reason": "turned_18", "whereabouts_known": "no"},
    ),
    # afterwards
    "the authority was told of the return": ("return-notified", {"notified_to": AUTHORITY}),
    "the police closed their record": ("police-closed", {}),
    "the episode was reopened": ("episode-reopened", {}),
    "the episode was recorded in error": ("episode-recorded-in-error", {}),
    "the case was handed to the other authority": (
        "responsibility-transferred",
        {"to": OTHER, "what": "case"},
    ),
    # the return interview
    "the interview was given to the provider": ("interview-allocated", {"provider": PROVIDER}),
    "an interview was offered": ("interview-offered", {"to": "child"}),
    "the interview was accepted": ("interview-accepted", {}),
    "the interview was attempted in vain": ("interview-attempted", {"outcome": "not_present"}),
    "the interview was held": ("interview-held", {"seen_alone": "yes"}),
    "the interview was held by someone independent": ("interview-held", {"interviewer": _INDEPENDENT}),
    "the interview was held by a carer of the home": (
        "interview-held",
        {"interviewer": {"employer": "placement_provider"}},
    ),
    "the interview was held and told of sexual exploitation": (
        "interview-held",
        {"harm": ["sexual_exploitation"]},
    ),
    "what the interview found was passed on to the school": (
        "information-shared",
        {"what": "return_interview", "recipient_role": "school"},
    ),
    "what the interview found was passed on to the police": (
        "information-shared",
        {"what": "return_interview", "recipient_role": "police"},
    ),
    "the interview was declined by the child": ("interview-declined", {"by": "child"}),
    "the interview was not possible, the child being in custody": (
        "interview-not-possible",
        {"reason": "custody"},
    ),
    "the interview was not required": ("interview-not-required", {"decided_by": "team_manager"}),
    "a parent gave their view instead": ("carer-view-recorded", {"by_role": "parent"}),
    # who was told
    "Ofsted was told": ("notification-sent", {"recipient_role": "ofsted"}),
    "the placing authority was told": ("notification-sent", {"recipient_role": "placing_authority"}),
    "the authority of the area was told": ("notification-sent", {"recipient_role": "host_authority"}),
    "the health body was told": ("notification-sent", {"recipient_role": "health"}),
    # what was done about it
    "the care plan was reviewed": ("plan-reviewed", {"plan_type": "care"}),
    "an action due on 10 March 2026 was agreed": ("action-agreed", {"due": {"date": "2026-03-10"}}),
}
"""What can be said, and the type and members that it becomes."""

STANDINGS: Final = {
    "not known of": "nothing",
    "noticed absent": "absence_noticed",
    "missing": "missing",
    "away without authorisation": "away",
    "located but not back": "located",
    "back": "returned",
    "no longer sought": "ended",
    "recorded in error": "in_error",
}

DUTIES: Final = {
    "offer an interview": "return-interview-offered",
    "hold an interview": "return-interview-held",
    "hold an interview once told": "return-interview-held-from-notified",
    "hold an independent interview": "return-interview-independent",
    "hear a parent or carer": "carer-view-after-refusal",
    "pass on what the interview found": "return-interview-shared",
    "tell the police what the interview found": "return-interview-shared-with-police",
    "hold an interview or record why not": "return-interview-or-decision-recorded",
    "assess the risk": "police-risk-assessed",
    "notify Ofsted of the death": "home-death-notified-to-ofsted",
    "notify the placing authority of the death": "home-death-notified-to-placing-authority",
    "notify the authority of the area of the death": "home-death-notified-to-area-authority",
    "notify the health body of the death": "home-death-notified-to-health",
    "notify Ofsted of the exploitation": "home-exploitation-notified-to-ofsted",
    # of the authority that has rules of its own (features/local_rules.py)
    "tell the police within an hour": "own-police-told-under-12",
    "tell the police within two hours": "own-police-told-from-16",
    "hold an interview, the clock stopped while missing again": "own-interview-pauses",
    "hold an interview after the last return": "own-interview-moves",
}
"""Every duty of England, the three readings of the 72 hours first; and some that an authority may set itself."""

VERDICTS: Final[dict[str, str | None]] = {
    "nothing": None,
    "met": "met",
    "met late": "met_late",
    "due": "due",
    "overdue": "overdue",
    "possibly overdue": "possibly_overdue",
    "excused": "excused",
    "excused late": "excused_late",
    "impossible to tell": "cannot_tell",
    "withdrawn": "withdrawn",
    "paused": "paused",
}
