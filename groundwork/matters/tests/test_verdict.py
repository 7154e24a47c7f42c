"""What an answer gets: one raiser's word or several, once and at once; what is theirs."""

import pytest
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.base.actor import NOBODY
from groundwork.base.clock import at as hold
from groundwork.base.errors import NotFound
from groundwork.base.models import Tombstone, TrailEntry
from groundwork.matters.actions import own as acts
from groundwork.matters.actions import steps
from groundwork.matters.actions.merging import merge_matters
from groundwork.matters.actions.raising import Teller, add_raiser
from groundwork.matters.actions.verdict import Said, confirm_matter, rate_answer, refuse_matter
from groundwork.matters.models import Matter, Raiser, Step, Verdict
from groundwork.matters.policy import raisers_seen
from groundwork.matters.queries.own import own_page
from groundwork.matters.queries.todo import todo
from groundwork.matters.rules import verdicts
from groundwork.matters.rules.states import WrongState
from groundwork.matters.tests.make import WORDS, raise_one, receipt_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(cast, at):
    return receipt_at(cast, "answered")


def joined(matter, at, secret="joiner-of-the-same-matter", **teller):
    """Let one more stand behind a matter; gives the secret."""
    add_raiser(matter, Teller(**teller), secret=secret, first=False, at=at, words="我家也是")
    return secret


def fresh(receipt):
    return Matter.objects.get(pk=receipt.matter.pk)


def verbs(receipt):
    return list(receipt.matter.steps.order_by("id").values_list("verb", flat=True))


def test_the_raiser_confirms_with_one_tap_and_the_lead_is_told(answered, at):
    confirm_matter(answered.secret, by=NOBODY, at=at)
    matter = fresh(answered)
    assert (matter.state, matter.closed_at, matter.due_at) == ("solved", at, None)
    verdict = Verdict.objects.get()
    assert (verdict.solved, verdict.answered, verdict.satisfied) == (True, None, None)
    assert (verdict.round, verdict.source) == (0, "page")
    step = matter.steps.get(verb="confirm")
    assert step.account_id is None
    assert step.label == ""
    assert Notice.objects.filter(kind="matters.confirm").exists()
    assert TrailEntry.objects.filter(verb="confirm", account_id=None, system="raiser").exists()


def test_who_says_not_solved_gets_another_round_with_a_new_deadline(answered, at):
    refuse_matter(answered.secret, "还在打桩，我的卡号6222021234567890123", by=NOBODY, at=at)
    matter = fresh(answered)
    assert (matter.state, matter.redo_count, matter.ask_until) == ("redo", 1, None)
    assert matter.solve_by > at
    assert matter.due_at == matter.solve_by
    assert "6222021234567890123" not in matter.steps.get(verb="refuse").text
    assert Verdict.objects.get().round == 0
    with pytest.raises(verdicts.AlreadySaid):
        confirm_matter(answered.secret, by=NOBODY, at=at)
    assert fresh(answered).redo_count == 1


@pytest.mark.parametrize("act", [confirm_matter, refuse_matter])
def test_the_second_of_two_taps_changes_nothing(answered, at, act):
    act(answered.secret, by=NOBODY, at=at)
    before = verbs(answered)
    act(answered.secret, by=NOBODY, at=at)
    assert verbs(answered) == before
    assert Verdict.objects.count() == 1


def test_after_the_asking_period_the_raiser_can_still_confirm_or_refuse(cast, at):
    for act, state in ((confirm_matter, "solved"), (refuse_matter, "redo")):
        receipt = receipt_at(cast, "unit_done")
        act(receipt.secret, by=NOBODY, at=at)
        assert fresh(receipt).state == state


def test_nobody_speaks_of_an_answer_that_is_not_there(cast, at):
    receipt = receipt_at(cast, "handling")
    for act in (confirm_matter, refuse_matter, acts.thank_matter):
        with pytest.raises(verdicts.NothingToSay):
            act(receipt.secret, by=NOBODY, at=at)
    assert not Verdict.objects.exists()


def test_of_several_the_first_decides_solved_and_anybody_not_solved(answered, at):
    other = joined(answered.matter, at)
    confirm_matter(other, by=NOBODY, at=at)
    assert fresh(answered).state == "answered"
    confirm_matter(answered.secret, by=NOBODY, at=at)
    assert fresh(answered).state == "solved"
    third = joined(answered.matter, at, "a-third-one-behind-the-same")
    refuse_matter(third, by=NOBODY, at=at)
    assert fresh(answered).state == "redo"
    assert Verdict.objects.filter(round=0).count() == 3


def test_where_the_first_was_silent_anybody_confirms(cast, at):
    receipt = receipt_at(cast, "unit_done")
    confirm_matter(joined(receipt.matter, at), by=NOBODY, at=at)
    assert fresh(receipt).state == "solved"


def test_three_questions_are_kept_apart_and_each_is_said_once(answered, at):
    rate_answer(answered.secret, Said(answered=True, words="快"), by=NOBODY, at=at)
    confirm_matter(answered.secret, by=NOBODY, at=at)
    rate_answer(answered.secret, Said(answered=False, satisfied=False), by=NOBODY, at=at)
    verdict = Verdict.objects.get()
    assert (verdict.answered, verdict.solved, verdict.satisfied) == (True, True, False)


def test_a_refused_answer_is_still_rated_while_it_is_redone(answered, at):
    refuse_matter(answered.secret, by=NOBODY, at=at)
    rate_answer(answered.secret, Said(satisfied=False), by=NOBODY, at=at)
    verdict = Verdict.objects.get()
    assert (verdict.round, verdict.solved, verdict.satisfied) == (0, False, False)


def test_a_merged_matters_raiser_speaks_of_the_one_it_went_into(cast, at):
    target, gone = receipt_at(cast, "answered"), receipt_at(cast, "accepted")
    steps_to(gone.matter, target.matter, at)
    confirm_matter(gone.secret, by=NOBODY, at=at)
    assert fresh(target).state == "answered"  # one who joined
    refuse_matter(joined(target.matter, at), by=NOBODY, at=at)
    assert fresh(target).state == "redo"
    with pytest.raises(verdicts.OthersStand):
        acts.withdraw_matter(gone.secret, by=NOBODY, at=at)


def steps_to(matter, into, at):
    matter.merged_into = into
    steps.move(matter, "merge", by=steps.BY_RAISER, at=at, fields=("merged_into",))


def test_a_decline_is_appealed_once(cast, at):
    receipt = receipt_at(cast, "declined")
    acts.appeal_matter(receipt.secret, "是本市的路", by=NOBODY, at=at)
    matter = fresh(receipt)
    assert (matter.state, matter.closed_at) == ("raised", None)
    assert matter.due_at == matter.accept_by > at
    steps.move(matter, "decline", by=steps.BY_RAISER, at=at)
    with pytest.raises(verdicts.AppealedBefore):
        acts.appeal_matter(receipt.secret, "再看", by=NOBODY, at=at)


def test_words_and_thanks_are_added_and_have_an_end(answered, at):
    acts.add_words(answered.secret, "补充：昨晚也有", by=NOBODY, at=at)
    acts.thank_matter(answered.secret, "谢谢", by=NOBODY, at=at)
    with pytest.raises(verdicts.ThankedBefore):
        acts.thank_matter(answered.secret, by=NOBODY, at=at)
    assert verbs(answered)[-2:] == ["add", "thank"]
    confirm_matter(answered.secret, by=NOBODY, at=at)
    with pytest.raises(verdicts.NoMoreWords):
        acts.add_words(answered.secret, "又来", by=NOBODY, at=at)


def test_a_matter_is_withdrawn_only_where_nobody_else_stands_behind_it(cast, at):
    alone = receipt_at(cast, "handling")
    acts.withdraw_matter(alone.secret, by=NOBODY, at=at)
    acts.withdraw_matter(alone.secret, by=NOBODY, at=at)  # the second tap
    assert fresh(alone).state == "withdrawn"
    shared = receipt_at(cast, "handling")
    joined(shared.matter, at)
    with pytest.raises(verdicts.OthersStand):
        acts.withdraw_matter(shared.secret, by=NOBODY, at=at)
    closed = receipt_at(cast, "solved")
    with pytest.raises(WrongState):
        acts.withdraw_matter(closed.secret, by=NOBODY, at=at)


def test_own_details_are_corrected_and_the_trail_holds_no_value(answered, at):
    details = acts.Details("沈阿姨", "13900001111", "")
    assert acts.correct_details(answered.secret, details, by=NOBODY, at=at) == ["phone"]
    assert Raiser.objects.get().phone == "13900001111"
    entry = TrailEntry.objects.get(verb="correct")
    assert entry.fields == ["phone"]


def test_who_was_open_may_stay_unknown_from_now_on_and_the_other_way_round(cast, answered, at):
    lead = cast.actor("unit_handler")
    assert raisers_seen(lead, answered.matter).exists()
    page = f"/matters/mine/{answered.secret}/details/"
    said = {"name": "沈阿姨", "phone": "13800005678", "email": "", "confidential": "on"}
    assert cast.client("resident").post(page, said).status_code == 302
    assert fresh(answered).confidential
    assert not raisers_seen(lead, answered.matter).exists()
    assert raisers_seen(cast.actor("dispatcher"), answered.matter).exists()
    assert cast.client("resident").post(page, said | {"confidential": ""}).status_code == 302
    assert not fresh(answered).confidential
    joined(answered.matter, at, name="王先生", confidential=True)
    cast.client("resident").post(page, said)
    cast.client("resident").post(page, said | {"confidential": ""})
    assert fresh(answered).confidential, "the other one's wish stands"


def test_a_raiser_sees_all_that_is_kept_and_nothing_of_the_others(cast, answered, at):
    other = joined(answered.matter, at, name="王先生")
    acts.add_words(answered.secret, "我家在三楼", by=NOBODY, at=at)
    acts.add_words(other, "我家在五楼", by=NOBODY, at=at)
    rate_answer(answered.secret, Said(satisfied=False, words="太慢"), by=NOBODY, at=at)
    refuse_matter(answered.secret, "还是响", by=NOBODY, at=at)
    shown = cast.client("resident").get(f"/matters/mine/{answered.secret}/details/")
    text = shown.content.decode()
    for words in ("我家在三楼", "太慢", "还是响", "您满意吗？ 否", "单位给您答复了吗？ —"):
        assert words in text
    assert "五楼" not in text
    assert "王先生" not in text


def test_a_sole_raiser_erases_everything_but_the_record(answered, at):
    acts.add_words(answered.secret, "我家在三楼", by=NOBODY, at=at)
    acts.erase_own(answered.secret, by=NOBODY, at=at)
    matter, raiser = fresh(answered), Raiser.objects.get()
    assert (matter.state, matter.erased_at) == ("withdrawn", at)
    assert (matter.text, matter.public_text, matter.answer) == ("", "", "")
    assert (raiser.name, raiser.phone, raiser.erased_at) == ("", "", at)
    assert not Step.objects.exclude(text="").exists()
    assert not Step.objects.filter(account_id__isnull=False, verb="erase").exists()
    assert {t.kind for t in Tombstone.objects.all()} == {acts.ROW, acts.WHOLE}
    with pytest.raises(NotFound):
        acts.erase_own(answered.secret, by=NOBODY, at=at)


def test_where_others_stand_only_the_raiser_goes_and_the_next_decides(answered, at):
    acts.add_words(answered.secret, "我家在三楼", by=NOBODY, at=at)
    other = joined(answered.matter, at, name="王先生")
    acts.erase_own(answered.secret, by=NOBODY, at=at)
    matter = fresh(answered)
    assert (matter.state, matter.erased_at, matter.text) == ("answered", None, WORDS)
    assert not Step.objects.filter(verb="add").exclude(text="").exists()
    confirm_matter(other, by=NOBODY, at=at)
    assert fresh(answered).state == "solved"


def test_an_account_acts_without_the_link_and_a_stranger_does_not(cast, at):
    account = cast.accounts["staff"].pk
    receipt = receipt_at(cast, "answered", lead="other_unit", account_id=account)
    with pytest.raises(NotFound):
        confirm_matter(receipt.matter.public_id, by=cast.actor("colleague"), at=at)
    with hold(at):
        confirm_matter(receipt.matter.public_id, by=cast.actor("staff"))
    assert fresh(receipt).state == "solved"
    assert not Step.objects.filter(verb="confirm", account_id__isnull=False).exists()


def test_what_was_said_of_a_matter_before_it_was_merged_is_not_said_of_where_it_went(cast, at):
    gone, target = receipt_at(cast, "answered"), receipt_at(cast, "answered")
    other = joined(gone.matter, at, phone="13900002222")
    rate_answer(other, Said(answered=True), by=NOBODY, at=at)
    confirm_matter(other, by=NOBODY, at=at)
    refuse_matter(gone.secret, "还是响", by=NOBODY, at=at)
    merge_matters(
        gone.matter.public_id, target.matter.public_id, by=cast.actor("dispatcher"), at=at
    )
    page = own_page(NOBODY, gone.secret, at)
    assert (page.said, page.may_say, page.may_rate) == (None, True, ["answered", "satisfied"])
    old = list(Verdict.objects.order_by("pk").values())
    # A first word on this answer, whatever was said of the other one: the same, and another.
    rate_answer(gone.secret, Said(satisfied=False), by=NOBODY, at=at)
    confirm_matter(gone.secret, by=NOBODY, at=at)
    with pytest.raises(verdicts.AlreadySaid):
        refuse_matter(gone.secret, by=NOBODY, at=at)
    refuse_matter(other, "又响了", by=NOBODY, at=at)
    assert fresh(target).state == "redo"
    assert list(Verdict.objects.filter(matter=gone.matter).order_by("pk").values()) == old
    said = Verdict.objects.filter(matter=target.matter).order_by("pk")
    assert [(v.round, v.answered, v.solved, v.satisfied) for v in said] == [
        (0, None, True, False),
        (0, None, False, None),
    ]


@pytest.mark.parametrize("lead", ["unit", "other_unit"])
def test_the_leads_own_people_may_ask_for_a_redo_and_never_say_that_it_is_solved(cast, at, lead):
    account = cast.accounts["staff"].pk
    receipt = receipt_at(cast, "answered", lead=lead, account_id=account)
    staff, key = cast.actor("staff"), receipt.matter.public_id
    page, todos = own_page(staff, key, at), todo(staff, at)
    if lead == "other_unit":
        assert (page.own_work, len(page.may_rate), len(todos)) == (False, 2, 1)
        rate_answer(key, Said(satisfied=True), by=staff, at=at)
        assert confirm_matter(key, by=staff, at=at).state == "solved"
        return
    assert (page.own_work, page.may_rate, todos) == (True, [], [])
    for act in (confirm_matter, lambda key, **who: rate_answer(key, Said(satisfied=True), **who)):
        with pytest.raises(verdicts.OwnWork):
            act(key, by=staff, at=at)
        with pytest.raises(verdicts.OwnWork):  # nor with the link that was meant for a resident
            act(receipt.secret, by=cast.actor("unit_handler"), at=at)
    assert not Verdict.objects.exists()
    assert refuse_matter(key, by=staff, at=at).state == "redo"


def test_who_raised_it_as_one_of_the_lead_is_so_by_the_link_too(cast, at):
    receipt = receipt_at(cast, "answered", person=cast.people["staff"])
    with pytest.raises(verdicts.OwnWork):
        confirm_matter(receipt.secret, by=NOBODY, at=at)
    assert fresh(receipt).state == "answered"


def test_an_enterprises_account_finds_what_it_raised_by_either_door(cast, at):
    me, firm = cast.accounts["enterprise"].pk, cast.bodies["enterprise_body"]
    by_word = raise_one(cast, account_id=me).matter  # through 我要提
    by_firm = raise_one(cast, "缺二十名员工。", body=firm, account_id=me).matter
    colleagues = raise_one(cast, "停电。", body=firm).matter
    raise_one(cast, "与它无关。")
    client = cast.client("enterprise")
    rows = client.get(reverse("matters:own")).context["listing"].rows
    assert [row.matter for row in rows] == [colleagues, by_firm, by_word]
    page = client.get(reverse("matters:mine", args=[by_word.public_id]))
    assert page.status_code == 200
