Feature: Times that nobody knows exactly

  A time known only by its day is a whole day in London, from its midnight to the next: 24 hours, 23 when the
  clocks go forward, 25 when they go back. A verdict that hangs on it says that it cannot tell, and what would
  settle it. Hours of a limit are hours that passed, whatever the clock on the wall did meanwhile.

  Scenario Outline: A return known only by its day
    Given the authority says that the child was reported missing at 20:00 on 28 February 2026
    And the authority says that the child returned on 1 March 2026
    When the authority says that the interview was held at <held>
    Then the duty to hold an interview is <verdict>

    Examples:
      | held                     | verdict            |
      | 00:00 on 4 March 2026    | met                |
      | 00:01 on 4 March 2026    | impossible to tell |
      | 00:00 on 5 March 2026    | impossible to tell |
      | 00:00:01 on 5 March 2026 | met late           |

  Scenario Outline: A return known only by its day, on the day of the report
    The child cannot have come back before they were reported missing.

    Given the authority says that the child was reported missing at 14:00 on 1 March 2026
    And the authority says that the child returned on 1 March 2026
    When the authority says that the interview was held at <held>
    Then the child is back
    And the duty to hold an interview is <verdict>
    And the episode is not flagged as out of sequence

    Examples:
      | held                  | verdict            |
      | 13:59 on 4 March 2026 | met                |
      | 14:00 on 4 March 2026 | met                |
      | 14:01 on 4 March 2026 | impossible to tell |

  Scenario Outline: Nothing yet, and the limit lies somewhere in a day
    Given the authority says that the child was reported missing at 20:00 on 28 February 2026
    When the authority says that the child returned on 1 March 2026
    Then at <asked> the duty to hold an interview was <verdict>

    Examples:
      | asked                    | verdict          |
      | 00:00 on 4 March 2026    | due              |
      | 12:00 on 4 March 2026    | possibly overdue |
      | 00:00 on 5 March 2026    | possibly overdue |
      | 00:00:01 on 5 March 2026 | overdue          |

  Scenario: What would settle it
    Given the authority says that the child was reported missing at 20:00 on 28 February 2026
    And the authority says that the child returned on 1 March 2026
    When the authority says that the interview was held at 12:00 on 4 March 2026
    Then the duty to hold an interview is explained: "The child returned on 1 March 2026, time not known. A return interview was held on 4 March 2026 12:00, between 60 h and 3 days 12 h after the return. Cannot tell whether it was in time (limit 72 hours): the time of the return is known only by its day. The exact time would settle it."

  Scenario: A second witness settles it
    Given the authority says that the child was reported missing at 20:00 on 28 February 2026
    And the authority says that the child returned on 1 March 2026
    And the authority says that the interview was held at 12:00 on 4 March 2026
    And this moment is remembered as "while only the day was known"
    When the authority says that the child returned, seen by staff between 18:00 on 1 March 2026 and 19:00 on 1 March 2026
    Then as known on "while only the day was known", the duty to hold an interview is impossible to tell
    And the duty to hold an interview is met
    And the child has been so since between 18:00 on 1 March 2026 and 19:00 on 1 March 2026

  Scenario: Back by breakfast is all that anybody knows
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child returned by 08:00 on 2 March 2026
    Then the child has been so since between 20:00 on 1 March 2026 and 08:00 on 2 March 2026

  Scenario Outline: 72 hours across the end of summer time are 72 hours
    Given the authority says that the child was reported missing at 08:00 on 24 October 2025
    And the authority says that the child returned at 12:00 on 24 October 2025
    When the authority says that the interview was held at <held> on 27 October 2025
    Then the duty to hold an interview is <verdict>

    Examples:
      | held     | verdict  |
      | 11:00:00 | met      |
      | 11:00:01 | met late |
      | 12:00:00 | met late |

  Scenario Outline: 72 hours across the beginning of summer time are 72 hours
    Given the authority says that the child was reported missing at 08:00 on 27 March 2026
    And the authority says that the child returned at 12:00 on 27 March 2026
    When the authority says that the interview was held at <held> on 30 March 2026
    Then the duty to hold an interview is <verdict>

    Examples:
      | held     | verdict  |
      | 12:00:01 | met      |
      | 13:00:00 | met      |
      | 13:00:01 | met late |

  Scenario: Half past one, twice in one night
    Given the authority says that the child was reported missing at 01:30 BST on 26 October 2025
    When the authority says that the child returned at 01:30 GMT on 26 October 2025
    Then at 01:45 BST on 26 October 2025 the child was missing
    And at 01:15 GMT on 26 October 2025 the child was missing
    And at 01:30 GMT on 26 October 2025 the child was back
    And the episode is not flagged as out of sequence

  Scenario: A time without its offset is refused
    On 26 October 2025 half past one came twice, and on 29 March 2026 it did not come at all.

    Given the authority says that the child was reported missing at 20:00 on 28 March 2026
    When the same is sent again with a time of no offset, 2026-03-29T01:30:00
    Then it is refused: invalid event
    And the answer points to /time
    And the history holds 1 entry

  Scenario Outline: A day of 25 hours
    Given the authority says that the child was reported missing at 20:00 on 25 October 2025
    And the authority says that the child returned on 26 October 2025
    When the authority says that the interview was held at <held>
    Then the duty to hold an interview is <verdict>

    Examples:
      | held                         | verdict            |
      | 23:00 on 28 October 2025     | met                |
      | 23:01 on 28 October 2025     | impossible to tell |
      | 00:00 on 30 October 2025     | impossible to tell |
      | 00:00:01 on 30 October 2025  | met late           |

  Scenario Outline: A day of 23 hours
    Given the authority says that the child was reported missing at 20:00 on 28 March 2026
    And the authority says that the child returned on 29 March 2026
    When the authority says that the interview was held at <held>
    Then the duty to hold an interview is <verdict>

    Examples:
      | held                       | verdict            |
      | 01:00 on 1 April 2026      | met                |
      | 01:01 on 1 April 2026      | impossible to tell |
      | 00:00 on 2 April 2026      | impossible to tell |
      | 00:00:01 on 2 April 2026   | met late           |
