Feature: What figures make of an episode

  A share is worth what its words mean, and what it does with what nobody knows. Each figure says which episodes it
  counts, which surely not, and of which nobody can tell; and when one asks again what was known then, it is the same.

  Background:
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026

  Scenario: Offered, and held in time
    Given the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that an interview was offered at 09:00 on 2 March 2026
    When the authority says that the interview was held at 22:30 on 4 March 2026
    Then the episode counts as offered an interview
    And the episode counts as interviewed
    And the episode counts as interviewed within 72 hours

  Scenario: Held a second too late
    Given the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was held at 22:30:01 on 4 March 2026
    Then the episode counts as interviewed
    And the episode does not count as interviewed within 72 hours

  Scenario: A return known to the day, where the hour decides
    Given the authority says that the child returned on 1 March 2026
    When the authority says that the interview was held at 22:00 on 4 March 2026
    Then the episode counts as interviewed
    And nobody can tell whether the episode counts as interviewed within 72 hours

  Scenario: Nothing was offered
    When the authority says that the child returned at 22:30 on 1 March 2026
    Then the episode does not count as offered an interview
    And the episode is not looked at for interviews within 72 hours of those held
    And the episode counts as unresolved

  Scenario: Still away
    Then the episode is not looked at for interviews offered
    And the episode counts as missing for 24 hours or more
    And the episode counts as lacking oversight

  Scenario: There was no such episode
    When the authority says that the episode was recorded in error at 09:00 on 2 March 2026
    Then the episode is not looked at for missing episodes

  Scenario: The police know of it too
    Given the police keep a record of their own
    And the police say that the police were told at 20:10 on 1 March 2026
    When the authority links its record to the record of the police
    Then the episode does not count as reconciled with the police
    When the police links its record to the record of the authority
    Then the episode counts as reconciled with the police

  Scenario: What was known then stays what was known then
    Given the authority says that the child returned at 22:30 on 1 March 2026
    And this moment is remembered as "the end of March"
    When the authority says that the interview was held at 10:00 on 3 March 2026
    Then the episode counts as interviewed
    And as known on "the end of March", the episode does not count as interviewed
