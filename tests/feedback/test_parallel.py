"""Processes that write at the same time lose nothing and fail nowhere."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import ltrr_cli
from ltrr_cli.feedback.store import Store
from ltrr_cli.learn.fold import fold
from ltrr_cli.records import Page
from ltrr_cli.settings import Settings

WRITERS, EVENTS = 8, 200

TEACH = """
import sys
from ltrr_cli.feedback.record import record
from ltrr_cli.feedback.store import Store
from ltrr_cli.settings import Settings

path, me, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
things = [f"thing{i}" for i in range(40)]
store = Store(path)
searches = [id for (id,) in store.rows("SELECT id FROM searches WHERE user=? ORDER BY seq", (me,))]
for i in range(count):
    if i % 5 == 0:  # as new processes do
        store.close()
        store = Store(path)
    line = {"search_id": searches[i // 10], "rank": 1 + i % 10, "event_id": f"{me}-{i}"}
    receipt = record(store, [line], settings=Settings(), exists=things.__contains__, ranks=lambda q: {"lexical": things}, now=2e9)
    assert receipt.kept == 1, receipt
"""

SEARCH = """
import sys
from ltrr_cli.feedback.log import new_search_id
from ltrr_cli.feedback.store import Store
from ltrr_cli.policy.shares import named
from ltrr_cli.records import Choice, Page, Query, Result
import os

path, count = sys.argv[1], int(sys.argv[2])
plan = named("lexical:10")
for i in range(count):
    with Store(path) as store:
        store.policy_state()
        choice = Choice("fixed", plan, 1.0, False, (plan,), (1.0,), i, 0)
        results = tuple(Result(r, f"thing{r}", "", "", 1.0, {}, {}, {}) for r in range(1, 11))
        query = Query("shoe", ("shoe",), now=2e9)
        page = Page(new_search_id(2e9, os.urandom(5)), query, 10, choice, results, 10, 1.0, "1")
        store.log_search(page, drawn={"lexical": []}, x=[0.0] * 15, query_class="word")
"""


def test_eight_teach_while_two_search_and_every_event_counts_once(
    tmp_path: Path, search: Callable[..., Page], store: Store
) -> None:
    for writer in range(WRITERS):
        for _ in range(EVENTS // 10):
            search(f"query {writer}", now=2e9, user=str(writer))
    path = f"{tmp_path}/state.db"
    env = {**os.environ, "PYTHONPATH": str(Path(ltrr_cli.__file__).parent.parent)}
    runs = [(TEACH, path, str(writer), str(EVENTS)) for writer in range(WRITERS)] + [(SEARCH, path, "100")] * 2
    jobs = [subprocess.Popen([sys.executable, "-c", *run], env=env, stderr=subprocess.PIPE, text=True) for run in runs]
    assert [(job.communicate()[1], job.returncode) for job in jobs] == [("", 0)] * len(jobs)

    assert store.rows("SELECT count(*), count(DISTINCT event_id) FROM events") == [(WRITERS * EVENTS,) * 2]
    assert store.rows("SELECT count(*) FROM searches WHERE key='shoe'") == [(200,)]
    assert store.policy_state().version == WRITERS * EVENTS  # each was a new item of its search: each was learned
    assert store.check() == []
    before = store.policy_state().to_bytes(), *(store.rows(f"SELECT * FROM {t}") for t in ("q2e", "arms", "exposure"))
    fold(store, Settings())  # what was learned side by side is what the log says in order
    assert before == (store.policy_state().to_bytes(), *(store.rows(f"SELECT * FROM {t}") for t in ("q2e", "arms", "exposure")))
