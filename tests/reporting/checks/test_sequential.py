"""Tests of many months, by their definitions: residuals, Page's sums, lasting shifts."""

import numpy as np
import pytest

from reporting.checks.nation.sequential import CLIP, SLACK, innovations, page, shifts


def test_innovations_are_independent_and_as_large_as_they_should_be():
    """By the definition: what a month says beyond the best guess from the months before, over its own deviation."""
    months = 5
    shared = np.outer(np.arange(1.0, months + 1), np.arange(1.0, months + 1)) * 0.09
    covariance = np.eye(months) * 2.0 - 0.5 * (np.eye(months, k=1) + np.eye(months, k=-1)) + shared
    values = np.array([3.0, -1.0, 4.0, 1.0, -3.0])
    seen = np.ones((1, months), dtype=bool)
    residual, sigma, _root = innovations(values[None], covariance[None], seen)
    for month in range(months):
        before = covariance[:month, :month]
        cross = covariance[:month, month]
        guess = cross @ np.linalg.solve(before, values[:month]) if month else 0.0
        variance = covariance[month, month] - (cross @ np.linalg.solve(before, cross) if month else 0.0)
        assert residual[0, month] == pytest.approx((values[month] - guess) / np.sqrt(variance))
        assert sigma[0, month] == pytest.approx(np.sqrt(variance))


def test_page_adds_up_what_lasts_and_forgets_what_passes():
    residual = np.array([[9.0, -9.0, 1.3, 1.3, 0.3, -5.0], [2.3, 2.3, 2.3, 2.3, 2.3, 2.3]])
    seen = np.ones_like(residual, dtype=bool)
    seen[1, 2] = False
    path = page(residual, seen)
    assert path[0].tolist() == pytest.approx([3 - SLACK, 0.0, 1.0, 2.0, 2.0, 0.0])
    assert path[1].tolist() == pytest.approx([2.0, 4.0, 4.0, 6.0, 8.0, 10.0])
    assert path[1].tolist() == pytest.approx([2.0, 4.0, 4.0, 6.0, 8.0, 10.0])


def test_one_wild_month_does_not_bend_what_the_next_ones_are_held_against():
    """Work that slips is expected back the month after: not where the month was beyond all measure."""
    months = 8
    covariance = np.eye(months) - 0.45 * (np.eye(months, k=1) + np.eye(months, k=-1)) + 4.0
    values = np.zeros((1, months))
    values[0, 3] = 60.0
    residual, _sigma, _root = innovations(values, covariance[None], np.ones((1, months), dtype=bool))
    assert residual[0, 3] == CLIP
    assert np.abs(residual[0, 4:]).max() < 2.0


def test_a_shift_is_told_with_its_months_and_as_surely_as_it_is():
    """Eight months at one level, eight at another, one sigma apart: the difference of two means, by its definition."""
    values = np.concatenate([np.zeros(8), np.ones(8)])[None]
    seen = np.ones((1, 16), dtype=bool)
    covariance = (np.eye(16) + 1e6)[None]  # whatever level was always there says nothing
    residual, _sigma, root = innovations(values, covariance, seen)
    path, since, doubt = shifts(residual, root, np.ones((1, 16)), seen)
    assert (since[0, -1], path[0, :8].max()) == (8, pytest.approx(0.0, abs=1e-3))
    assert path[0, -1] == pytest.approx(1 / np.sqrt(1 / 8 + 1 / 8), rel=1e-2)
    assert doubt[0, -1] == pytest.approx(np.sqrt(1 / 8 + 1 / 8), rel=1e-2)
