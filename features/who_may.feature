Feature: Who may speak and who may see

  An organisation speaks of its own episodes, and of those in which something that was recorded names it. What
  is not for somebody is not there for them.

  Scenario: The police get a say once they are named
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    When the police attempt to say that the child was located at a friend's at 23:40 on 1 March 2026
    Then it is refused: forbidden
    And the police cannot see the episode
    When the home says that the police were told at 20:10 on 1 March 2026
    And the police say that the child was located at a friend's at 23:40 on 1 March 2026
    Then the police can see the episode
    And the child is located but not back

  Scenario: An authority that has nothing to do with it sees nothing
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    Then the authority can see the episode
    And the other authority cannot see the episode

  Scenario: A note for the police only
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the police were told at 20:10 on 1 March 2026
    When the police say, for the police only, that the child was perhaps seen at 21:00 on 1 March 2026: "seen with a known dealer"
    Then the police can read the note "seen with a known dealer"
    And the home can read no note
    And the home can see that there is a note
    And the authority can read no note
