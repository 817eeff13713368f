Feature: At two in the morning

  One list answers the question of the night: which children are not back? A child whose return somebody
  contradicts is on it until the responsible authority says which is true.

  Background:
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026

  Scenario: Missing
    Then the child is on the list of those who are not back

  Scenario: Located, not back
    When the police say that the child was located at a police station at 22:00 on 1 March 2026
    Then the child is on the list of those who are not back

  Scenario: Back
    When the police say that the child returned at 22:00 on 1 March 2026
    Then the child is not on the list of those who are not back

  Scenario: Back, says one, and not back, says another
    Given the police say that the child returned at 22:00 on 1 March 2026
    When the home says that the child was not where expected at 23:15 on 1 March 2026
    Then the child is back
    And the child is on the list of those who are not back

  Scenario: The authority settles that the return stands
    Given the police say that the child returned at 22:00 on 1 March 2026
    And the home says that the child was not where expected at 23:15 on 1 March 2026
    When the authority settles the dispute about whether the child was not where expected
    Then the child is not on the list of those who are not back

  Scenario: The authority agrees that the return was false
    Given the police say that the child returned at 22:00 on 1 March 2026
    And the home says that the child was not where expected at 23:15 on 1 March 2026
    When the authority says that the episode was reopened at 23:45 on 1 March 2026
    Then the child is on the list of those who are not back
