Feature: Corrected by addition

  Nothing that was recorded is ever changed or taken away. Whoever said it wrongly, or the responsible
  authority, says so in another entry; the mistake stays readable, and so does what was believed because of it.

  Scenario: A corrected return moves the interview into time, and back
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the interview was held at 10:00 on 5 March 2026
    And this moment is remembered as "before the correction"
    When the authority corrects the time at which the child returned: at 12:00 on 2 March 2026
    And this moment is remembered as "after the correction"
    And the authority withdraws the correction
    Then as known on "before the correction", the duty to hold an interview is met late
    And as known on "after the correction", the duty to hold an interview is met
    And the duty to hold an interview is met late
    And the history holds 5 entries

  Scenario: The history shows what a correction changed
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the interview was held at 10:00 on 5 March 2026
    When the authority corrects the time at which the child returned: at 12:00 on 2 March 2026
    Then the last entry took the duty to hold an interview from met late to met
    And the history tells, in the order in which it was recorded:
      | reported       |
      | returned       |
      | interview-held |
      | corrected      |

  Scenario: A correction that arrives before what it corrects
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority corrects the time at which the child returned: at 07:15 on 2 March 2026
    And this moment is remembered as "while it waits"
    Then the child is missing
    And the episode is flagged as target unknown
    When the authority says that the child returned at 07:15 on 3 March 2026
    Then as known on "while it waits", the child is missing
    And the child is back
    And the child has been so since at 07:15 on 2 March 2026
    And the episode is not flagged as target unknown

  Scenario Outline: Two corrections of one time: what was written later counts, whichever arrives first
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority, writing <one>, corrects the time at which the child returned: <first>
    And the authority, writing <two>, corrects the time at which the child returned: <second>
    Then the child has been so since at 06:00 on 2 March 2026

    Examples:
      | one                      | first                    | two                      | second                   |
      | at 10:00 on 3 March 2026 | at 05:00 on 2 March 2026 | at 11:00 on 3 March 2026 | at 06:00 on 2 March 2026 |
      | at 11:00 on 3 March 2026 | at 06:00 on 2 March 2026 | at 10:00 on 3 March 2026 | at 05:00 on 2 March 2026 |

  Scenario: The second of two corrections is withdrawn
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority, writing at 10:00 on 3 March 2026, corrects the time at which the child returned: at 05:00 on 2 March 2026
    And the authority, writing at 11:00 on 3 March 2026, corrects the time at which the child returned: at 06:00 on 2 March 2026
    When the authority withdraws the correction
    Then the child has been so since at 05:00 on 2 March 2026

  Scenario: A return is withdrawn by those who reported it
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority withdraws that the child returned
    Then the child is missing
    And the duty to hold an interview is withdrawn
    And the history holds 3 entries

  Scenario: A retraction by someone who is not entitled
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the home says that the child returned at 07:15 on 2 March 2026
    When the police withdraw that the child returned
    Then the child is back
    And the episode is flagged as not entitled
    And the last entry is listed as a dispute

  Scenario: A retraction by the responsible authority of what the home had said
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the child returned at 07:15 on 2 March 2026
    When the authority withdraws that the child returned
    Then the child is missing

  Scenario: A correction by someone who is not entitled
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the home says that the child returned at 07:15 on 2 March 2026
    When the police correct the time at which the child returned: at 06:00 on 2 March 2026
    Then the child has been so since at 07:15 on 2 March 2026
    And the episode is flagged as not entitled

  Scenario: Somebody contests a return, and the responsible authority settles it
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the home says that the child returned at 07:15 on 2 March 2026
    When the police dispute that the child returned
    Then the child is back
    And the last entry is listed as a dispute
    When the authority settles the dispute about whether the child returned
    Then the child is back
    And nothing is listed as a dispute

  Scenario: A withdrawal is withdrawn, and all is as it was
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority withdraws that the child returned
    When the authority withdraws the withdrawal
    Then the child is back
    And the duty to hold an interview is overdue

  Scenario: The episode never was
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And this moment is remembered as "the morning after"
    When the authority says that the episode was recorded in error at 09:00 on 5 March 2026
    Then the child is recorded in error
    And at 21:00 on 1 March 2026 the child was recorded in error
    And the duty to hold an interview is withdrawn
    And as known on "the morning after", the child is back

  Scenario: Why is the figure another one than in the first report?
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the interview was held at 10:00 on 5 March 2026
    And this moment is remembered as "the first report"
    And the authority says that the child was perhaps seen at 21:00 on 1 March 2026
    When the authority corrects the time at which the child returned: at 12:00 on 2 March 2026
    And this moment is remembered as "the second report"
    Then between "the first report" and "the second report" the duty to hold an interview moved from met late to met, by:
      | corrected |

  Scenario: What did we believe on Tuesday?
    Given the authority says that the child was reported missing at 20:00 on 2 March 2026
    And this moment is remembered as "Monday night"
    And the authority says that the child returned at 06:00 on 3 March 2026
    And this moment is remembered as "Tuesday"
    And the authority corrects the time at which the child returned: at 18:00 on 4 March 2026
    When the authority says that the interview was held at 12:00 on 7 March 2026
    Then as known on "Monday night", at 12:00 on 3 March 2026 the child was missing
    And as known on "Tuesday", at 12:00 on 3 March 2026 the child was back
    And at 12:00 on 3 March 2026 the child was missing
    And as known on "Tuesday", the duty to hold an interview is overdue
    And the duty to hold an interview is met
