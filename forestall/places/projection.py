"""The projection of the world map: Equal Earth, in tenths of a point of a picture 960 points wide.

Source: B. Šavrič, T. Patterson, B. Jenny (2019), The Equal Earth map projection, IJGIS 33(3). Areas keep their
proportions, so no State looks larger than another because of where it lies. The middle is 11 degrees east: the cut
at 169 degrees west then runs through the Bering Strait and leaves the Russian Federation, Fiji and New Zealand whole.
"""

from __future__ import annotations

from math import asin, cos, pi, radians, sin, sqrt

Point = tuple[float, float]

MERIDIAN = 11.0
NORTH, SOUTH = 84.0, -60.0  # what the picture shows; nobody is screened beyond
WIDTH = 9600

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = sqrt(3) / 2
_SCALE = WIDTH / (2 * pi / (_M * _A[0]))


def plane(turned: float, lat: float) -> Point:
    """The place in the picture of a point `turned` degrees east of the middle; right and down, in tenths of a point.

    `turned` may go beyond 180: the plane continues there.
    """
    theta = asin(_M * sin(radians(lat)))
    square, sixth = theta**2, theta**6
    slope = _A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square)
    x = radians(turned) * cos(theta) / (_M * slope)
    y = theta * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square))
    return x * _SCALE + WIDTH / 2, -y * _SCALE


def turned(lon: float) -> float:
    """Degrees east of the middle, from -180 up to 180."""
    return (lon - MERIDIAN + 180.0) % 360.0 - 180.0


_TOP = plane(0.0, NORTH)[1]
HEIGHT = round(plane(0.0, SOUTH)[1] - _TOP)


def placed(turned: float, lat: float) -> Point:
    """As `plane`, with the top of the picture at zero."""
    x, y = plane(turned, lat)
    return x, y - _TOP


def position(lon: float, lat: float) -> Point:
    """The place of a longitude and latitude (degrees) in the picture, in tenths of a point from the top left."""
    return placed(turned(lon), lat)


def edge() -> list[Point]:
    """The outline of the globe between the northern and southern limit of the picture, as a ring."""
    steps = [SOUTH + (NORTH - SOUTH) * index / 48 for index in range(49)]
    return [placed(-180.0, lat) for lat in reversed(steps)] + [placed(180.0, lat) for lat in steps]


def graticule() -> list[list[Point]]:
    """Meridians and parallels every 30 degrees, as lines."""
    lats = [SOUTH + (NORTH - SOUTH) * index / 24 for index in range(25)]
    meridians = [[placed(float(east), lat) for lat in lats] for east in range(-150, 180, 30)]
    parallels = [[placed(-180.0, float(lat)), placed(180.0, float(lat))] for lat in range(-30, 90, 30)]
    return meridians + parallels
