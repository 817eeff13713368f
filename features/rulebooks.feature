Feature: Rules that an authority tries and adopts

  A manager may try a rule before anybody is judged by it. An authority may set its own; from then on its children's
  episodes are judged by it, and whatever was known before keeps the rule of then.

  Background:
    Given a ledger judged by the rules of England
    And the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the interview was held at 10:30 on 4 March 2026

  Scenario: A manager tries a shorter limit, and nobody is judged by it
    When the manager asks what a limit of 48 hours for the interview would change
    Then the duty to hold an interview would be met late instead of met
    And the change is explained: "The child returned on 1 March 2026 22:30. A return interview was held on 4 March 2026 10:30, 60 h after the return: 12 h late (limit 48 hours)."
    And the duty to hold an interview is met

  Scenario: A limit that everybody has kept would change nothing
    When the manager asks what a limit of 60 hours for the interview would change
    Then nothing would change

  Scenario: A rule with a mistake is not tried, and the manager is told where it is
    When the manager asks what a limit of 0 hours for the interview would change
    Then the manager is told that hours must be a whole number, more than none on line 17

  Scenario: An authority adopts its own rule, and what was known before keeps the rule of then
    Given this moment is remembered as "before the protocol"
    When the authority adopts a limit of 48 hours for the interview
    Then the duty to hold an interview is met late
    And the duty to offer an interview is met
    And as known on "before the protocol", the duty to hold an interview is met
    And by the rules of England the duty to hold an interview is met

  Scenario: The lists follow the rule that was adopted
    Then at 22:30:01 on 3 March 2026 the duty to hold an interview was not on the manager's list of what is overdue
    When the authority adopts a limit of 48 hours for the interview
    And the authority says that the interview was attempted in vain at 10:00 on 3 March 2026
    Then at 22:30:01 on 3 March 2026 the duty to hold an interview was on the manager's list of what is overdue

  Scenario: An authority changes its own rule once more
    When the authority adopts a limit of 48 hours for the interview
    And the authority adopts a limit of 60 hours for the interview
    Then the duty to hold an interview is met

  Scenario: A rule that makes no sense is not adopted
    Then the authority cannot adopt a limit of 0 hours for the interview
    And the duty to hold an interview is met
