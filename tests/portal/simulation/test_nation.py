"""The nation as a whole: the same from the same seed, honest in its sizes, refused where it makes no sense."""

from pathlib import Path

import pytest

from portal.simulation.domain.nation import TABLES, TRUTH_TABLES, Nation, simulate, write, write_nation


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_the_same_seed_writes_the_same_bytes_by_either_way(tmp_path):
    write(simulate(seed=3, enterprises=14, start="2025-11", months=4), tmp_path / "a", tmp_path / "at")
    lines = write_nation(Nation(3, 14, "2025-11", 4), tmp_path / "b", tmp_path / "bt")
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
    assert _bytes(tmp_path / "at") == _bytes(tmp_path / "bt")
    assert lines == (tmp_path / "b" / "lines.csv").read_text().count("\n") - 1


def test_another_seed_makes_another_nation(tmp_path):
    one = simulate(seed=3, enterprises=14, start="2025-11", months=2)
    two = simulate(seed=4, enterprises=14, start="2025-11", months=2)
    assert set(one["organisations"]["uscc"]).isdisjoint(two["organisations"]["uscc"])


def test_every_table_is_written_and_no_other(tmp_path):
    write_nation(Nation(3, 12, "2026-01", 1), tmp_path / "out", tmp_path / "truth")
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(TABLES)
    assert {path.stem for path in (tmp_path / "truth").iterdir()} == set(TRUTH_TABLES)


def test_an_honest_nation_has_no_planted_case(nation):
    assert list(nation["truth"].columns) == (
        "case typology organisation first_period last_period period line_no counterparty kg element twin_of others".split()
    )
    assert nation["truth"].empty


def test_every_activity_is_there(nation):
    found = {activity for text in nation["organisations"]["activities"] for activity in text.split(";")}
    assert found == {
        "mine", "separator", "metal", "alloy", "magnet", "assembler", "recycler", "trader", "exporter",
    }  # fmt: skip


def test_every_kind_of_line_is_there(in_force):
    assert set(in_force["kind"]) == {
        "opening", "produced", "purchased", "imported", "returned_in", "tolled_in", "gained", "consumed", "sold",
        "exported", "returned_out", "tolled_out", "lost", "closing",
    }  # fmt: skip


def test_magnet_makers_file_many_lines(nation):
    makers = nation["organisations"].query("activities.str.contains('magnet')")["uscc"]
    lines = nation["lines"]
    lines = lines[lines["organisation"].isin(makers)].groupby(["organisation", "period"]).size()
    assert lines.median() > 80
    assert lines.max() > 200


def test_corrections_carry_all_lines_and_a_reason(nation):
    second = nation["filings"].query("version == '2'")
    assert len(second) > 2
    assert (second["amendment_reason"] != "").all()
    lines = nation["lines"].groupby(["organisation", "period", "version"]).size()
    for filing in second.itertuples():
        assert (
            lines[filing.organisation, filing.period, "1"] == lines[filing.organisation, filing.period, "2"]
        )


def test_a_nil_filing_has_no_lines(nation):
    nil = nation["filings"].query("nil == 'true'")[["organisation", "period"]]
    assert len(nil) > 0
    assert nil.merge(nation["lines"], on=["organisation", "period"]).empty


@pytest.mark.parametrize(
    ("enterprises", "start", "months"), [(5, "2025-01", 3), (20, "2025-13", 3), (20, "2025-01", 0)]
)
def test_it_refuses_what_is_no_nation(enterprises, start, months):
    with pytest.raises(ValueError):
        simulate(seed=1, enterprises=enterprises, start=start, months=months)
