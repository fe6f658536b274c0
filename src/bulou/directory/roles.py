"""The one role vocabulary, and how the documents spell it. Pure Python, read from the YAML beside it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict

from bulou.kernel.text import Text

Tier = Literal["province", "city", "county", "town", "village", "place", "any"]
MARKS = ("person", "public", "units")
"""Not roles: a natural person, everybody, and "all departments", none of which can owe a duty by a clock."""
ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")
"""Three duties, three people: who runs the accounts, who guards them, who reads what was done."""
_HERE = Path(__file__).parent


class Role(BaseModel):
    """What a unit answers for. `tier` is the tier of area it is found at, `any` where there are several."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: str
    zh: str
    en: str
    tier: Tier

    @property
    def title(self) -> Text:
        return Text(zh=self.zh, en=self.en)


def _read_roles() -> dict[str, Role]:
    rows = [Role.model_validate(row) for row in yaml.safe_load((_HERE / "roles.yaml").read_text("utf-8"))]
    roles = {row.role: row for row in rows}
    if len(roles) != len(rows):
        raise ValueError("roles.yaml names a role twice")
    return roles


ROLES: Mapping[str, Role] = MappingProxyType(_read_roles())
"""Every role by name, in the order of roles.yaml."""
TIERS: tuple[str, ...] = get_args(Tier)


@cache
def spellings() -> Mapping[str, str]:
    """Spelling to role or mark, as actors.yaml has it. ValueError for an unknown role or a spelling given twice."""
    found: dict[str, str] = {}
    for target, names in yaml.safe_load((_HERE / "actors.yaml").read_text("utf-8")).items():
        if target not in ROLES and target not in MARKS:
            raise ValueError(f"actors.yaml: {target!r} is neither a role nor one of {', '.join(MARKS)}")
        for name in names:
            if name in found:
                raise ValueError(f"actors.yaml: {name!r} stands under {found[name]!r} and {target!r}")
            found[name] = target
    return MappingProxyType(found)


def role_of(spelling: str) -> str | None:
    """The role (or mark, see `MARKS`) an actor of a document stands for; None where the spelling is not known.

    A role's own name stands for itself.
    """
    return spellings().get(spelling, spelling if spelling in ROLES else None)
