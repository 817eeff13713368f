Feature: What should be put right in what was recorded

  Nothing is refused for being odd or incomplete, so somebody has to hear of it. The ledger lists what is wanting,
  names the system that should look, and takes it off the list as soon as it is put right.

  Scenario: Back, and nobody had reported the child
    When the authority says that the child returned at 22:30 on 1 March 2026
    Then it is for the authority to put right: return without report
    When the authority says that the child was reported missing at 20:00 on 1 March 2026
    Then nobody has to put right: return without report

  Scenario: The police record cannot be found
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    Then it is for the home to put right: report without police reference
    When the authority says that the police were told, who gave their reference, at 20:10 on 1 March 2026
    Then nobody has to put right: report without police reference
    And at 20:05 on 1 March 2026 it was for the home to put right: report without police reference

  Scenario: Nobody says anything more
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the authority says that the child was perhaps seen at 20:00 on 2 March 2026
    Then at 19:59 on 5 March 2026 nobody had to put right: open without entry
    And at 20:00 on 5 March 2026 it was for the authority to put right: open without entry

  Scenario: Two returns
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the child returned at 22:30 on 1 March 2026
    When the authority says that the child returned at 08:00 on 3 March 2026
    Then it is for the authority and the home to put right: contradicting returns
    When the authority withdraws its own word that the child returned
    Then nobody has to put right: contradicting returns

  Scenario: Back, and absent again
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the child returned at 22:30 on 1 March 2026
    When the authority says that the child was not where expected at 08:00 on 3 March 2026
    Then it is for the authority to put right: contradicting returns

  Scenario: An interview, and no return
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    When the authority says that the interview was held at 10:00 on 3 March 2026
    Then it is for the authority to put right: interview without coverage
    When the home says that the child returned at 22:30 on 1 March 2026
    Then nobody has to put right: interview without coverage

  Scenario: Only the day is known, and the hour decides
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the child returned on 2 March 2026
    When the authority says that the interview was held at 12:00 on 5 March 2026
    Then it is for the home to put right: known to the day
    When the home corrects the time at which the child returned: at 13:00 on 2 March 2026
    Then nobody has to put right: known to the day

  Scenario: An interview of last year
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the home says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was held at 10:00 on 3 March 2025
    Then it is for the authority to put right: before episode
    And the duty to hold an interview is overdue

  Scenario: Nobody recorded how old the child is
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    Then nobody has to put right: no birth month
    When the home says that the child returned at 22:30 on 1 March 2026
    Then it is for the home to put right: no birth month

  Scenario: What was known then stays what was known then
    Given the authority says that the child returned at 22:30 on 1 March 2026
    And this moment is remembered as "the morning after"
    When the authority says that the child was reported missing at 20:00 on 1 March 2026
    Then as known on "the morning after", it is for the authority to put right: return without report
    And nobody has to put right: return without report

  Scenario: Whoever sends is known to send
    When the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    Then the system of the home has sent something, and is not silent
