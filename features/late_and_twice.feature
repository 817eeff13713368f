Feature: Late, twice, and in bulk

  Senders retry, links break, and one bad line is in every batch. Sending again is always harmless.

  Scenario: The same event twice
    Given the home says that the child was not where expected at 19:30 on 1 March 2026
    When the same is sent again
    Then the ledger answers: duplicate
    And the receipt is the original one
    And the history holds 1 entry

  Scenario: The same facts as another event
    Given the home says that the child was not where expected at 19:30 on 1 March 2026
    When the same facts are sent again as a new event
    Then the ledger answers: recorded
    And the episode is flagged as same facts
    And the child is noticed absent

  Scenario: One event number for two things
    Given the home says that the child was not where expected at 19:30 on 1 March 2026
    When the same event is sent again with another time, at 19:45 on 1 March 2026
    Then it is refused: id reused
    And the episode started at 19:30 on 1 March 2026

  Scenario: The answer is lost on the way
    When the home says that the child was not where expected at 19:30 on 1 March 2026, and never gets the answer
    And the same is sent again
    Then the history holds 1 entry
    And the child is noticed absent

  Scenario: A batch with one bad event
    When the authority sends in one batch:
      | the child was reported missing at 20:00 on 1 March 2026 |
      | the child returned at 22:30 on 1 March 2099             |
      | the interview was held at 10:00 on 3 March 2026         |
    Then the ledger answers: recorded, refused, recorded
    And it is refused: future event
    And the child is missing
    And the history tells, in the order in which it was recorded:
      | reported       |
      | interview-held |

  Scenario: All or nothing
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority sends in one batch, all or nothing:
      | the child returned at 22:30 on 1 March 2026     |
      | the interview was held at 10:00 on 3 March 2099 |
    Then the ledger answers: refused, refused
    And the child is missing
    And the history holds 1 entry

  Scenario: The whole batch is sent again because nobody knew what became of it
    Given the authority sends in one batch:
      | the child was reported missing at 20:00 on 1 March 2026 |
      | the child returned at 22:30 on 1 March 2026             |
    When the same batch is sent again
    Then the ledger answers: duplicate, duplicate
    And the history holds 2 entries

  Scenario: Recorded months after it happened
    When the authority says that the child was reported missing at 20:00 on 1 March 2026
    Then the episode is flagged as recorded late
    And the child is missing
