Feature: Who looked, and why

  A child's records are shown to whoever has a reason, and that they were shown is recorded before they are. Whoever
  answers for the child can see who looked.

  Background:
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026

  Scenario: A reviewing officer looks, and the child's access list shows it
    When the reviewing officer looks at the episode for oversight
    Then the episode is shown
    And the child's access list says that the authority looked for oversight

  Scenario: Nobody looked
    Then the child's access list does not name the authority

  Scenario: A reader who does not say why is told what to say
    When the reviewing officer looks at the episode and does not say why
    Then nothing is shown, and the reviewing officer is asked for one of the purposes
    And the child's access list does not name the authority

  Scenario: A purpose that is not one
    When the reviewing officer looks at the episode for curiosity
    Then the child's access list does not name the authority

  Scenario: What cannot be recorded is not shown
    When the access log cannot be written
    And the reviewing officer looks at the episode for oversight
    Then nothing is shown, because it could not be recorded
    When the access log can be written again
    Then the child's access list does not name the authority
    When the reviewing officer looks at the episode for oversight
    Then the episode is shown
    And the child's access list says that the authority looked for oversight

  Scenario: Whoever watches is watched
    Given the reviewing officer looked at the episode for oversight
    Then the child's access list says that the list itself was looked at for audit
