"""The table of parameters: every number that shapes a simulated authority.

Each row has the mark of its origin: [S] a published figure, [A] our assumption, or a fit to one. The
published figures are those of England. They are DfE's statistics of looked-after children, the NCA's missing
persons data, Missing People's survey of return interviews 2023-24, and The Children's Society 2019. Hours and
days are floats; shares are of one.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class LogNormal(NamedTuple):
    """A skewed length of time: half are below the median; the logarithm has this standard deviation."""

    median: float
    sigma: float


class Spread(NamedTuple):
    """A share that differs between authorities: Beta with this mean and standard deviation, from `least` to 1."""

    mean: float
    deviation: float
    least: float


# ------------------------------------------------------------------------------------------------- how often

REPEATING: Final = 0.92
"""[A] share of the children with an episode whose number of episodes in a year is a log-series; the rest have one.
Fit: mean 6.82 (DfE 2025: 6.8), more than once 64.5 % (DfE 62-65 %), 90th percentile 18."""
THETA: Final = 0.959
"""[A] the log-series' parameter, children in care."""
MOST_EPISODES: Final = 365
"""[A] no more than this many in a year."""
GAP_HOURS: Final = LogNormal(16 * 24, 1.3)
"""[A] from a return to the next start; from "over half of first repeats within four weeks" [S]."""

# -------------------------------------------------------------------------------------------------- how long

DURATION_HOURS: Final = LogNormal(7.5, 1.45)
"""[A] fit: 52 % within 8 hours, 79 % within 24, 90 % within 48 (NCA 53 %, over 75 %, 87 %)."""
LONG_SHARE: Final = 0.006
"""[A] share of episodes that last weeks or months instead."""
LONG_HOURS: Final = LogNormal(45 * 24, 0.6)
"""[A] and how long those last. About 0.25 % are open at a year's end of themselves [S] DfE 2025."""

# ------------------------------------------------------------------------------------------------------ when

HOUR_WEIGHTS: Final = (6, 4, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8, 9, 10, 8)
"""[A] of the hour of start, 00 to 23 in local time."""
WEEKEND_NIGHT_BOOST: Final = 1.5
"""[S] 22:00 to 01:00 peaks at weekends; [A] by how much: the nights that begin on a Friday or Saturday."""

# ------------------------------------------------------------------------------------------------------- who

AGE_SHARES: Final = (
    (16, 0.560),
    (15, 0.150),
    (14, 0.120),
    (13, 0.090),
    (12, 0.046),
    (11, 0.022),
    (10, 0.010),
)
"""[S] 16-17 56 %, 10-15 43.8 %; [A] within 10-15, rising. 16 stands for 16 and 17; what is left is 5 to 9."""
MALE: Final = 0.56
"""[S] DfE 2018, in care."""
PLACEMENTS: Final = (
    ("childrens_home", "K2", 0.30),
    ("supported_accommodation", "H5", 0.17),
    ("residential_school", "S1", 0.02),
    ("secure", "K1", 0.01),
    ("foster", "U6", 0.42),
    ("kinship", "U3", 0.05),
    ("at_home", "P1", 0.03),
)
"""[S] half residential or semi-independent, the rest mostly foster; [A] the parts. With the SSDA903 code."""
LEGAL_STATUSES: Final = (("C2", 0.60), ("V2", 0.28), ("C1", 0.12))
"""[A] SSDA903 codes: full care order, accommodated under section 20, interim care order."""
DISTANCES: Final = (("in_area", 0.65), ("adjoining", 0.20), ("at_a_distance", 0.15))
"""[A] where the placement is; all but the first have a host authority."""
EXPLOITATION_FLAG: Final = 0.09
"""[S] NCA 2019/20: share flagged for sexual exploitation; drawn for each child."""

# ------------------------------------------------------------------------------------------ what is recorded

NO_AWAY: Final = 1 / 3
"""[S] share of authorities that record no "away from placement without authorisation" at all."""
AWAY: Final = 0.2
"""[A] share of episodes that are "away" where it is used."""
RISK_LEVELS: Final = (("high", 0.14), ("medium", 0.68), ("low", 0.13), ("no_apparent_risk", 0.05))
"""[A] near Thames Valley's all-age shares [S]."""
HARM: Final = 0.04
"""[S] share of episodes with harm recorded."""

# -------------------------------------------------------------------------------------------- the interviews

OFFERED: Final = Spread(0.80, 0.20, 0.20)
"""[S] mean and spread between authorities; [A] shape: given a return."""
ACCEPTED: Final = 0.70
"""[S] given an offer."""
HELD: Final = 0.95
"""[A] given acceptance, so that about half of all returns lead to an interview [S]."""
INTERVIEW_HOURS: Final = LogNormal(48, 1.22)
"""[S] 63 % of those held are within 72 hours of the return; [A] shape."""

# -------------------------------------------------------------------------------------------------- the mess

LATE: Final = 0.05
"""[A] share of events that arrive more than 24 hours after they happened."""
CORRECTED: Final = 0.02
"""[A] share of events that are corrected later."""
SENT_TWICE: Final = 0.005
"""[A] share of events that are sent again, exactly the same."""
