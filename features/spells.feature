Feature: Missing or away, for the statutory return

  The annual return on looked-after children asks for each period of being missing (M) and of being away without
  authorisation (A). They follow from what was recorded, like everything else, and are as certain as it.

  Scenario: Missing, then found but not back, then back
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026, after leaving at 17:30 on 1 March 2026
    And the authority says that the child was located at a friend's at 23:00 on 1 March 2026
    When the authority says that the child returned at 08:00 on 2 March 2026
    Then the periods for the return are:
      | M | at 17:30 on 1 March 2026 | at 23:00 on 1 March 2026 |
      | A | at 23:00 on 1 March 2026 | at 08:00 on 2 March 2026 |

  Scenario: Found and lost again, and still missing
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child was located at a friend's at 23:00 on 1 March 2026
    When the authority says that the child was lost sight of at 02:00 on 2 March 2026
    Then the periods for the return are:
      | M | at 20:00 on 1 March 2026 | at 23:00 on 1 March 2026 |
      | A | at 23:00 on 1 March 2026 | at 02:00 on 2 March 2026 |
      | M | at 02:00 on 2 March 2026 |                          |

  Scenario: Away from the start, the return known by its day
    Given the authority says that the child was reported away without authorisation at 20:00 on 1 March 2026
    When the authority says that the child returned on 3 March 2026
    Then the periods for the return are:
      | A | at 20:00 on 1 March 2026 | on 3 March 2026 |

  Scenario: Only noticed, never reported
    When the home says that the child was not where expected at 20:00 on 1 March 2026
    Then there are no periods for the return

  Scenario: It never was
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the episode was recorded in error at 09:00 on 2 March 2026
    Then there are no periods for the return
