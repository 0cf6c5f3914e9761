"""What becomes of rows that come, beside those that are held: new, in the place of another, seen again, or too late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


@dataclass
class Fates:
    """What becomes of the rows that come. `again`: the same content as held, seen later; `coming`: what will hold."""

    new: pa.Table
    changed: pa.Table
    again: pa.Table
    older: pa.Table
    unchanged: int

    def __post_init__(self) -> None:
        self.coming = pa.concat_tables([self.new, self.changed, self.again])


def fates(table: pa.Table, held: pa.Table, *, late: bool, reread: bool = False) -> Fates:
    """What becomes of each row: new, in the place of a lower one, the same again, or itself the lower one.

    `late`: a newer snapshot is here already, so that nothing of this one holds. `reread`: what is held of the very same
    bytes gives way wherever it was read otherwise; `held` are whole rows then.
    """
    if not held.num_rows and not late:
        nothing = table.slice(0, 0)
        return Fates(new=table, changed=nothing, again=nothing, older=nothing, unchanged=0)
    keys = held.column("external_id").combine_chunks()
    at = pc.index_in(table.column("external_id").combine_chunks(), value_set=keys)
    before = {name: held.column(name).combine_chunks().take(at) for name in ("rank", "received_at", "own", "content")}
    now = {name: table.column(name).combine_chunks() for name in before}
    known = pc.is_valid(at)
    same = pc.fill_null(pc.equal(_said(now), _said(before)), False)
    above = pc.and_(pc.fill_null(_above(now, before), False), pa.scalar(not late))
    if reread and held.num_rows:
        before_whole = held.take(at)
        here = [_equal(table.column(name), before_whole.column(name)) for name in ("raw_sha256", "received_at")]
        otherwise = pc.and_(pc.and_(*here), read_otherwise(table, before_whole))
        same, above = pc.and_(same, pc.invert(otherwise)), pc.or_(above, otherwise)
    fresh = pc.and_(pc.invert(known), pa.scalar(not late))
    other = pc.invert(pc.or_(same, fresh))
    return Fates(
        new=table.filter(fresh),
        changed=table.filter(pc.and_(other, above)),
        again=table.filter(pc.and_(same, above)),
        older=table.filter(pc.and_(other, pc.invert(above))),
        unchanged=pc.sum(same).as_py() or 0,
    )


def read_otherwise(now: pa.Table, before: pa.Table) -> Any:
    """For each pair of rows, whether they say something else in any column but when and whence they came."""
    differs = pa.repeat(pa.scalar(False), now.num_rows)
    for name in now.schema.names:
        if name not in ("raw_sha256", "received_at", "row"):
            differs = pc.or_(differs, pc.invert(_equal(now.column(name), before.column(name))))
    return differs


def _equal(ours: Any, theirs: Any) -> Any:
    """Whether two values are the same; nothing is the same as nothing."""
    one, other = _comparable(ours), _comparable(theirs)
    neither = pc.and_(pc.is_null(one), pc.is_null(other))
    return pc.or_(neither, pc.fill_null(pc.equal(one, other), False))


def _comparable(column: Any) -> Any:
    """Values that can be told apart by Arrow: codes as their text, lists as one text."""
    whole = column.combine_chunks()
    if pa.types.is_list(whole.type):
        return pc.binary_join(whole, "\x1f")
    return whole.cast(whole.type.value_type) if pa.types.is_dictionary(whole.type) else whole


def _said(rows: Mapping[str, Any]) -> Any:
    """What tells whether a row changed: its content without what moves by itself, or the whole of it."""
    return pc.if_else(pc.equal(rows["content"], ""), rows["own"], rows["content"])


def _above(now: Mapping[str, Any], before: Mapping[str, Any]) -> Any:
    """Whether a row outranks the one held: by rank, then by when it came, then by its text."""
    result = pc.greater(now["own"], before["own"])
    for name in ("received_at", "rank"):
        equal = pc.equal(now[name], before[name])
        result = pc.if_else(equal, result, pc.greater(now[name], before[name]))
    return result
