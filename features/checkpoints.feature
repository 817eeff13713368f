Feature: Checkpoints that others vouch for

  An inspector was not there when something was recorded. What the ledger says of itself they need not believe: somebody else
  has seen it only grow, and says when.

  Background:
    Given a witness whom another authority runs
    And the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026

  Scenario: A witness has seen the ledger only grow
    When the ledger's checkpoint is brought to the witness
    Then the inspector gets a checkpoint that the ledger and the witness have signed, over what the home said

  Scenario: The ledger grows, and the witness sees that it only did
    Given the ledger's checkpoint was brought to the witness
    And the authority says that the child returned at 07:00 on 2 March 2026
    When the ledger's checkpoint is brought to the witness
    Then the inspector gets a checkpoint that the ledger and the witness have signed, over what the authority said

  Scenario: A witness that takes nothing holds nothing up, and somebody is told
    Given the witness takes nothing
    When the ledger's checkpoint is brought to the witness
    Then what the home said is sealed all the same
    And whoever runs the ledger is told that the witness takes nothing

  Scenario: An authority that stamps says by when it was there
    Given an authority that stamps what it is shown
    When the ledger's checkpoint is brought to the authority that stamps
    Then the inspector gets its word by when what the home said was there
