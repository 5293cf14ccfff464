"""What trade says for one party behind two records: the goods they take or give, and when, in bits as in ``evidence``.

Who takes the same rare class of goods from two enterprises is likelier one client than who takes other goods. In one
register two records that were used side by side are two parties, as a rule; one that ends where the other begins is the old
one written anew. Both say little beside a name, so that they tip what names leave open and never carry a pair alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GOODS_PART: Final = 0.5
"""Of the rarity in bits of the rarest class in common: clients of one branch take alike goods without being one."""
GOODS_MOST: Final = 2.0
GOODS_DIFFER: Final = -1.0
AFTER_ANOTHER: Final = 1.5
SIDE_BY_SIDE: Final = -1.5
PATIENCE: Final = 6
"""Months between the end of one record and the beginning of the other beyond which they say nothing."""


def weigh(traded: pd.DataFrame, left: Ints, right: Ints) -> pd.DataFrame:
    """The columns ``goods`` and ``months`` for pairs of rows of ``traded`` (owner, goods, first, last; goods None: no trade)."""
    goods = traded["goods"].to_numpy(dtype=object)
    some = np.array([one is not None for one in goods.tolist()], dtype=bool)
    both = np.flatnonzero(some[left] & some[right])
    by_goods, by_months = np.zeros(len(left)), np.zeros(len(left))
    by_goods[both] = _goods(goods, left[both], right[both])
    by_months[both] = _months(traded, left[both], right[both])
    return pd.DataFrame({"goods": by_goods, "months": by_months})


def _goods(goods: npt.NDArray[np.object_], left: Ints, right: Ints) -> Floats:
    count: dict[tuple[str, ...], int] = {}
    known = [one for one in goods.tolist() if one is not None]
    for one in known:
        for name in one:
            count[name] = count.get(name, 0) + 1
    rarity = {name: float(np.log2(len(known) / times)) for name, times in count.items()}
    found = [
        min(GOODS_PART * max(map(rarity.__getitem__, shared)), GOODS_MOST) if (shared := one & other) else GOODS_DIFFER
        for one, other in zip(goods[left].tolist(), goods[right].tolist(), strict=True)
    ]  # fmt: skip
    return np.array(found, dtype=float)


def _months(traded: pd.DataFrame, left: Ints, right: Ints) -> Floats:
    owner, first, last = (traded[name].to_numpy() for name in ("owner", "first", "last"))
    one_register = (owner[left] == owner[right]) & (owner[left] != 0)
    pause = np.maximum(first[left], first[right]) - np.minimum(last[left], last[right])
    says: Floats = np.select([pause <= 0, pause <= PATIENCE], [SIDE_BY_SIDE, AFTER_ANOTHER], default=0.0)
    return np.where(one_register, says, 0.0)
