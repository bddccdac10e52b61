"""The VROOM dialect: job-only requests in, VROOM's answers out, with the superset's keys."""

from routing.formats.request import Request
from routing.formats.vroom.document import parse
from routing.formats.vroom.reader import read
from routing.formats.vroom.solutions import read_solution
from routing.formats.vroom.writer import geojson, write, write_error

__all__ = ["Request", "geojson", "parse", "read", "read_solution", "write", "write_error"]
