Feature: One disappearance, told by several organisations

  The home, the police and the authority each keep a record with references of their own. Linked, they are one
  episode, and whoever asks under any of the references gets one answer. Both sides have to say so, each for its own
  record. A link can be wrong, and undone.

  Background:
    Given the home keeps a record of its own
    And the police keep a record of their own
    And the authority keeps a record of its own
    And the home says that the child was not where expected at 19:30 on 1 March 2026
    And the police say that the child was reported missing at 20:10 on 1 March 2026
    And the police say that the child was located at a police station at 05:00 on 2 March 2026
    And the authority says that the child was reported missing at 21:00 on 1 March 2026
    And the home says that the child returned, seen by staff at 07:15 on 2 March 2026

  Scenario: Apart, each knows a part
    When turning to the record of the police
    Then the child is located but not back
    And it is linked with no other record
    And turning to the record of the authority
    And the child is missing

  Scenario: What one side says is only a proposal
    When the authority links its record to the record of the home
    Then turning to the record of the authority
    And it is linked with no other record
    And the child is missing
    And a link is proposed by the authority
    And turning to the record of the home
    And it is linked with no other record
    And a link is proposed by the authority
    When the home links its record to the record of the authority
    Then it is one episode with the record of the authority
    And no link is proposed

  Scenario: Linked, they are one episode
    When the authority links its record to the record of the home
    And the authority links its record to the record of the police
    And the home links its record to the record of the authority
    And the police link its record to the record of the authority
    And the authority says that the interview was held at 10:00 on 4 March 2026
    And turning to the record of the police
    Then it is one episode with the record of the home
    And it is one episode with the record of the authority
    And the child is back
    And at 19:30 on 1 March 2026 the child was noticed absent
    And at 20:10 on 1 March 2026 the child was missing
    And at 05:00 on 2 March 2026 the child was located but not back
    And the responsible authority is the authority
    And the duty to hold an interview is met
    And turning to the record of the home
    And the child is back
    And the duty to hold an interview is met
    And the history tells, in the order in which it happened:
      | absence-noticed |
      | reported        |
      | reported        |
      | located         |
      | returned        |
      | interview-held  |
      | episodes-linked |
      | episodes-linked |
      | episodes-linked |
      | episodes-linked |

  Scenario: Unlinked again, and still known as it was believed
    Given the authority links its record to the record of the home
    And the authority links its record to the record of the police
    And the home links its record to the record of the authority
    And the police link its record to the record of the authority
    And this moment is remembered as "linked"
    When the authority withdraws the link to the record of the police
    And turning to the record of the police
    Then the child is located but not back
    And it is linked with no other record
    And as known on "linked", the child is back
    And turning to the record of the authority
    And the child is back
    And it is one episode with the record of the home

  Scenario: Once the authority is named, the home can only propose a link
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    When the home links its record to the record of the police
    Then turning to the record of the home
    And it is linked with no other record
    And the episode is flagged as not entitled
    And the last entry is listed as a dispute

  Scenario: A record of their own is for their own eyes
    When turning to the record of the police
    Then the police can see the episode
    And the home cannot see the episode
