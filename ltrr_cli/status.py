"""What is in a state folder: entities, fields, sizes, versions, ages."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from ltrr_cli.rank.base import chosen
from ltrr_cli.workspace import FORMAT

if TYPE_CHECKING:
    from ltrr_cli.desk import Desk


def status(engine: Desk) -> dict[str, Any]:
    """Return what `ltrr status` shows of the folder that *engine* has open."""
    meta, store, folder = engine.generation.meta, engine.store, engine.generation.folder
    ((searches,),) = store.rows("SELECT count(*) FROM searches")
    ((events,),) = store.rows("SELECT count(*) FROM events")
    ((queries,),) = store.rows("SELECT count(*) FROM queries")
    popularity, references = meta["quality"]["popularity"], meta["quality"]["references"]
    return {
        "folder": engine.workspace.folder,
        "format": FORMAT,
        "generation": engine.generation.name,
        "built": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(meta["built"])),
        "entities": meta["live"],
        "deleted_rows": meta["rows"] - meta["live"],
        "types": meta["counts"],
        "fields": meta["mapping"],
        "languages": meta["languages"],
        "quality_from": "popularity" if popularity else "references" if references else None,
        "words": len(engine.generation.vocabulary),
        "encoder": meta["encoder"],
        "vectors": os.path.exists(os.path.join(folder, "codes.i8")),
        "graph": os.path.exists(os.path.join(folder, "graph.hnsw")),
        "bad_records": meta["bad"],
        "searches": searches,
        "events": events,
        "remembered_queries": queries,
        "policy_version": store.policy_state().version,
        "ranker": chosen(engine.settings.ranker, store.model()).name,
        "policies": {one.policy: one._asdict() for one in engine.watched()},
        "bytes": {
            "index": _size(folder),
            "state": sum(os.path.getsize(p) for p in (store.path, store.path + "-wal") if os.path.exists(p)),
            "all": _size(engine.workspace.folder),
        },
        "settings": engine.settings._asdict(),
    }


def _size(folder: str) -> int:
    """Bytes on disk below *folder*; a file that several generations share counts once."""
    files = {
        (f.st_dev, f.st_ino): f.st_size
        for where, _, names in os.walk(folder)
        for f in (os.stat(os.path.join(where, n)) for n in names)
    }
    return sum(files.values())
