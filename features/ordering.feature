Feature: Whatever the order in which it arrives

  Paper is late, batches run at night, and the police and the home do not wait for each other. What happened is
  put in order by when it happened; what does not fit is kept and flagged, never refused.

  Scenario: The return arrives before the police report
    Given the home keeps a record of its own
    And the police keep a record of their own
    And the home says that the child returned at 07:15 on 2 March 2026
    And turning to the record of the home
    And the home links its record to the record of the police
    When the police say that the child was reported missing at 20:10 on 1 March 2026
    And turning to the record of the police
    And the police link its record to the record of the home
    Then the child is back
    And the episode started at 20:10 on 1 March 2026
    And at 23:00 on 1 March 2026 the child was missing
    And the episode is not flagged as no report
    And the duty to hold an interview is overdue

  Scenario: A return with no report
    Nobody can tell whether this child was ever missing. Not knowing it hides no duty.

    When the authority says that the child returned at 07:15 on 2 March 2026
    Then the child is back
    And the episode is flagged as no report
    And the duty to hold an interview is overdue
    And the duty to hold an interview rests on an unknown: ever missing
    And the duty to hold an interview is explained: "The child returned on 2 March 2026 07:15. No return interview has been held. Overdue since 5 March 2026 07:15 (limit 72 hours). Whether the child was ever missing is not recorded, so the duty stands. The responsible authority answers for it."

  Scenario: The police close their record before anyone records a return
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the police were told at 20:10 on 1 March 2026
    When the police say that the police closed their record at 08:00 on 2 March 2026
    Then the child is missing
    And there is no duty to hold an interview

  Scenario: The return comes to the ledger after the police closed their record
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the police were told at 20:10 on 1 March 2026
    And the police say that the police closed their record at 08:00 on 2 March 2026
    When the authority says that the child returned at 09:00 on 2 March 2026
    Then the child is back
    And the child has been so since at 09:00 on 2 March 2026
    And the episode is flagged as out of sequence

  Scenario: The interview is held before the return, at the police station
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child was located at a police station at 23:00 on 1 March 2026
    And the authority says that the interview was held at 23:30 on 1 March 2026
    When the authority says that the child returned at 02:00 on 2 March 2026
    Then the duty to hold an interview is met
    And the duty to offer an interview is met
    And the episode is flagged as out of sequence
    And the duty to hold an interview is explained: "The child returned on 2 March 2026 02:00. A return interview was held on 1 March 2026 23:30, 2 h 30 min before the return: in time (limit 72 hours)."

  Scenario: In one and the same minute, a report comes before a sighting, whichever was sent first
    Given the authority says that the child was located at a friend's at 20:00 on 1 March 2026
    And the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child returned at 22:30 on 1 March 2026
    Then at 20:00 on 1 March 2026 the child was located but not back
    And the duty to hold an interview is overdue
    And the history tells, in the order in which it happened:
      | reported |
      | located  |
      | returned |

  Scenario Outline: Four facts, in any order of arrival
    When the authority sends in one batch:
      | <first>  |
      | <second> |
      | <third>  |
      | <fourth> |
    Then the ledger answers: recorded, recorded, recorded, recorded
    And the child is back
    And the child has been so since at 22:30 on 1 March 2026
    And at 21:00 on 1 March 2026 the child was located but not back
    And the duty to hold an interview is met
    And the episode is not flagged as out of sequence
    And the history tells, in the order in which it happened:
      | reported       |
      | located        |
      | returned       |
      | interview-held |

    Examples:
      | first                                                      | second                                                     | third                                                      | fourth                                                     |
      | the child was reported missing at 20:00 on 1 March 2026    | the child was located at a friend's at 21:00 on 1 March 2026 | the child returned at 22:30 on 1 March 2026              | the interview was held at 10:00 on 3 March 2026            |
      | the interview was held at 10:00 on 3 March 2026            | the child returned at 22:30 on 1 March 2026                | the child was located at a friend's at 21:00 on 1 March 2026 | the child was reported missing at 20:00 on 1 March 2026  |
      | the child returned at 22:30 on 1 March 2026                | the child was reported missing at 20:00 on 1 March 2026    | the interview was held at 10:00 on 3 March 2026            | the child was located at a friend's at 21:00 on 1 March 2026 |

  Scenario: Out of area, and the responsible authority is told two days after the return
    Given the home says that the authority's child placed with the other authority was reported missing at 20:00 on 1 March 2026
    And the other authority says that the child returned at 22:00 on 1 March 2026
    And the other authority says that the authority was told of the return at 22:00 on 3 March 2026
    When the authority says that the interview was held at 21:00 on 6 March 2026
    Then the duty to hold an interview is met late
    And the duty to hold an interview once told is met
    And the duty to hold an interview falls to the authority

  Scenario: The responsible authority does not say when it was told
    Given the home says that the authority's child placed with the other authority was reported missing at 20:00 on 1 March 2026
    And the other authority says that the child returned at 22:00 on 1 March 2026
    When the authority says that the interview was held at 21:00 on 6 March 2026
    Then the duty to hold an interview is met late
    And the duty to hold an interview once told is impossible to tell

  Scenario: The authority records the return itself, and when it learned of it
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority, who learned of it at 09:00 on 3 March 2026, says that the child returned at 22:00 on 1 March 2026
    When the authority says that the interview was held at 08:00 on 6 March 2026
    Then the duty to hold an interview is met late
    And the duty to hold an interview once told is met

  Scenario: A past absence comes to light months later
    Given the authority says that a past absence came to light at 10:00 on 12 March 2026
    When the authority says that the child returned at 18:00 on 5 January 2026
    Then the child is back
    And the child has been so since at 18:00 on 5 January 2026
    And the duty to hold an interview is overdue
    And the episode is flagged as recorded late
    And the return is not contradicted

  Scenario: A past absence comes to light, with when it was
    Given the authority says that an absence from 3 January 2026 on came to light at 10:00 on 12 March 2026
    When the authority says that the child returned at 18:00 on 5 January 2026
    Then at 12:00 on 4 January 2026 the child was missing
    And the child is back
    And the return is not contradicted

  Scenario: Missing again during the 72 hours
    Nationally the first duty stands. An authority may let its clock stop, or move it to the last return.

    Given the authority has rules of its own
    And turning to the first episode
    And the authority says that the child was reported missing at 08:00 on 1 March 2026
    And the authority says that the child returned at 12:00 on 1 March 2026
    And turning to the second episode
    And the authority says that the child was reported missing at 12:00 on 2 March 2026
    When the authority says that the child returned at 12:00 on 4 March 2026
    Then turning to the first episode
    And at 12:00 on 3 March 2026 the duty to hold an interview was due
    And at 12:01 on 4 March 2026 the duty to hold an interview was overdue
    And at 12:00 on 3 March 2026 the duty to hold an interview, the clock stopped while missing again was paused
    And at 12:00 on 6 March 2026 the duty to hold an interview, the clock stopped while missing again was due
    And at 12:01 on 6 March 2026 the duty to hold an interview, the clock stopped while missing again was overdue
    And at 12:00 on 3 March 2026 the duty to hold an interview after the last return was paused
    And at 12:00 on 7 March 2026 the duty to hold an interview after the last return was due
    And at 12:01 on 7 March 2026 the duty to hold an interview after the last return was overdue

  Scenario: The placement ends while the child is missing
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the placement ended at 12:00 on 5 March 2026
    Then the child is missing
    And the child is on the list of those who are not back
    And there is no duty to hold an interview
    And the periods for the return are:
      | M | at 20:00 on 1 March 2026 | |
    When the authority says that the child returned at 09:00 on 9 March 2026
    Then the duty to hold an interview is overdue

  Scenario: Turned 18 while missing
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child turned 18, nobody knows where on 4 March 2026
    Then the child is no longer sought
    And the child is not on the list of those who are not back
    And there is no duty to hold an interview
    And the periods for the return are:
      | M | at 20:00 on 1 March 2026 | on 4 March 2026 |

  Scenario: Died while missing
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child died at 06:00 on 2 March 2026
    Then the child is no longer sought
    And the duty to offer an interview is excused
    And the duty to hold an interview is excused

  Scenario Outline: A child under twelve and one of sixteen, the same night, under different rules
    Given the authority has rules of its own
    And the authority says that the child was not where expected at 20:00 on 1 March 2026
    When the authority says that the child was born in <born> at 09:00 on 1 February 2026
    And the authority says that the police were told at 21:30 on 1 March 2026
    Then the duty to tell the police within an hour is <young>
    And the duty to tell the police within two hours is <old>

    Examples:
      | born      | young    | old     |
      | June 2015 | met late | nothing |
      | June 2009 | nothing  | met     |
