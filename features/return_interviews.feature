Feature: Was the return interview in time?

  The guidance says 72 hours, and people read it in three ways: that an interview is offered in that time, that
  it is held in that time, or that it is held in that time once the responsible authority was told. Each
  reading is a duty of its own. Hours are hours that passed, and the 72nd is still in time.

  Scenario Outline: The last moment is in time
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was held at <held> on 4 March 2026
    Then the duty to hold an interview is <verdict>
    And the duty to offer an interview is <verdict>

    Examples:
      | held     | verdict  |
      | 22:29:59 | met      |
      | 22:30:00 | met      |
      | 22:30:01 | met late |

  Scenario Outline: An open duty turns overdue after its last moment
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child returned at 22:30 on 1 March 2026
    Then at <asked> on 4 March 2026 the duty to hold an interview was <verdict>

    Examples:
      | asked    | verdict |
      | 22:29:59 | due     |
      | 22:30:00 | due     |
      | 22:30:01 | overdue |

  Scenario: Offered in time, held too late
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that an interview was offered at 09:00 on 2 March 2026
    When the authority says that the interview was held at 10:00 on 5 March 2026
    Then the duty to offer an interview is met
    And the duty to hold an interview is met late
    And the duty to hold an interview is explained: "The child returned on 1 March 2026 22:30. A return interview was held on 5 March 2026 10:00, 3 days 11 h after the return: 11 h 30 min late (limit 72 hours)."

  Scenario: The child says no
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was declined by the child at 11:00 on 3 March 2026
    Then the duty to offer an interview is met
    And the duty to hold an interview is excused

  Scenario: The child says no after the 72 hours
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was declined by the child at 11:00 on 6 March 2026
    Then the duty to offer an interview is met late
    And the duty to hold an interview is excused late

  Scenario: Declined at first, then held after all
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the interview was declined by the child at 11:00 on 2 March 2026
    When the authority says that the interview was held at 11:00 on 4 March 2026
    Then at 12:00 on 2 March 2026 the duty to hold an interview was excused
    And the duty to hold an interview is met

  Scenario: Not required, and nothing else
    Nationally no decision of this kind excuses anybody: the guidance asks for an interview on every occasion.

    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was not required at 09:00 on 2 March 2026
    Then the duty to offer an interview is overdue
    And the duty to hold an interview is overdue
    And the decision was considered for the duty to hold an interview, and excused nothing

  Scenario: Going and not finding the child satisfies nothing, nor does a parent's view
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the interview was attempted in vain at 16:00 on 2 March 2026
    When the authority says that a parent gave their view instead at 17:00 on 2 March 2026
    Then the duty to offer an interview is overdue
    And the duty to hold an interview is overdue

  Scenario: A provider holds the interview that it was given
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the interview was given to the provider at 09:00 on 2 March 2026
    When the provider says that the interview was held at 15:00 on 3 March 2026
    Then the duty to hold an interview is met
    And the duty to hold an interview falls to the authority

  Scenario: One interview for three episodes, one of which never was
    Given turning to the January episode
    And the authority says that the child was reported missing at 20:00 on 28 January 2026
    And the authority says that the child returned at 23:00 on 28 January 2026
    And turning to the second episode
    And the authority says that the child was reported missing at 20:00 on 29 January 2026
    And the authority says that the child returned at 23:00 on 29 January 2026
    And turning to the third episode
    And the authority says that the child was reported missing at 20:00 on 30 January 2026
    And the authority says that the child returned at 23:00 on 30 January 2026
    When the authority says that the interview was held at 14:00 on 31 January 2026, also for the January and the second episode
    Then the duty to hold an interview is met
    And turning to the second episode
    And the duty to hold an interview is met
    And turning to the January episode
    And the duty to hold an interview is met

  Scenario: One of the episodes that an interview covered was recorded in error
    Given turning to the January episode
    And the authority says that the child was reported missing at 20:00 on 28 January 2026
    And the authority says that the child returned at 23:00 on 28 January 2026
    And turning to the mistaken episode
    And the authority says that the child was reported missing at 20:00 on 29 January 2026
    And the authority says that the child returned at 23:00 on 29 January 2026
    And turning to the third episode
    And the authority says that the child was reported missing at 20:00 on 30 January 2026
    And the authority says that the child returned at 23:00 on 30 January 2026
    And the authority says that the interview was held at 14:00 on 31 January 2026, also for the January and the mistaken episode
    When turning to the mistaken episode
    And the authority says that the episode was recorded in error at 09:00 on 2 February 2026
    Then the child is recorded in error
    And the duty to hold an interview is withdrawn
    And turning to the January episode
    And the duty to hold an interview is met
    And turning to the third episode
    And the duty to hold an interview is met

  Scenario: An extract that only says "held", without a day
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When an extract that the authority made at 09:00 on 1 April 2026 claims that an interview was held
    Then the duty to hold an interview is impossible to tell
