"""Row-level security as SQL: what the migrations of every room say."""

import pytest

from bulou.directory.rls import APP, OPEN, open_to_all, protect
from bulou.kernel.errors import BulouError


def test_a_protected_table_has_its_policy_on_and_its_rights_given() -> None:
    on, policy, grant = protect("visit")

    assert on == "ALTER TABLE visit ENABLE ROW LEVEL SECURITY"
    assert policy.startswith(f"CREATE POLICY visit_scope ON visit TO {APP} USING (")
    assert grant == f"GRANT SELECT, INSERT, UPDATE ON visit TO {APP}"


def test_what_may_be_read_is_what_may_be_written() -> None:
    policy = protect("visit")[1]
    using, check = policy.split(" USING (")[1].split(") WITH CHECK (")

    assert check == using + ")"
    assert "current_setting('bulou.lo', true)" in using
    assert "current_setting('bulou.hi', true)" in using


def test_the_area_may_stand_in_another_column() -> None:
    assert "from_area >= " in protect("visit", "from_area")[1]


@pytest.mark.parametrize(
    ("rights", "granted"),
    [
        ({}, "SELECT, INSERT, UPDATE"),
        ({"update": False}, "SELECT, INSERT"),
        ({"delete": True}, "SELECT, INSERT, UPDATE, DELETE"),
        ({"insert": False, "update": False}, "SELECT"),
    ],
)
def test_rights_are_given_one_by_one(rights: dict[str, bool], granted: str) -> None:
    for statements in (protect("visit", **rights), open_to_all("visit", "why", **rights)):
        assert statements[-1] == f"GRANT {granted} ON visit TO {APP}"


def test_an_open_table_keeps_its_reason() -> None:
    comment, _ = open_to_all("season", "it's public")

    assert comment == f"COMMENT ON TABLE season IS '{OPEN}it''s public'"


@pytest.mark.parametrize("name", ["", "a b", "x; DROP TABLE person", 'per"son', "1st"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BulouError):
        protect(name)
    with pytest.raises(BulouError):
        protect("visit", name)
    with pytest.raises(BulouError):
        open_to_all(name, "why")
