"""What is on file as a file that an import reads again: the columns of each kind of import, under its own headings."""

from collections.abc import Iterator, Sequence
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext

from bulou.directory.models import Account
from bulou.exchange.exports.sources import Head, Table, Value
from bulou.exchange.imports import outgoing
from bulou.exchange.imports.kinds import Kind
from bulou.web.words import say

SAME_FORM = "import-"
"""How the names of these lists begin."""
OF_PEOPLE = frozenset({"people", "cases", "facts"})


class KindSource:
    """All of one kind of import in an area, for `exchange.exports`."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    @property
    def title(self) -> str:
        return gettext("%(kind)s, to be imported again") % {"kind": say(self._kind.title)}

    def is_open_to(self, account: Account) -> bool:
        """True for everybody who may take lists out."""
        return True

    def address(self, query: str, area: str) -> str:
        """The page these files are asked for from."""
        return reverse("imports")

    def filters(self, query: str, area: str) -> Sequence[tuple[str, str]]:
        """Nothing is left out."""
        return []

    def read(self, query: str, area: str, account: Account, *, full: bool) -> Table:
        """Everything of the kind in the area."""
        heads = [Head(column.field, say(column.title)) for column in outgoing.columns(self._kind)]
        table = Table(title=self.title, heads=heads, filters=[], size=None)
        table.rows = self._counted(table, area, full=full)
        return table

    def people(self, query: str, area: str, account: Account, most: int) -> int:
        """How many rows are about a person, counted to `most`."""
        rows = outgoing.rows(self._kind, area, full=False) if self._kind.brings in OF_PEOPLE else iter(())
        return sum(1 for _ in islice(rows, most))

    def _counted(self, table: Table, area: str, *, full: bool) -> Iterator[Sequence[Value]]:
        of_people = self._kind.brings in OF_PEOPLE
        for row in outgoing.rows(self._kind, area, full=full):
            table.people += of_people
            yield row
