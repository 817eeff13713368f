Feature: What a child's episodes show together

  One episode may look like many others. What shows that a child is drawn away are the repeats: how often, after how
  long, from where and to where, and what anybody did about it.

  Background:
    Given the child is thought to be Amy
    And turning to the first episode
    And the authority says that the child was reported missing at 20:00 on 6 March 2026
    And the authority says that the child was located at a friend's at 22:00 on 6 March 2026
    And the authority says that the child returned at 23:00 on 6 March 2026
    And turning to the second episode
    And the authority says that the child was reported missing at 21:00 on 13 March 2026
    And the authority says that the child was located at a friend's at 22:00 on 13 March 2026
    And the authority says that the child returned at 23:00 on 13 March 2026
    And turning to the third episode
    And the authority says that the child was reported missing at 19:00 on 20 March 2026

  Scenario: Three episodes within thirty days
    Then at 12:00 on 21 March 2026 Amy had gone 3 times in 30 days
    And at 12:00 on 20 March 2026 Amy had gone 2 times in 30 days

  Scenario: Always on a Friday, in the evening, to a friend
    Then of Amy's episodes, 3 share the weekday friday
    And of Amy's episodes, 3 share the part of day evening
    And of Amy's episodes, 2 share the location type friend

  Scenario: Since anybody looked at the plan
    Then Amy has gone 3 times since a plan was reviewed
    When the authority says that the care plan was reviewed at 10:00 on 16 March 2026
    Then Amy has gone 1 time since a plan was reviewed

  Scenario: What was to be done by a day that has passed
    When turning to the first episode
    And the authority says that an action due on 10 March 2026 was agreed at 10:00 on 7 March 2026
    Then at 12:00 on 10 March 2026 Amy had 0 actions past their date
    And at 12:00 on 11 March 2026 Amy had 1 action past its date
