"""Which field tells one record from another?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ltrr_cli.catalog import values
from ltrr_cli.catalog.names import ROLES, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

IDS = 0.9  # of its values differ, in a field of ids
FEW = 4  # records from which on a single repeated id is a slip: in a short catalog it is more than a tenth


def best_id(records: Sequence[dict[str, Any]]) -> str:
    """Return the field that can be the id of most of *records*, "" if there is none.

    >>> best_id([{"name": "Lamp", "sku": sku} for sku in ("a1", "a2", "a2", "a3")])
    'sku'
    >>> best_id([{"name": "Lamp"}, {"name": "Chair"}])
    ''
    """
    best: tuple[int, int, str] | None = None
    keys = dict.fromkeys(key for record in records for key in record)
    for position, key in enumerate(keys):
        name = plain(key)
        role, rank = ROLES.get(name, ("", 0))
        if role != "id":
            if not name.endswith(("_id", "_no", "_nr", "_key", "_code", "_ref", "_number", "_sku")):
                continue
            rank = 1000 + position
        found = [identifier for record in records if (identifier := values.identifier(record.get(key)))]
        surely = rank < 2
        again = len(found) - len(set(found))
        slip = role == "id" and again == 1 and len(found) >= FEW  # in a short catalog one repeated id is more than a tenth
        if not found or (len(set(found)) < len(found) * (0.5 if surely else IDS) and not slip):
            continue
        if len(found) * 5 < len(records) and not surely:
            continue
        if best is None or (rank, -len(found)) < best[:2]:
            best = rank, -len(found), key
    return best[2] if best else ""
