Feature: Which child it is about

  Scenario: The wrong twin, corrected
    Given the child is thought to be Amy
    And the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And this moment is remembered as "before anybody noticed"
    When the authority records that the episode is about Beth instead
    Then Amy has 0 episodes
    And Beth has 1 episode
    And as known on "before anybody noticed", Amy has 1 episode
    And the child is back
    And the history holds 3 entries

  Scenario: Nobody can slip another child into an episode
    Given the child is thought to be Amy
    And the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the child is thought to be Beth
    When the authority attempts to say that the child returned at 22:30 on 1 March 2026
    Then it is refused: child differs
    And the child is missing

  Scenario: Once corrected, the story goes on about the other child
    Given the child is thought to be Amy
    And the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority records that the episode is about Beth instead
    And the child is thought to be Beth
    When the authority says that the child returned at 22:30 on 1 March 2026
    Then the child is back
    And Beth has 1 episode
    And Amy has 0 episodes

  Scenario: The home cannot decide that it is about another child
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    When the home records that the episode is about Beth instead
    Then Beth has 0 episodes
    And Amy has 1 episode
    And the episode is flagged as not entitled
    And the last entry is listed as a dispute

  Scenario: Two references are one child
    Given turning to the first episode
    And the child is thought to be Amy
    And the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And turning to the second episode
    And the child is thought to be Amelia
    And the authority says that the child was reported missing at 20:00 on 2 March 2026
    And the authority says that the child returned at 23:30 on 2 March 2026
    When the authority records that Amelia and Amy are one child
    Then Amy has 2 episodes
    And Amelia has 2 episodes

  Scenario: An interview covers the earlier episode of a child known by two references
    Given turning to the first episode
    And the child is thought to be Amy
    And the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And turning to the second episode
    And the child is thought to be Amelia
    And the authority says that the child was reported missing at 20:00 on 2 March 2026
    And the authority says that the child returned at 23:30 on 2 March 2026
    And the authority says that the interview was held at 14:00 on 3 March 2026, also for the first and the second episode
    Then the episode is flagged as covered unknown
    When the authority records that Amelia and Amy are one child
    Then turning to the first episode
    And the duty to hold an interview is met

  Scenario: Missing again is another episode
    Given turning to the first episode
    And the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And turning to the second episode
    When the authority says that the child was reported missing at 20:00 on 2 March 2026
    Then Amy has 2 episodes
    And the child is missing
    And turning to the first episode
    And the child is back

  Scenario: Two records of the same night, not linked
    Given turning to the first episode
    And the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And turning to the second episode
    When the authority says that the child was reported missing at 20:30 on 1 March 2026
    Then the episode is flagged as overlaps episode
