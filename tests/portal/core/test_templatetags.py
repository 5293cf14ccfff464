"""What the tags write: exact figures, dates as each language writes them, badges that never speak by colour alone."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from portal.core.months import Month
from portal.core.templatetags import lodestone
from portal.core.templatetags.badge_words import BADGES


def render(source, **context):
    return Template("{% load lodestone %}" + source).render(Context(context))


class Answer(forms.Form):
    """A form with one of each kind of field that the field template tells apart."""

    name = forms.CharField(label="Name", help_text="As on the contract.")
    quantity = forms.CharField(
        label="Quantity", required=False, widget=forms.TextInput(attrs={"data-unit": "kg"})
    )
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "First"), ("b", "Second")], widget=forms.RadioSelect
    )
    sure = forms.BooleanField(label="Sure", help_text="You answer for it.")


@pytest.mark.parametrize(
    ("grams", "decimals", "words"),
    [
        (1_234_567_890, 3, "1,234,567.890"),
        (12_400, 1, "12.4"),
        (12_400, 3, "12.400"),
        (0, 0, "0"),
        (None, 3, "–"),
    ],
)
def test_kilograms_show_every_reported_decimal(grams, decimals, words):
    assert lodestone.kg(grams, decimals) == words


def test_a_figure_is_never_rounded_to_fit_its_decimals():
    assert lodestone.kg(12_345, 1) == "12.345"


def test_money_has_two_places():
    assert lodestone.cny(123_456, 2) == "1,234.56"
    assert lodestone.cny(None) == "–"


def test_counts_are_grouped_and_words_left_alone():
    assert lodestone.figure(12_345) == "12,345"
    assert lodestone.figure("many") == "many"


def test_shares_are_per_cent():
    assert lodestone.percent(0.9817) == "98.2%"
    assert lodestone.percent(None) == "–"


@pytest.mark.parametrize(("language", "words"), [("en", "10 May 2026"), ("zh-hans", "2026年5月10日")])
def test_a_day_is_written_as_the_language_writes_it(language, words):
    with translation.override(language):
        assert lodestone.day(date(2026, 5, 10)) == words


@pytest.mark.parametrize(("language", "words"), [("en", "May 2026"), ("zh-hans", "2026年5月")])
def test_a_month_is_written_as_the_language_writes_it(language, words):
    with translation.override(language):
        assert lodestone.month(Month.parse("2026-05")) == words
        assert lodestone.month(Month.parse("2026-05").index) == words


def test_the_day_of_an_instant_is_its_day_in_beijing():
    assert lodestone.day(datetime(2026, 5, 9, 17, 0, tzinfo=UTC)) == "10 May 2026"


def test_midnight_is_the_end_of_the_day_before():
    assert (
        lodestone.deadline(datetime(2026, 5, 10, 16, 0, tzinfo=UTC)) == "24:00 on 10 May 2026, Beijing time"
    )


def test_another_hour_is_itself():
    assert (
        lodestone.deadline(datetime(2026, 5, 10, 4, 30, tzinfo=UTC)) == "12:30 on 10 May 2026, Beijing time"
    )


def test_an_instant_says_its_zone():
    assert lodestone.moment(datetime(2026, 5, 10, 6, 3, tzinfo=UTC)) == "10 May 2026, 14:03 Beijing time"
    assert lodestone.clock_time(datetime(2026, 5, 10, 6, 3, tzinfo=UTC)) == "14:03"


@pytest.mark.parametrize(
    "filter_", [lodestone.day, lodestone.month, lodestone.minute, lodestone.moment, lodestone.deadline]
)
def test_nothing_is_a_dash(filter_):
    assert filter_(None) == "–"


def test_when_gives_machines_the_instant_too():
    html = render('{% when at "clock_time" %}', at=datetime(2026, 5, 10, 6, 3, tzinfo=UTC))
    assert html == '<time datetime="2026-05-10T14:03:00+08:00">14:03</time>'
    assert render("{% when at %}", at=None) == "–"


def test_names_in_the_readers_language_first():
    both = SimpleNamespace(name_zh="极光磁材", name_en="Aurora Magnets")
    only = SimpleNamespace(name_zh="极光磁材", name_en="")
    assert lodestone.name_here(both) == "Aurora Magnets"
    assert lodestone.name_there(both) == "极光磁材"
    assert lodestone.name_here(only) == "极光磁材"
    assert lodestone.name_there(only) == ""
    with translation.override("zh-hans"):
        assert lodestone.name_here(both) == "极光磁材"


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, codes in BADGES.items() for code in codes])
def test_every_badge_has_a_sign_and_a_word(kind, code):
    html = lodestone.badge(kind, code)
    shown = BADGES[kind][code]
    assert f"#{shown.icon}" in html
    assert str(shown.label) in html
    assert lodestone.state_word(code, kind) == str(shown.label)
    assert lodestone.state_tone(code, kind) == shown.tone


def test_every_sign_is_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "static/img/icons.svg").read_text(encoding="utf-8")
    missing = {
        shown.icon
        for codes in BADGES.values()
        for shown in codes.values()
        if f'id="{shown.icon}"' not in sprite
    }
    assert missing == set()


def test_an_unknown_state_shows_its_code_escaped():
    html = lodestone.badge("filing", "<b>")
    assert "&lt;b&gt;" in html
    assert lodestone.badge("filing", "") == "–"


def test_an_icon_is_decoration_unless_named():
    assert 'aria-hidden="true"' in lodestone.icon("check")
    assert 'role="img" aria-label="Filed"' in lodestone.icon("check", "Filed")


@pytest.mark.parametrize(
    ("query", "href", "order"),
    [
        ("", "?sort=due", None),
        ("sort=due&state=open&page=3", "?sort=-due&amp;state=open", "ascending"),
        ("sort=-due", "?sort=due", "descending"),
        ("sort=name", "?sort=due", None),
    ],
)
def test_a_header_sorts_and_turns_round_and_forgets_the_page(query, href, order):
    html = render('{% sort_header "due" "Due" %}', request=RequestFactory().get(f"/?{query}"))
    assert f'href="{href}"' in html
    assert (f'aria-sort="{order}"' in html) if order else ("aria-sort" not in html)


def test_a_field_joins_label_hint_and_message_to_its_input():
    html = Answer({"quantity": "1"})["name"].as_field_group()
    assert '<label for="id_name">Name' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_an_optional_field_says_so_and_a_unit_stands_beside():
    html = Answer()["quantity"].as_field_group()
    assert "(optional)" in html
    assert '<span class="unit" aria-hidden="true">kg</span>' in html


def test_choices_are_a_group_with_a_legend_and_a_label_each():
    html = Answer()["kind"].as_field_group()
    assert "<legend>Kind" in html
    assert '<label for="id_kind_0">First</label>' in html


def test_the_error_summary_leads_to_each_field():
    html = render('{% include "components/_error_summary.html" %}', form=Answer({}))
    assert 'role="alert"' in html
    assert 'href="#id_name"' in html
    assert 'href="#id_kind"' in html
    assert 'id="id_kind"' in str(Answer({})["kind"])


def test_a_form_taken_shows_no_summary():
    assert "error-summary" not in render('{% include "components/_error_summary.html" %}', form=Answer())
