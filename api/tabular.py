"""Tables as CSV that a spreadsheet opens safely."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    r"""Rows as CSV (RFC 4180) with a line of column names; ``None`` is an empty cell.

    >>> as_csv(("name", "bills"), [("Ann", 2), ("=1+1", None)])
    "name,bills\r\nAnn,2\r\n'=1+1,\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    """Text that a spreadsheet does not take for a formula (OWASP, "CSV Injection"); numbers stay as they are."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value
