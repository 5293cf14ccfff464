"""The whole arrangement of a nation, from its seed."""

from portal.simulation.domain.chance import Chance
from portal.simulation.domain.network import Network
from portal.simulation.domain.organisations import cast
from portal.simulation.domain.plan_magnets import plan_magnets
from portal.simulation.domain.plan_metals import plan_metals
from portal.simulation.domain.plan_oxides import plan_mines, plan_oxides


def arrange(seed: int, enterprises: int, months: int) -> Network:
    """Everyone, their products, and what moves between them in an ordinary month.

    Planned from the magnets upwards: what is asked for decides what is dug.
    """
    net = Network(cast(seed, enterprises, months), Chance(seed, 2))
    plan_magnets(net)
    plan_metals(net)
    plan_oxides(net)
    plan_mines(net)
    return net
