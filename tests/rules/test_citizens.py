"""Citizens, by hand: access, take-up, help of officials, feedback, fees, data, security and trust."""

from __future__ import annotations

import math

from dgsim.world import citizens
from dgsim.world.luck import INCIDENT, uniform
from dgsim.world.money import FEE_REVENUE_FORGONE, GENERAL_BUDGET, INCIDENT_LOSSES
from dgsim.world.state import (
    CONNECTIVITY,
    N_ALL_SERVICES,
    N_SERVICES,
    NATIONAL_SERVICES,
    OWN,
    PROCESS_REFORM,
    SECURITY,
    SHARED,
    STANDARDS,
)
from world_of_zeros import approx, province_and_world, world_of_zeros


def test_access_grows_by_private_and_public_investment_towards_all():
    p, world = province_and_world(private_connectivity=0.02, public_connectivity=0.01)
    world.nation.readiness[CONNECTIVITY] = 0.5
    p.urban, p.connection[CONNECTIVITY] = 0.3, 0.6
    citizens.gain_access(p, world)
    assert p.connection[CONNECTIVITY] == approx(0.6 + (0.02 * 0.8 + 0.005) * 0.4)
    for _ in range(3000):
        citizens.gain_access(p, world)
    assert p.connection[CONNECTIVITY] == approx(1.0)


def test_groups_reach_a_part_of_those_without_access():
    p, world = province_and_world(groups_reach=0.5, groups_coverage=0.4)
    p.connection[CONNECTIVITY] = 0.7
    assert citizens.access(p, world) == approx(0.7 + 0.5 * 0.4 * 0.3)
    p.connection[CONNECTIVITY] = 1.0
    assert citizens.access(p, world) == 1.0


def reaching(**values):
    """Access .8 and trust .5; by itself .07 and by word of mouth .43 of those who are left come in a quarter."""
    values = {"first_step": 0.2, "fee_effect": 0.8, **values}
    p, world = province_and_world(innovation=0.07, imitation=0.43, falling_back=0.2, **values)
    p.connection[CONNECTIVITY], p.trust = 0.8, 0.5
    return p, world


def test_the_ceiling_is_appeal_times_access_times_trust():
    p, world = reaching()
    assert citizens.ceiling(p, world, 0.9, 0.0) == approx(0.92 * 0.8 * 0.5)  # .2 + .8 x .9
    assert citizens.ceiling(p, world, 0.0, 0.0) == approx(0.2 * 0.8 * 0.5), "a first step is filed by some"
    p, world = reaching(first_step=0.0)
    assert citizens.ceiling(p, world, 0.0, 0.0) == 0.0
    assert citizens.ceiling(p, world, 0.5, 0.0) == approx(0.5 * 0.8 * 0.5)


def test_a_fee_cut_lifts_the_ceiling_and_groups_widen_access():
    p, world = reaching()
    assert citizens.ceiling(p, world, 0.9, 0.25) == approx(0.92 * 0.8 * 0.5 * 1.2)
    p.connection[CONNECTIVITY] = p.trust = 1.0
    assert citizens.ceiling(p, world, 1.0, 0.25) == 1.0, "no more than all transactions come in online"
    p, world = reaching(groups_reach=0.5, groups_coverage=0.4)
    assert citizens.ceiling(p, world, 0.9, 0.0) == approx(0.92 * 0.84 * 0.5)


def test_a_spread_by_itself_and_by_word_of_mouth():
    _, world = reaching()
    assert citizens.bass(world, 0.0, 0.4) == approx(0.07 * 0.4), "the first come by themselves"
    assert citizens.bass(world, 0.1, 0.4) == approx((0.07 + 0.43 * 0.25) * 0.3)
    assert citizens.bass(world, 0.4, 0.4) == 0.0, "at the top nobody is left"


def taken_up(start, good, s=0, **values):
    p, world = reaching(**values)
    p.filed[s], p.quality[s] = start, good
    citizens.take_up(p, world, s)
    return p.filed[s]


def test_a_province_cuts_the_fees_of_its_own_services_and_not_those_of_ministries():
    assert taken_up(0.0, 1.0, s=N_SERVICES - 1, fee_cut=0.25) == approx(0.07 * 0.4 * 1.2)
    assert taken_up(0.0, 1.0, s=N_SERVICES, fee_cut=0.25) == approx(0.07 * 0.4)


def test_filing_online_spreads_towards_its_ceiling():
    # the ceiling at full quality is .8 x .5 = .4
    assert taken_up(0.0, 1.0) == approx(0.07 * 0.4)
    assert taken_up(0.1, 1.0) == approx(0.1 + (0.07 + 0.43 * 0.25) * 0.3)
    assert taken_up(0.4, 1.0) == approx(0.4)


def test_filing_online_settles_at_its_ceiling_from_below_and_from_above():
    for start in (0.0, 1.0):
        p, world = reaching()
        p.filed[0], p.quality[0] = start, 1.0
        for _ in range(200):
            citizens.take_up(p, world, 0)
        assert p.filed[0] == approx(0.4)


def test_filing_online_follows_the_closed_form_of_bass_when_steps_are_small():
    """F(t) = (1 - exp(-(p + q) t)) / (1 + q / p exp(-(p + q) t)) of the ceiling (Bass 1969)."""
    step, steps = 1e-3, 4000
    p, world = province_and_world(innovation=0.3 * step, imitation=1.5 * step)
    p.connection[CONNECTIVITY], p.trust, p.quality[0] = 1.0, 0.8, 1.0
    for _ in range(steps):
        citizens.take_up(p, world, 0)
    decay = math.exp(-1.8 * step * steps)
    assert p.filed[0] == approx(0.8 * (1 - decay) / (1 + 1.5 / 0.3 * decay), rel=2e-3)


def test_at_published_speeds_a_perfect_service_takes_six_years_to_the_half():
    """Innovation .012 and imitation .11 a quarter: half of the top after ln(2 + q / p) / (p + q) = 19.7 quarters."""
    p, world = province_and_world(innovation=0.012, imitation=0.11)
    p.connection[CONNECTIVITY], p.trust, p.quality[0] = 1.0, 1.0, 1.0
    quarters = 0
    while p.filed[0] < 0.5:
        citizens.take_up(p, world, 0)
        quarters += 1
    assert quarters == approx(math.log(2 + 0.11 / 0.012) / 0.122, abs=2)


def test_filing_online_falls_back_where_the_channel_got_worse():
    # at quality .5 the ceiling is (.2 + .8 x .5) x .8 x .5 = .24
    assert taken_up(0.6, 0.5) == approx(0.6 - 0.2 * 0.36)
    p, world = reaching()
    p.filed[0], p.quality[0], p.trust = 0.6, 0.5, 0.0
    citizens.take_up(p, world, 0)
    assert p.filed[0] == approx(0.6 * 0.8), "without trust there is no ceiling to climb to"
    p.filed[0] = 0.0
    citizens.take_up(p, world, 0)
    assert p.filed[0] == 0.0


def helping(**values):
    """A million people, .48 dossiers a head and year: 120,000 a quarter. Communes have hands for 800 each."""
    defaults = {"assisting": 0.6, "assisting_capacity": 800.0, "audit_fear": 0.5, "filing_campaign": 0.5}
    p, world = province_and_world(**{**defaults, "more_people": 1.0, **values})
    p.population, p.communes, world.nation.dossiers = 1.0, 200.0, 0.48
    return p, world


def test_officials_file_for_citizens_what_hangs_on_the_figure():
    assert citizens.helped_share(*helping()) == approx(0.6 * 0.5), "160,000 hands for 120,000 dossiers"
    assert citizens.helped_share(*helping(filing_campaign=1.0)) == approx(0.6)
    assert citizens.helped_share(*helping(filing_campaign=0.0)) == 0.0, "nobody helps where nothing hangs on it"


def test_officials_help_as_far_as_communes_have_hands():
    p, world = helping()
    p.communes = 75.0  # 75 x 800 = 60,000 of 120,000 dossiers: hands for half, and .6 x .5 are wanted
    assert citizens.helped_share(p, world) == approx(0.6 * 0.5)
    p.communes = 30.0  # hands for a fifth
    assert citizens.helped_share(p, world) == approx(0.2)
    world.nation.more_people = 1.25  # 150,000 dossiers of more people
    assert citizens.helped_share(p, world) == approx(0.16)
    p.communes = 0.0
    assert citizens.helped_share(p, world) == 0.0


def test_audits_hold_officials_back_by_what_they_strike_off_and_by_fear():
    p, world = helping(audit_share=0.2)
    assert citizens.helped_share(p, world) == approx(0.6 * 0.5 * 0.8 * math.exp(-0.5 * 0.2))
    p.caution = 0.4
    assert citizens.helped_share(p, world) == approx(0.6 * 0.5 * 0.8 * math.exp(-0.5 * 0.6))
    world.policy.audit_share = 1.0
    assert citizens.helped_share(p, world) == 0.0, "all that is not the citizens' own is found"


def assisting(filed, assisted=0.0, dossiers=1.0, helped=0.5):
    p, world = province_and_world(padding_speed=0.25)
    world.services.dossiers[0], p.filed[0], p.assisted[0] = dossiers, filed, assisted
    citizens.assist(p, world, 0, helped)
    return p.assisted[0]


def test_officials_file_a_part_of_what_citizens_do_not_file_themselves():
    assert assisting(0.2) == approx(0.25 * 0.5 * 0.8)
    assert assisting(0.2, assisted=0.4) == approx(0.4), "there it stays"
    assert assisting(0.2, assisted=0.6) == approx(0.6 - 0.25 * 0.2), "and comes back when less hangs on it"
    assert assisting(1.0) == 0.0


def test_what_citizens_file_themselves_officials_leave_alone():
    assert assisting(0.7, assisted=0.6) == approx(0.3), "no dossier is filed twice"


def test_officials_file_only_what_counts_as_a_dossier():
    assert assisting(0.2, dossiers=0.0) == 0.0


def test_feedback_repairs_what_is_incomplete_or_in_disrepair():
    p, world = province_and_world(feedback_mending=0.2, feedback_coverage=0.5)
    p.completeness[0], p.upkeep[0] = 0.6, 0.3
    citizens.repair(p, world, 0)
    assert p.completeness[0] == approx(0.6 + 0.1 * 0.4)
    assert p.upkeep[0] == approx(0.3 + 0.1 * 0.7)
    for _ in range(500):
        citizens.repair(p, world, 0)
    assert p.completeness[0] == approx(1.0)
    assert p.upkeep[0] == approx(1.0)


def signalling(attribution, filed, good=0.64, spread=0.25):
    """A service of quality .64 that a quarter of citizens with access and trust would file by now; none spreads."""
    quiet = {"lesson_speed": 0.1, "innovation": 0.0, "imitation": 0.0, "falling_back": 0.0}
    p, world = province_and_world(attribution=attribution, first_step=1.0, **quiet)
    p.filed[0], p.quality[0], p.spread[0], p.lesson[0], p.lesson_weight[0] = filed, good, spread, 0.2, 0.4
    citizens.signal_to_peers(p, world, 0)
    return p


def test_peers_see_what_ends_online_and_allow_for_quality_in_part():
    # .1 x .64 = .064 ends online; of .25 x .64 ** .5 = .2, half of quality allowed for
    p = signalling(0.5, 0.1)
    assert p.lesson[0] == approx(0.2 + 0.1 * (0.064 / 0.2 - 0.2))
    assert p.lesson_weight[0] == approx(0.4 + 0.1 * 0.6)
    assert signalling(0.0, 0.1).lesson[0] == approx(0.2 + 0.1 * (0.064 / 0.25 - 0.2)), "quality is taken for interest"
    assert signalling(1.0, 0.1).lesson[0] == approx(0.2 + 0.1 * (0.1 / 0.25 - 0.2)), "quality is allowed for in full"
    assert signalling(1.0, 0.9).lesson[0] == approx(0.2 + 0.1 * 0.8), "nobody is thought to use it more than fully"
    assert signalling(1.0, 0.9, good=0.0).lesson[0] == approx(0.2 - 0.1 * 0.2), "what gives nothing shows nothing"


def test_a_young_service_is_not_blamed_for_its_youth():
    """Quality allowed for in full, access and trust are seen from the first quarter on: the lesson has no age.

    Nor has it when the service is redesigned after ten quarters, and its users have to come anew.
    """
    p, world = province_and_world(attribution=1.0, lesson_speed=1.0, innovation=0.02, imitation=0.2, first_step=0.0)
    p.connection[CONNECTIVITY], p.trust, p.quality[0] = 0.8, 0.5, 0.3
    for quarter in range(40):
        if quarter == 10:
            p.quality[0] = 0.6
        citizens.take_up(p, world, 0)
        citizens.signal_to_peers(p, world, 0)
        assert p.lesson[0] == approx(0.8 * 0.5), f"access x trust ({quarter})"
    assert 0.3 < p.spread[0] < 0.6
    assert p.filed[0] == approx(p.spread[0] * 0.4)


def test_what_is_expected_spreads_to_what_quality_makes_citizens_file_and_falls_back_with_it():
    p, world = province_and_world(innovation=0.02, imitation=0.2, first_step=0.2, falling_back=0.5)
    p.spread[0], p.quality[0] = 0.3, 0.5  # appeal .2 + .8 x .5 = .6
    citizens.signal_to_peers(p, world, 0)
    assert p.spread[0] == approx(0.3 + (0.02 + 0.2 * 0.5) * 0.3)
    p.spread[0], p.quality[0] = 0.3, 0.0  # appeal .2
    citizens.signal_to_peers(p, world, 0)
    assert p.spread[0] == approx(0.3 - 0.5 * 0.1)


def counting(assisted_ends=0.0):
    """Three services of provinces, the third no dossier; two of ministries. One dossier a head in all of each."""
    p, world = province_and_world(assisted_ends=assisted_ends)
    world.services.dossiers[:3] = 1.5, 0.5, 0.0
    world.services.dossiers[N_SERVICES : N_SERVICES + 2] = 3.0, 1.0
    world.nation.dossiers, world.nation.central_dossiers = 2.0, 4.0
    p.filed[:3], p.assisted[:3], p.quality[:3] = (0.4, 0.2, 0.9), (0.2, 0.6, 0.1), (0.5, 0.25, 1.0)
    p.filed[N_SERVICES : N_SERVICES + 2], p.quality[N_SERVICES : N_SERVICES + 2] = (0.2, 0.8), (0.5, 1.0)
    p.assisted[N_SERVICES] = 0.4
    p.use, p.any_step, p.full_process, p.central_use, p.central_full_process = 9.0, 9.0, 9.0, 9.0, 9.0
    p.central_any_step = 9.0
    citizens.count_dossiers(p, world)
    return p


def test_dossiers_are_counted_by_how_far_they_get_online_and_by_whom():
    p = counting()
    assert p.any_step == approx(0.75 * (0.4 + 0.2) + 0.25 * (0.2 + 0.6))  # .65 come in online
    assert p.full_process == approx(0.75 * 0.6 * 0.5 + 0.25 * 0.8 * 0.25)  # .275 end there
    assert p.use == approx(0.75 * 0.4 * 0.5 + 0.25 * 0.2 * 0.25)  # .1625 by citizens alone
    assert p.central_use == approx(0.75 * 0.2 * 0.5 + 0.25 * 0.8 * 1.0)  # .275 of those of ministries
    assert p.central_any_step == approx(0.75 * 0.6 + 0.25 * 0.8)  # .65, whoever files them
    assert p.central_full_process == approx(0.75 * 0.6 * 0.5 + 0.25 * 0.8 * 1.0)  # .425, with those that officials file


def test_officials_bring_what_they_file_to_its_end_whatever_the_channel_is_worth():
    p = counting(assisted_ends=0.3)
    # of the first service .2 x .5 as before, of the second .6 x .3 in place of .6 x .25
    assert p.full_process == approx(0.75 * 0.6 * 0.5 + 0.25 * (0.2 * 0.25 + 0.6 * 0.3))
    assert p.use == approx(0.1625), "what citizens complete has nothing to do with it"
    assert p.any_step == approx(0.65)
    assert counting(assisted_ends=0.6).central_full_process == approx(0.75 * (0.2 * 0.5 + 0.4 * 0.6) + 0.25 * 0.8)


def forgone(filed=0.5, assisted=0.25, **values):
    """2 million people, 4 transactions a head and year, 3 of them online; a fee of 8,000 VND cut by half."""
    p, world = province_and_world(**{"fee": 0.008, "fee_cut": 0.5, "more_people": 1.0, "routine_factor": 1.0, **values})
    p.population, p.cash_mvnd, world.services.transactions_per_head[0] = 2.0, 10**9, 4.0
    p.filed[0], p.assisted[0] = filed, assisted
    world.services.transactions_per_head[N_SERVICES:], p.filed[N_SERVICES:] = 5.0, 1.0  # ministries' fees are not its
    citizens.forgo_fees(p, world)
    assert p.books[GENERAL_BUDGET] == p.books[FEE_REVENUE_FORGONE]
    assert (p.cash_mvnd, p.year_used) == (10**9, 0.0), "digital money has no part in it"
    return p.books[FEE_REVENUE_FORGONE]


def test_fees_forgone_by_hand():
    # 8,000 VND x .5 x 3 transactions x 2,000,000 people / 4 quarters = 6,000,000,000 VND
    assert forgone() == 6_000
    assert forgone(assisted=0.0) == 4_000, "whoever files, the fee is cut"
    assert forgone(filed=0.0, assisted=0.0) == 0
    assert forgone(fee_cut=0.0) == 0
    assert forgone(more_people=1.5) == 9_000, "people grow"
    assert forgone(routine_factor=0.5) == 3_000, "of what is no dossier there may be less"


def test_sharing_moves_to_the_rule_and_faster_under_standards():
    p, world = province_and_world(sharing_speed=0.1, data_sharing=0.8, reform_spread=0.2)
    world.nation.readiness[STANDARDS] = 0.5
    p.shared_data = 0.2
    citizens.share_and_reform(p, world)
    assert p.shared_data == approx(0.2 + 0.1 * 1.5 * 0.6)


def test_the_reform_programme_spreads_skills_and_takes_none_away():
    p, world = province_and_world(reform_spread=0.2)
    world.nation.readiness[PROCESS_REFORM] = 0.5
    p.reform = 0.1
    citizens.share_and_reform(p, world)
    assert p.reform == approx(0.1 + 0.2 * 0.4)
    p.reform = 0.7
    citizens.share_and_reform(p, world)
    assert p.reform == 0.7


def test_own_platforms_are_less_secure_and_the_foundation_makes_up_for_missing_protection():
    p, world = province_and_world(own_lock_loss=0.3)
    p.protection, p.available[SECURITY] = 0.6, 0.5
    assert citizens.security_level(p, world) == approx(1 - 0.4 * 0.5), "nothing online, nothing weaker"
    p.platform[:4] = OWN, SHARED, SHARED, SHARED
    assert citizens.security_level(p, world) == approx(0.8 * (1 - 0.3 / 4))
    p.platform[:4] = OWN
    assert citizens.security_level(p, world) == approx(0.8 * 0.7)
    p.platform[1:4] = 0
    assert citizens.security_level(p, world) == approx(0.8 * 0.7), "one of one is all"
    p.platform[:4] = SHARED
    assert citizens.security_level(p, world) == approx(0.8)


def test_citizens_are_satisfied_as_far_as_what_they_begin_online_ends_there():
    p, world = province_and_world(routine_factor=1.0)
    assert citizens.satisfaction(p, world) == 0.0, "nothing begun, nothing judged"
    world.services.transactions_per_head[0], world.services.transactions_per_head[N_SERVICES] = 2.0, 1.0
    p.filed[0], p.quality[0], p.filed[N_SERVICES], p.quality[N_SERVICES] = 0.3, 0.8, 0.2, 0.4
    p.filed[1], p.quality[1], p.assisted[0] = 0.9, 0.1, 0.5
    # of provinces .6 begun, of ministries .2: (.6 x .8 + .2 x .4) / .8
    assert citizens.satisfaction(p, world) == approx(0.7), "what officials file for them they do not begin"


def trusting(rate, good=0.5, **values):
    p, world = province_and_world(
        incident_rate=rate,
        sharing_exposure=0.5,
        incident_trust=0.1,
        incident_cost=3.0,
        incident_base=0.5,
        trust_base=0.6,
        trust_experience=0.4,
        trust_speed=0.05,
        transactions_per_head=1.0,
        routine_factor=1.0,
        **values,
    )
    p.any_step, p.filed[0], p.quality[0] = 0.5, 0.2, good
    p.trust, p.shared_data, p.protection, p.population, p.cash_mvnd = 0.7, 0.4, 0.3, 1.5, 10**6
    citizens.keep_trust(p, world)
    return p


def test_trust_settles_at_what_experience_makes_of_it():
    p = trusting(0.0)
    assert p.trust == approx(0.7 + 0.05 * (0.6 + 0.4 * 0.5 - 0.7))
    assert p.incidents == 0
    assert p.books[INCIDENT_LOSSES] == 0
    assert trusting(0.0, good=1.5).trust == approx(0.7 + 0.05 * 0.3), "trust has a ceiling"


def test_an_incident_breaks_trust_at_once_and_costs_money():
    p = trusting(1e6)
    assert p.incidents == 1
    assert p.trust == approx(0.63 + 0.05 * (0.8 - 0.63))
    assert p.books[INCIDENT_LOSSES] == 6_000  # 3 bvnd x (0.5 + 1.5)


def test_danger_is_what_is_held_times_what_is_not_protected():
    """Half of all dossiers x (1 + 0.5 x 0.4 shared) x (1 - 0.3 protected) x rate / 4."""
    luck = uniform(province_and_world()[1], 0, INCIDENT, 0)
    critical = -math.log(1 - luck) / (0.5 * 1.2 * 0.7 / 4)
    assert trusting(critical * 0.999).incidents == 0
    assert trusting(critical * 1.001).incidents == 1


def test_data_exchange_is_worth_what_provinces_share_on_average():
    state = world_of_zeros(provinces=4, shared_data=9.0)
    state.provinces.shared_data = 0.1, 0.2, 0.3, 0.8
    citizens.share_data(state.world, state.provinces)
    assert state.world.nation.shared_data == approx(0.35)


def serving(**values):
    """Two services online, of 2 and 1 dossiers a head, quality .8 and .4; one that is not online; none spreads."""
    defaults = {"as_is_quality": 0.5, "trust_base": 0.5, "trust_experience": 0.5, "trust_speed": 1.0}
    still = {"innovation": 0.0, "imitation": 0.0, "incident_rate": 0.0}
    p, world = province_and_world(**{**defaults, **still, "more_people": 1.0, **values})
    world.services.transactions_per_head[:3] = world.services.dossiers[:3] = 2.0, 1.0, 5.0
    world.nation.dossiers = 8.0
    p.platform[:2] = OWN, SHARED
    p.ready_own[:], p.ready_shared[:] = 0.8, 0.8
    p.depth[:2], p.upkeep[:3], p.completeness[:3] = 1.0, (1.0, 0.5, 0.7), 1.0
    p.filed[:3], p.connection[CONNECTIVITY], p.trust = (0.5, 0.25, 0.0), 1.0, 1.0
    p.population, p.communes, p.cash_mvnd = 1.0, 1e9, 10**9
    return p, world


def test_use_of_all_services_weighs_them_by_their_dossiers():
    p, world = serving()
    citizens.serve_citizens(p, world)
    assert p.quality[:3].tolist() == approx([0.8, 0.4, 0.0])
    assert p.use == p.full_process == approx((2 * 0.5 * 0.8 + 1 * 0.25 * 0.4) / 8)
    assert p.any_step == approx((2 * 0.5 + 1 * 0.25) / 8)


def test_what_is_not_online_has_no_quality_left():
    p, world = serving()
    p.quality[2] = 0.9
    citizens.serve_citizens(p, world)
    assert p.quality[2] == 0.0


def test_citizens_judge_by_the_quality_of_what_they_use():
    p, world = serving()
    citizens.serve_citizens(p, world)
    # (2 x 0.5 x 0.8 + 1 x 0.25 x 0.4) / 1.25 = 0.72
    assert p.trust == approx(0.5 + 0.5 * 0.72)
    assert p.lesson_weight[:3].tolist() == approx([0.12, 0.12, 0.0]), "only what is online is seen"


def test_little_use_is_experience_too():
    p, world = serving()
    p.filed[:3] = 0.1, 0.0, 0.0
    citizens.serve_citizens(p, world)
    assert p.trust == approx(0.5 + 0.5 * 0.8)


def test_without_use_there_is_no_experience():
    p, world = serving()
    p.platform[:], p.filed[:] = 0, 0.0
    citizens.serve_citizens(p, world)
    assert p.trust == approx(0.5)


def test_services_of_ministries_are_taken_up_too_though_nobody_in_the_province_puts_them_online():
    p, world = serving(innovation=0.1, central_dossiers=2.0)
    world.services.dossiers[N_SERVICES], world.nation.readiness[NATIONAL_SERVICES] = 2.0, 1.0
    citizens.serve_citizens(p, world)
    assert p.quality[N_SERVICES] == 1.0
    assert p.filed[N_SERVICES] == approx(0.1)
    assert p.central_use == approx(0.1)
    assert p.assisted[N_SERVICES:].tolist() == [0.0] * (N_ALL_SERVICES - N_SERVICES), "whose dossiers count for none"


def test_offices_of_ministries_file_for_citizens_as_far_as_a_campaign_presses_them():
    p, world = serving(
        filing_campaign=0.5, assisting=0.8, ministry_stakes=0.25, padding_speed=1.0, central_dossiers=2.0
    )
    world.services.dossiers[N_SERVICES] = 2.0
    citizens.serve_citizens(p, world)
    assert p.assisted[N_SERVICES] == approx(0.8 * 0.25 * 0.5)
    assert p.central_any_step == approx(0.1)


def test_help_of_officials_counts_as_use_that_is_published_and_not_as_the_citizens_own():
    p, world = serving(filing_campaign=1.0, assisting=0.5, padding_speed=1.0)
    citizens.serve_citizens(p, world)
    # of what citizens do not file, half: .5 x .5 = .25 and .5 x .75 = .375
    assert p.assisted[:3].tolist() == approx([0.25, 0.375, 0.0])
    assert p.any_step == approx((2 * 0.75 + 1 * 0.625) / 8)
    assert p.full_process == approx((2 * 0.75 * 0.8 + 1 * 0.625 * 0.4) / 8)
    assert p.use == approx((2 * 0.5 * 0.8 + 1 * 0.25 * 0.4) / 8)


def test_citizens_are_served_in_order_access_quality_repair_use_fees_sharing_and_trust():
    p, world = serving(fee_cut=1.0, data_sharing=1.0, feedback_coverage=1.0, fee_effect=0.0, first_step=0.2)
    world.assumptions.private_connectivity, world.assumptions.feedback_mending = 0.4, 0.15
    world.assumptions.fee, world.assumptions.sharing_speed = 0.01, 0.06
    world.assumptions.innovation = 0.1
    p.connection[CONNECTIVITY], p.filed[:2] = 0.5, 0.0
    citizens.serve_citizens(p, world)
    # access .5 + .4 x .5 (rural) x .5 = .6; ceilings (.2 + .8 x .8) x .6 and (.2 + .8 x .4) x .6 of today's access
    assert p.connection[CONNECTIVITY] == approx(0.6)
    assert p.quality[1] == approx(0.4), "a repair is felt in the next quarter"
    assert p.upkeep[1] == approx(0.5 + 0.15 * 0.5)
    assert p.filed[:2].tolist() == approx([0.1 * 0.84 * 0.6, 0.1 * 0.52 * 0.6])
    # 10,000 VND x (2 x .0504 + 1 x .0312) transactions x 1,000,000 people / 4 = 330,000,000 VND: of use now
    assert p.books[FEE_REVENUE_FORGONE] == 330
    assert p.shared_data == approx(0.06)
