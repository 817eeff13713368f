Feature: What a duty rests on, and who answers for it

  A verdict that nobody can follow convinces nobody: each says in a sentence how it was reached, and which
  entries it rests on. The one to answer for it is whoever was responsible when it was due.

  Scenario: The entries behind a verdict
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that an interview was offered at 09:00 on 2 March 2026
    When the authority says that the interview was held at 10:00 on 3 March 2026
    Then the duty to offer an interview rests on:
      | returned          | started   |
      | interview-offered | satisfied |
    And the duty to hold an interview rests on:
      | returned       | started   |
      | interview-held | satisfied |

  Scenario: What is due next
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child returned at 22:30 on 1 March 2026
    Then at 09:00 on 2 March 2026 the next duty was due at 22:30 on 4 March 2026
    And at 09:00 on 5 March 2026 no duty was due next

  Scenario: The manager's list of what is overdue
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that an interview was offered at 09:00 on 2 March 2026
    Then the duty to hold an interview is on the manager's list of what is overdue
    And the duty to offer an interview is not on the manager's list of what is overdue
    And at 22:30 on 4 March 2026 the duty to hold an interview was not on the manager's list of what is overdue
    And at 22:31 on 4 March 2026 the duty to hold an interview was on the manager's list of what is overdue

  Scenario: What may be overdue is on the list as well
    Given the authority says that the child was reported missing at 20:00 on 28 February 2026
    When the authority says that the child returned on 1 March 2026
    Then at 12:00 on 4 March 2026 the duty to hold an interview was possibly overdue
    And at 12:00 on 4 March 2026 the duty to hold an interview was on the manager's list of what is overdue
    And at 23:59 on 3 March 2026 the duty to hold an interview was not on the manager's list of what is overdue

  Scenario: What another authority owes is not on the manager's list
    When the other authority says that the child was reported missing at 20:00 on 1 March 2026
    And the other authority says that the child returned at 22:30 on 1 March 2026
    Then the duty to hold an interview is overdue
    And the duty to hold an interview is not on the manager's list of what is overdue

  Scenario: Held after all, it leaves the list
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was held at 10:00 on 5 March 2026
    Then at 09:59 on 5 March 2026 the duty to hold an interview was on the manager's list of what is overdue
    And the duty to hold an interview is not on the manager's list of what is overdue

  Scenario: Responsibility passes when the receiver acknowledges it, not before
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the case was handed to the other authority at 09:00 on 2 March 2026
    Then the responsible authority is the authority
    When the other authority acknowledges the hand-over at 15:00 on 2 March 2026
    Then the responsible authority is the other authority

  Scenario: Handed over before the interview was due
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the case was handed to the other authority at 09:00 on 3 March 2026
    When the other authority acknowledges the hand-over at 15:00 on 3 March 2026
    Then the duty to hold an interview is overdue
    And the duty to hold an interview falls to the other authority

  Scenario: Handed over when it was already overdue
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the case was handed to the other authority at 09:00 on 6 March 2026
    When the other authority acknowledges the hand-over at 15:00 on 6 March 2026
    Then the responsible authority is the other authority
    And the duty to hold an interview falls to the authority

  Scenario: The risk at its highest stays known
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the risk was high at 20:30 on 1 March 2026
    When the authority says that the risk was medium at 23:00 on 1 March 2026
    Then the highest risk was high
