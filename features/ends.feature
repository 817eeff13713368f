Feature: How an episode ends

  A child is back when they are in a home or placement that the responsible authority agrees to. Finding them
  is not that. Some episodes end in other ways, and an end that somebody contradicts is not the last word.

  Scenario: Located is not back
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child was located at a police station at 23:00 on 1 March 2026
    Then the child is located but not back
    And there is no duty to hold an interview

  Scenario: Located, and lost sight of again
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child was located at a friend's at 23:00 on 1 March 2026
    When the authority says that the child was lost sight of at 23:30 on 1 March 2026
    Then the child is missing
    And at 23:15 on 1 March 2026 the child was located but not back

  Scenario: Found and remanded
    A child in custody was found, so somebody owes them an interview there. That it was not possible excuses
    that it was not held; it does not excuse that it was not offered.

    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child was remanded at 11:00 on 3 March 2026
    When the authority says that the interview was not possible, the child being in custody at 10:00 on 5 March 2026
    Then the child is no longer sought
    And the duty to hold an interview is excused
    And the duty to offer an interview is overdue

  Scenario: Remanded, and interviewed there
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child was remanded at 11:00 on 3 March 2026
    When the authority says that the interview was held at 11:00 on 6 March 2026
    Then the child is no longer sought
    And the duty to hold an interview is met

  Scenario: The child died while missing
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child died at 05:00 on 2 March 2026
    Then the child is no longer sought
    And the duty to offer an interview is excused
    And the duty to hold an interview is excused

  Scenario: Turned 18, and nobody knows where
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child turned 18, nobody knows where at 00:00 on 2 March 2026
    Then the child is no longer sought
    And there is no duty to hold an interview

  Scenario: Two organisations tell of one return
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the police say that the child returned on 2 March 2026
    When the home says that the child returned at 07:15 on 2 March 2026
    Then the child is back
    And the child has been so since at 07:15 on 2 March 2026
    And the episode is not flagged as ends conflict

  Scenario: Two organisations tell of two returns, and one of them saw it
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the police say that the child returned at 22:00 on 1 March 2026
    When the home says that the child returned, seen by staff at 07:15 on 2 March 2026
    Then the child has been so since at 07:15 on 2 March 2026
    And the episode is flagged as ends conflict

  Scenario: A false return that the home contradicts
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the police say that the child returned at 22:00 on 1 March 2026
    When the home says that the child was not where expected at 23:15 on 1 March 2026
    Then the child is back
    And the return is contradicted
    And the episode is flagged as end contradicted

  Scenario: The authority agrees that the return was false
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the police say that the child returned at 22:00 on 1 March 2026
    And the home says that the child was not where expected at 23:15 on 1 March 2026
    When the authority says that the episode was reopened at 23:45 on 1 March 2026
    Then the child is missing
    And at 23:30 on 1 March 2026 the child was back
    And the return is not contradicted
    And the duty to hold an interview is withdrawn

  Scenario: The authority settles that the return stands
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the police say that the child returned at 22:00 on 1 March 2026
    And the home says that the child was not where expected at 23:15 on 1 March 2026
    When the authority settles the dispute about whether the child was not where expected
    Then the child is back
    And the return is not contradicted

  Scenario: Reopening is not for everybody
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    And the home says that the child returned at 07:15 on 2 March 2026
    When the police say that the episode was reopened at 09:00 on 2 March 2026
    Then the child is back
    And the episode is flagged as not entitled

  Scenario: Away without authorisation is not missing
    Given the authority says that the child was reported away without authorisation at 20:00 on 1 March 2026
    When the authority says that the child returned at 22:30 on 1 March 2026
    Then at 21:00 on 1 March 2026 the child was away without authorisation
    And there is no duty to hold an interview

  Scenario: Away at first, then nobody knows where
    Given the authority says that the child was reported away without authorisation at 20:00 on 1 March 2026
    And the authority says that the child was lost sight of at 21:00 on 1 March 2026
    When the authority says that the child returned at 22:30 on 1 March 2026
    Then at 21:30 on 1 March 2026 the child was missing
    And the duty to hold an interview is overdue
