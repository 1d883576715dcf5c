"""A page of results to choose from with keys: where one stands on it, and how it looks. It reads no key itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ltrr_cli.cli.render import clean, number
from ltrr_cli.cli.snippet import marks, snippet, sought

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from ltrr_cli.records import Page, Result

    Find = Callable[[str, bool], Page]  # answers a query; True where it is only looked at while it is being typed

FAR = 10**9
MOVES = {"up": -1, "k": -1, "down": 1, "j": 1, "home": -FAR, "g": -FAR, "end": FAR, "G": FAR}
AROUND = 3  # lines beside the results: the query above, more of the result at hand and the keys below
KEYS = "Enter take  Esc leave  / edit  \N{UPWARDS ARROW}\N{DOWNWARDS ARROW} move"  # which fits 40 columns
TYPING = "Enter search  Esc back  Ctrl-U clear"


class Chooser:
    """One page, the place on it, and the query while it is being typed.

    What is being typed is looked up without a trace; Enter searches for it as `ltrr search` does.
    """

    def __init__(self, find: Find, query: str | None) -> None:
        self._find = find
        self.page = find(query or "", query is None)
        self.searched = None if query is None else self.page  # what Escape goes back to
        self.typed = None if self.page.results and self.searched else query or ""  # the query while it is being typed
        self.at = self.top = 0  # the result at hand, and the first one on the screen
        self.room = 1  # results that fit on the screen
        self.stale = self.left = self.taken = False

    @property
    def chosen(self) -> Result | None:
        """The result at hand."""
        return self.page.results[self.at] if self.page.results else None

    def press(self, key: str) -> None:
        """Do what *key* stands for."""
        if key == "gone":
            self.left = True
        elif self.typed is not None:
            self._type(key, self.typed)
        elif key in MOVES:
            self._move(MOVES[key])
        elif key in ("pageup", "pagedown", " "):
            self._move(-self.room if key == "pageup" else self.room)
        elif key in "123456789":
            self._move(int(key) - 1 - self.at)
        elif key == "enter":
            self.taken = self.chosen is not None
        elif key in ("escape", "q"):
            self.left = True
        elif key in ("/", "backspace"):
            self.typed = self.page.query.text

    def _move(self, by: int) -> None:
        self.at = max(0, min(self.at + by, len(self.page.results) - 1))

    def _type(self, key: str, typed: str) -> None:
        if key in ("enter", "tab", "up", "down"):
            if self.searched is None or typed != self.searched.query.text:
                self.searched = self._find(typed, False)
            self._settle(self.searched)
        elif key == "escape":
            if self.searched is None or not self.searched.results:
                self.left = True
            else:
                self._settle(self.searched)
        else:
            shorter = {"backspace": typed[:-1], "clear": "", "clear word": typed.rstrip().rpartition(" ")[0]}
            self.typed = shorter.get(key, typed + key if len(key) == 1 else typed)
            self.stale = self.stale or self.typed != typed

    def _settle(self, page: Page) -> None:
        self._show(page)
        self.typed, self.stale = None if page.results else page.query.text, False

    def look(self) -> None:
        """Look up what has been typed meanwhile."""
        if self.typed is not None:
            self._show(self._find(self.typed, True))
        self.stale = False

    def _show(self, page: Page) -> None:
        self.page, self.at, self.top = page, 0, 0

    def drawn(self, out: TextIO, width: int, height: int) -> list[str]:
        """Return the screen as at most *height* lines of fewer than *width* cells, in the colours that *out* has."""
        self.room = max(1, height - AROUND)
        self.top = max(0, min(self.top, self.at), self.at - self.room + 1)
        console = Console(file=out, force_terminal=True, width=width, highlight=False, emoji=False)
        found = []
        for line in list(self._lines())[:height]:
            line.truncate(width - 1, overflow="ellipsis")
            with console.capture() as capture:
                console.print(line, end="", no_wrap=True, overflow="crop")
            found.append(capture.get())
        return found

    def _lines(self) -> Iterator[Text]:
        results, wanted = self.page.results, sought(self.page.query)
        head = Text("search ", "dim").append(clean(self.page.query.text if self.typed is None else self.typed), "bold not dim")
        yield head.append(" ", "reverse") if self.typed is not None else head.append(f"  {self.at + 1} of {len(results)}")
        if not results:
            yield Text("nothing found", "dim")
        for r in results[self.top : self.top + self.room]:
            title, more = clean(r.title), snippet(r.entity, r.title, wanted)
            here = self.typed is None and r is self.chosen
            line = Text(f"{'>' if here else ' '}{r.rank:>3}  {title}")
            for start, end in marks(title, wanted):
                line.stylize("bold", start + 6, end + 6)
            line.append(f"  {clean(r.type)}" + (f"  {more}" if more else ""), "dim")
            if here:
                line.stylize("reverse")
            yield line
        if self.typed is None and self.chosen:
            yield Text(f"{clean(self.chosen.id)}  score {number(self.chosen.score)}  by {', '.join(self.chosen.arms)}", "dim")
        yield Text(KEYS if self.typed is None else TYPING, "dim")
