Feature: A child goes missing, is found, comes home, and is spoken to

  A home, the police and the responsible authority each hold a piece of the story. The ledger keeps what each
  of them says, and answers at any time where the child is and whether the return interview was in time.

  Scenario: Reported, located, returned, and the interview held
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the police say that the child was located at a friend's at 23:40 on 1 March 2026
    And the home says that the child returned at 00:30 on 2 March 2026
    When the authority says that the interview was held at 16:00 on 3 March 2026
    Then the child is back
    And the episode started at 20:00 on 1 March 2026
    And the responsible authority is the authority
    And the duty to offer an interview is met
    And the duty to hold an interview is met
    And the duty to hold an interview falls to the authority
    And the duty to hold an interview is explained: "The child returned on 2 March 2026 00:30. A return interview was held on 3 March 2026 16:00, 39 h 30 min after the return: in time (limit 72 hours)."
    And the history tells, in the order in which it happened:
      | reported        |
      | police-notified |
      | located         |
      | returned        |
      | interview-held  |

  Scenario: At every moment of that night somebody could have asked where the child was
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child was located at a friend's at 23:40 on 1 March 2026
    And the authority says that the child returned at 00:30 on 2 March 2026
    Then at 19:59 on 1 March 2026 the child was not known of
    And at 20:00 on 1 March 2026 the child was missing
    And at 23:39 on 1 March 2026 the child was missing
    And at 23:40 on 1 March 2026 the child was located but not back
    And at 00:30 on 2 March 2026 the child was back

  Scenario: No interview, and nobody can say later that it was not noticed
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child returned at 00:30 on 2 March 2026
    Then at 00:29 on 2 March 2026 the duty to hold an interview was nothing
    And at 00:30 on 2 March 2026 the duty to hold an interview was due
    And at 00:30 on 5 March 2026 the duty to hold an interview was due
    And at 00:31 on 5 March 2026 the duty to hold an interview was overdue
    And the duty to hold an interview is explained: "The child returned on 2 March 2026 00:30. No return interview has been held. Overdue since 5 March 2026 00:30 (limit 72 hours). The responsible authority answers for it."
    And the last entry took the duty to hold an interview from nothing to overdue
