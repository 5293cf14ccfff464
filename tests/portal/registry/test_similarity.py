"""Which listed client looks like the one being typed, and why."""

from __future__ import annotations

import pytest

from portal.registry.domain.name_forms import forms_of
from portal.registry.domain.similarity import REASONS, Named, similar

LISTED = [
    Named("jinji", "宁波金鸡强磁股份有限公司", id_number="91330201MADFQE5E01"),
    Named("borealis", "Borealis Metals Co., Ltd."),
    Named("vogel", "Müller & Vogel Magnettechnik GmbH"),
    Named("acero", "Aceros del Norte S.A. de C.V."),
    Named("chongqing", "重庆长江稀土贸易有限公司", "Chongqing Yangtze Rare Earth"),
    Named("north", "包头北方稀土有限责任公司"),
]


@pytest.mark.parametrize(
    ("typed", "key", "reason"),
    [
        ("Borealis Metals Co., Ltd.", "borealis", "same_name"),
        ("BOREALIS METALS LIMITED", "borealis", "same_core"),
        ("Metals Borealis", "borealis", "same_words"),
        ("Boraelis Metals", "borealis", "few_characters"),
        ("Mueller Vogel Magnettechnik", "vogel", "few_characters"),
        ("ACEROS DEL NORTE SA DE CV", "acero", "same_core"),
        ("宁波金鸡强磁有限公司", "jinji", "same_core"),
        ("寧波金雞強磁（股份）有限公司", "jinji", "same_core"),
        ("宁波金基强磁股份有限公司", "jinji", "sounds_same"),
        ("宁波金鸭强磁股份有限公司", "jinji", "few_characters"),
        ("Ningbo Jinji Magnetics Co Ltd", "jinji", "sounds_same"),
        ("Ningbo Jinjji Magnet", "jinji", "sounds_alike"),
        ("Chongqing Changjiang Rare Earths Trading", "chongqing", "sounds_same"),
        ("ｂａｏｔｏｕ ｂｅｉｆａｎｇ rare-earth", "north", "sounds_same"),
    ],
)
def test_a_likeness_is_found_with_its_reason(typed: str, key: str, reason: str) -> None:
    found = similar(Named("new", typed), LISTED)
    assert found, typed
    assert (found[0].key, found[0].reason) == (key, reason)
    assert reason in REASONS


def test_the_number_counts_whatever_the_name() -> None:
    found = similar(Named("new", "Quite Other", id_number="91330201-madfqe5e01"), LISTED)
    assert [(like.key, like.score, like.reason) for like in found] == [("jinji", 100, "same_number")]


@pytest.mark.parametrize(
    "typed", ["", " ", "A", "Helios Pumps", "上海远洋物流有限公司", "Co., Ltd.", "有限公司"]
)
def test_what_is_not_alike_is_not_suggested(typed: str) -> None:
    assert similar(Named("new", typed), LISTED) == []


def test_best_first_and_no_more_than_asked() -> None:
    listed = [Named(i, f"Aurora Magnets {name}") for i, name in enumerate(["East", "West", "", "Ltd"])]
    found = similar(Named("new", "Aurora Magnets"), listed, limit=2)
    assert [like.key for like in found] == [2, 3]
    assert [like.reason for like in found] == ["same_name", "same_core"]


def test_a_local_name_is_compared_too() -> None:
    found = similar(Named("new", "Neu", name_local="重庆长江稀土贸易公司"), LISTED)
    assert found[0].key == "chongqing"


def test_the_same_question_has_the_same_answer() -> None:
    listed = [Named(i, f"宁波{chr(0x4E00 + i)}鸡强磁有限公司") for i in range(500)]
    asked = Named("new", "宁波金鸡强磁有限公司")
    assert similar(asked, listed) == similar(asked, list(listed))


def test_no_list_no_likeness() -> None:
    assert similar(Named("new", "Aurora"), []) == []


def test_names_keep_their_meaning_when_only_the_form_is_left() -> None:
    assert forms_of("Ltd").words == "ltd"
    assert forms_of("公司").han == "公司"
