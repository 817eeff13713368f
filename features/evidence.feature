Feature: Evidence that an inspector takes home

  An inspector need not trust the ledger, nor whoever keeps it. They take home one file, and check it where they like.

  Background:
    Given the home says that the child in the authority's care was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 07:00 on 2 March 2026

  Scenario: An inspector takes a bundle home and checks it
    When the inspector takes the evidence of the episode home
    Then it tells that the child was reported missing, and that the child returned
    And checked with the ledger's key everything agrees
    And without the ledger's key nobody can know who signed it

  Scenario: One byte that was changed on the way is found
    When the inspector takes the evidence of the episode home
    And one byte of it is changed on the way
    Then the check says that something disagrees

  Scenario: Another page that somebody put in on the way is found
    When the inspector takes the evidence of the episode home
    And somebody on the way puts another page in, and makes the rest fit
    Then the check says that something disagrees

  Scenario: Asked again, it is the same file
    When the inspector takes the evidence of the episode home
    Then asked again for the same, it is the same to the byte

  Scenario: That an inspector took it is recorded
    When the inspector takes the evidence of the episode home
    Then the child's access list says that evidence was taken
