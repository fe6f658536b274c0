"""Areas as clerks write them: a code, padded with zeros or not, or names from the province down to the community."""

import re
from collections.abc import Iterable, Mapping

from django.db.models import Q

from bulou.directory.models import Area
from bulou.exchange.imports.refusing import CellError
from bulou.kernel.areas import LEVELS, ancestry, contains, prefix_range

_COMMITTEE = re.compile(r"(居民委员会|村民委员会|居委会|村委会|办事处)$")
_BETWEEN = re.compile(r"[\s/\\>＞\-—·,，、|]+")
_PADDED = (12, 9, 6, 4, 2)
Found = Mapping[str, str | CellError]


class AreaFinder:
    """Finds areas for a sender whose own area is `within`. Remembers what it found."""

    def __init__(self, within: str) -> None:
        self._within = within
        self.known: dict[str, str | CellError] = {}
        self._names: dict[str, list[str]] | None = None
        self._called: dict[str, str] = {}

    def find(self, texts: Iterable[str]) -> Found:
        """Each text to its code, or to why it has none. One query for codes, one ever for names."""
        new = {text for text in texts if text not in self.known}
        codes = {text for text in new if text.isascii() and text.isdigit()}
        if codes:
            self._find_codes(codes)
        for text in new - codes:
            self.known[text] = self._by_name(text)
        return self.known

    def _find_codes(self, codes: set[str]) -> None:
        tried = {
            text: [text, *(text[:n] for n in _PADDED if n < len(text) and not text[n:].strip("0"))] for text in codes
        }
        wanted = {code for several in tried.values() for code in several if len(code) in LEVELS}
        known = set(Area.objects.filter(code__in=wanted).values_list("code", flat=True))
        for text, several in tried.items():
            code = next((code for code in several if code in known), None)
            self.known[text] = self._inside(text, code) if code else _unknown(text)

    def _inside(self, text: str, code: str) -> str | CellError:
        return code if contains(self._within, code) else _outside(text)

    def _by_name(self, text: str) -> str | CellError:
        whole = _BETWEEN.sub("", text)
        names = self._load()
        for start in range(len(whole)):
            found = [c for c in names.get(whole[start:], ()) if self._leads(whole[:start], c)]
            if len(found) == 1:
                return found[0]
            if found:
                return _several(text, found)
        return _unknown(text)

    def _leads(self, before: str, code: str) -> bool:
        """True where what stands before a name is the names of the areas it lies in, some perhaps left out."""
        for above in reversed(ancestry(code)[:-1]):
            for name in _names(self._called.get(above, "")):
                if before.endswith(name):
                    before = before[: -len(name)]
                    break
        return not before

    def _load(self) -> dict[str, list[str]]:
        if self._names is None:
            lo, hi = prefix_range(self._within)
            inside = Q(code__gte=lo, code__lt=hi) | Q(code__in=ancestry(self._within))
            rows = Area.objects.filter(inside, valid_to=None).exclude(code="").values_list("code", "name")
            self._called = dict(rows.iterator(chunk_size=20_000))
            self._names = {}
            for code, called in self._called.items():
                if contains(self._within, code):
                    for name in _names(called):
                        self._names.setdefault(name, []).append(code)
        return self._names


def _names(called: str) -> list[str]:
    """A name with what clerks leave out of it, the longest first: `蓉芳里社区居委会`, `蓉芳里社区`, `蓉芳里`."""
    short = _COMMITTEE.sub("", called)
    found = [called, short, short.removesuffix("社区"), f"{short}社区", f"{short}村"]
    return sorted({name for name in found if len(name) > 1}, key=lambda name: (-len(name), name))


def _unknown(text: str) -> CellError:
    return CellError(
        "area_unknown",
        f"找不到属地“{text[:60]}”。请写区划代码（村居 12 位），或从区县写到社区的名称。",
        f"No area {text[:60]!r} is known here. Write its code (12 digits for a community), or its names in full.",
    )


def _outside(text: str) -> CellError:
    return CellError(
        "area_outside",
        f"“{text[:60]}”不在您的属地范围内，这一行没有存入。请由当地责任单位导入，或核对代码。",
        f"{text[:60]!r} lies outside your area, so it was not taken. Leave it to the unit there, or check the code.",
    )


def _several(text: str, codes: list[str]) -> CellError:
    return CellError(
        "area_several",
        f"“{text[:60]}”有 {len(codes)} 处同名（{'、'.join(codes[:3])}）。请写代码，或在前面加上街道、区县。",
        f"{text[:60]!r} is the name of {len(codes)} areas ({', '.join(codes[:3])}). Write its code, or more names.",
    )
