"""What `bulou ledger replay` says of the lines it is given, and what it makes of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bulou.cli.main import main

Replay = Callable[..., Result]
FEVER = {
    "id": "f1",
    "kind": "temperature.read",
    "subject": "person:a",
    "area": "450102",
    "at": "2020-02-03T08:00:00+08:00",
    "by": "unit:u",
    "data": {"celsius": 38.1},
    "supersedes": None,
}
DUTY = {
    "duty": "little/fever-seen",
    "subject": "person:a",
    "opens_at": "2020-02-03T08:00:00+08:00",
    "due_at": "2020-02-03T10:00:00+08:00",
    "state": "missed",
    "discharged_by": None,
}


@pytest.fixture
def replay(shelf: Path, tmp_path: Path) -> Replay:
    """`replay(line, …)`: the little plan on these lines, by the reference. What is no text becomes JSON."""

    def run(*lines: Any, lang: str = "en", now: str = "2020-02-04T08:00") -> Result:
        path = tmp_path / "facts.jsonl"
        path.write_bytes(b"".join(_bytes(line) + b"\n" for line in lines))
        arguments = [
            "ledger",
            "replay",
            str(shelf / "little"),
            "--facts",
            path.name,
            "--now",
            now,
            "--engine",
            "python",
        ]
        return CliRunner().invoke(main, arguments, env={"BULOU_LANG": lang})

    return run


def _bytes(line: Any) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)).encode()


def fact(**changes: Any) -> dict[str, Any]:
    return FEVER | changes


def test_duties_go_to_the_output_and_the_count_of_facts_beside_it(replay: Replay) -> None:
    done = replay(FEVER)

    assert (done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]) == (0, [DUTY])
    assert done.stderr == "facts.jsonl: facts: 1.\n"


def test_every_line_is_accounted_for(replay: Replay) -> None:
    later = fact(id="f2", at="2020-02-04T08:00:01+08:00")

    assert replay(FEVER, FEVER, "", later).stderr == (
        "facts.jsonl: facts: 2, lines that repeat one: 1; later than now, not counting yet: 1.\n"
    )
    assert replay(FEVER, FEVER, later, lang="zh").stderr == (
        "facts.jsonl：事实 2 条，重复的行 1；晚于截至时刻、尚不计入的 1。\n"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "no.such"}, "kind: There is no fact kind 'no.such'."),
        ({"subject": "nobody"}, "subject: 'nobody' is no subject."),
        ({"subject": "person:"}, "subject: 'person:' is no subject."),
        ({"subject": "place:p"}, "subject: temperature.read is about person, not place."),
        ({"area": "Guangxi"}, "area: 'Guangxi' is not an area code."),
        ({"area": None}, "area: area is missing."),
        ({"data": {"celsius": 38.1, "colour": "red"}}, "data.colour: "),
        ({"data": {"celsius": "38.1"}}, "data.celsius: "),
        ({"weather": "fine"}, "weather: A fact has no key weather."),
    ],
)
def test_what_could_not_be_recorded_is_told_and_counts_as_written(
    changes: dict[str, Any], said: str, replay: Replay
) -> None:
    done = replay(FEVER, fact(id="f2", **changes), fact(id="f3", **changes))

    assert done.exit_code == 0
    assert DUTY in map(json.loads, done.stdout.splitlines())
    [_, doubt] = done.stderr.splitlines()
    assert doubt.startswith(f"facts.jsonl:2: {said}")
    assert doubt.endswith(" (lines: 2) It counts as written.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "f2",', "Not JSON from column 13 on: Expecting property name enclosed in double quotes."),
        ("[]", "A fact is a JSON object."),
        (b"\xff\xfe", "It is not text in UTF-8."),
        ("[" * 100_000, "Cannot be read: it is nested too deeply."),
        ('{"at": 1e9999999999999999999}', "Cannot be read: 1e9999999999999999999 is not a number that can be used."),
        ('{"at": NaN}', "Cannot be read: NaN is not a number that can be used."),
        ({}, "id: id is missing."),
        (fact(id=7), "id: id must be text."),
        (fact(area=45), "area: area must be text."),
        (fact(supersedes=["f1"]), "supersedes: supersedes must be text."),
        (fact(data=[38]), "data: data must be an object."),
        (fact(by="a\x00b"), "by: It holds characters that cannot be kept."),
        ('{"subject": "person:\\ud800"}', "subject: It holds characters that cannot be kept."),
        (fact(at="2020-02-03"), "at: '2020-02-03' is no instant with an offset, such as 2020-02-10T12:00:00+08:00."),
        (fact(at="2020-02-30T08:00:00Z"), "at: '2020-02-30T08:00:00Z' is no instant"),
        (fact(at="0001-01-01T00:00:00+08:00"), "at: 0001-01-01T00:00:00+08:00 lies outside the years 1900 to 2199."),
        (fact(at="9999-12-31T23:59:59-08:00"), "at: 9999-12-31T23:59:59-08:00 lies outside the years"),
        (fact(data={"celsius": 38}), "id: f1 is another fact in line 1; to correct it, record one that supersedes it."),
    ],
)
def test_a_line_that_is_no_fact_is_named_and_nothing_is_worked_out(line: Any, said: str, replay: Replay) -> None:
    done = replay(FEVER, line)

    assert (done.exit_code, done.stdout) == (1, "")
    [refused, count] = done.stderr.splitlines()
    assert refused.startswith(f"facts.jsonl:2: {said}")
    assert count.startswith("Lines that cannot be used: 1; facts: ")


def test_of_many_bad_lines_the_first_are_named_and_all_are_counted(replay: Replay) -> None:
    said = replay(*["{"] * 500, lang="zh").stderr.splitlines()

    assert said[0] == "facts.jsonl:1: 第 2 列起不是 JSON。"
    assert len(said) == 21
    assert said[-1] == "不能用的行：500；事实：0。没有推算，也没有丢失任何内容；请改好这些行再试。"


def test_a_file_saved_by_an_editor_of_another_system_is_read(replay: Replay) -> None:
    marked = b"\xef\xbb\xbf" + _bytes(FEVER) + b"\r"

    assert [json.loads(line) for line in replay(marked, b"\r").stdout.splitlines()] == [DUTY]


@pytest.mark.parametrize("now", ["soon", "0001-01-01", "9999-12-31T23:59:59-12:00"])
def test_an_instant_nobody_lives_to_see_is_wrong_usage(now: str, replay: Replay) -> None:
    done = replay(FEVER, now=now)

    assert done.exit_code == 2
    assert now in done.stderr
