Feature: The other duties of England

  Beside the three readings of the 72 hours there are duties about who holds the interview, what becomes of what it
  found, the police's view of the risk, and what a children's home must tell whom. Where the source names no time,
  the duty is due until it is done, and never overdue.

  Scenario Outline: The interviewer is independent
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that <what> at 10:00 on 3 March 2026
    Then the duty to hold an interview is met
    And the duty to hold an independent interview is <verdict>

    Examples:
      | what                                             | verdict |
      | the interview was held by someone independent    | met     |
      | the interview was held by a carer of the home    | overdue |

  Scenario: An interview that is not independent is looked at, and does not count
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was held by a carer of the home at 10:00 on 3 March 2026
    Then the duty to hold an independent interview rests on:
      | returned       | started    |
      | interview-held | considered |

  Scenario: The child says no, and a parent or carer is heard
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was declined by the child at 11:00 on 3 March 2026
    Then the duty to hear a parent or carer is due
    When the authority says that a parent gave their view instead at 17:00 on 5 March 2026
    Then the duty to hear a parent or carer is met
    And the duty to hold an interview is excused

  Scenario: What the interview found is passed on to partners, to the police among them
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    And the authority says that the interview was held at 10:00 on 3 March 2026
    When the authority says that what the interview found was passed on to the school at 16:00 on 3 March 2026
    Then the duty to pass on what the interview found is met
    And the duty to tell the police what the interview found is due
    When the authority says that what the interview found was passed on to the police at 09:00 on 4 March 2026
    Then the duty to tell the police what the interview found is met

  Scenario: Not held, but at least decided and written down
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    Then the duty to hold an interview or record why not is due
    When the authority says that the interview was not required at 09:00 on 20 March 2026
    Then the duty to hold an interview or record why not is met
    And the duty to hold an interview is overdue

  Scenario: The police have the report, and then assess the risk
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the police were told at 20:10 on 1 March 2026
    Then the duty to assess the risk is due
    And the duty to assess the risk falls to the police
    When the police say that the risk was medium at 20:40 on 1 March 2026
    Then the duty to assess the risk is met

  Scenario Outline: A child placed in a children's home dies, and the home tells those whom it must
    Given the authority says that the child placed in the home was reported missing at 20:00 on 1 March 2026
    And the authority says that the child died at 06:00 on 2 March 2026
    Then the duty to <duty> is due
    And the duty to <duty> falls to the home
    When the authority says that <told> at 09:00 on 2 March 2026
    Then the duty to <duty> is met

    Examples:
      | duty                                          | told                               |
      | notify Ofsted of the death                    | Ofsted was told                    |
      | notify the placing authority of the death     | the placing authority was told     |
      | notify the authority of the area of the death | the authority of the area was told |
      | notify the health body of the death           | the health body was told           |

  Scenario: What Ofsted was told while the child was missing is no notice of the death
    Given the authority says that the child placed in the home was reported missing at 20:00 on 1 March 2026
    And the authority says that Ofsted was told at 23:00 on 1 March 2026
    When the authority says that the child died at 06:00 on 2 March 2026
    Then the duty to notify Ofsted of the death is due

  Scenario: A child placed with foster carers is not for a children's home to notify
    Given the authority says that the child placed with foster carers was reported missing at 20:00 on 1 March 2026
    When the authority says that the child died at 06:00 on 2 March 2026
    Then there is no duty to notify Ofsted of the death

  Scenario: The interview tells of sexual exploitation, and the home notifies Ofsted
    Given the authority says that the child placed in the home was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was held and told of sexual exploitation at 10:00 on 3 March 2026
    Then the duty to notify Ofsted of the exploitation is due
    When the authority says that Ofsted was told at 12:00 on 3 March 2026
    Then the duty to notify Ofsted of the exploitation is met

  Scenario: An interview that tells of nothing of the kind obliges nobody to notify
    Given the authority says that the child placed in the home was reported missing at 20:00 on 1 March 2026
    And the authority says that the child returned at 22:30 on 1 March 2026
    When the authority says that the interview was held at 10:00 on 3 March 2026
    Then there is no duty to notify Ofsted of the exploitation

  Scenario: Where nobody said how the child was placed, the duty stands
    Given the authority says that the child was reported missing at 20:00 on 1 March 2026
    When the authority says that the child died at 06:00 on 2 March 2026
    Then the duty to notify Ofsted of the death is explained: "The episode ended because the child died on 2 March 2026 06:00. Ofsted has not been notified: no time limit; not done yet. Whether the child was placed in a children's home when the duty began is not recorded, so the duty stands. The placement provider answers for it."
