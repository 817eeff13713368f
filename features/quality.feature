Feature: What should be put right in what was recorded

  Nothing is refused for being odd or incomplete, so somebody has to hear of it. The ledger lists what is wanting,
  names the system that should look, and takes it off the list as soon as it is put right.

  Scenario: Back, and nobody had reported the child
    When the police say that the child returned at 22:30 on 1 March 2026
    Then the list of what to put right shows "return without report", for the police to look at
    When the home says that the child was reported missing at 20:00 on 1 March 2026
    Then the list of what to put right does not show "return without report"

  Scenario: The police record cannot be found
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    Then the list of what to put right shows "report without police reference", for the home to look at
    When the home says that the police were told at 20:10 on 1 March 2026, by their reference
    Then the list of what to put right does not show "report without police reference"

  Scenario: Nobody says anything more
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the police say that the child was perhaps seen at 20:00 on 2 March 2026
    Then at 20:00 on 4 March 2026 the list of what to put right did not show "open without entry"
    And at 20:00 on 5 March 2026 the list of what to put right showed "open without entry", for the police to look at

  Scenario: Two returns
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the child returned at 22:30 on 1 March 2026
    When the police say that the child returned at 08:00 on 3 March 2026
    Then the list of what to put right shows "contradicting returns", for the home and the police to look at

  Scenario: An interview, and no return
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    When the authority says that the interview was held at 10:00 on 3 March 2026
    Then the list of what to put right shows "interview without coverage", for the authority to look at
    When the home says that the child returned at 22:30 on 1 March 2026
    Then the list of what to put right does not show "interview without coverage"

  Scenario: Only the day is known, and the hour decides
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the police say that the child returned on 2 March 2026
    When the authority says that the interview was held at 12:00 on 5 March 2026
    Then the list of what to put right shows "known to the day", for the police to look at
    When the police correct the time of that the child returned to 13:00 on 2 March 2026
    Then the list of what to put right does not show "known to the day"

  Scenario: What was known then stays what was known then
    Given the police say that the child returned at 22:30 on 1 March 2026
    And this moment is remembered as "the morning after"
    When the home says that the child was reported missing at 20:00 on 1 March 2026
    Then as known on "the morning after", the list of what to put right shows "return without report"
    And the list of what to put right does not show "return without report"

  Scenario: A system's entries come in
    When the police say that the child returned at 22:30 on 1 March 2026
    Then the system of the police has sent 1 entry, and is not silent
