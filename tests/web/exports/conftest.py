"""Exports of the small world: asked for, made as their job makes them, and read back."""

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from bulou.directory.models import Account
from bulou.directory.scope import everywhere, for_account
from bulou.directory.session_store import PROVEN
from bulou.exchange.exports import files, services
from bulou.exchange.exports.models import Export
from bulou.exchange.jobs.models import Job
from bulou.exchange.jobs.running import execute
from bulou.kernel import clock

Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORTS = tmp_path / "exports"
    return Path(settings.EXPORTS)


@pytest.fixture
def enter(enter: Callable[..., Client]) -> Callable[..., Client]:
    """`enter(account)`: a browser of somebody who showed just now who they are."""

    def proven(account: Account, language: str = "zh-hans") -> Client:
        browser = enter(account, language)
        session = browser.session
        session[PROVEN] = time.time()
        session.save()
        return browser

    return proven


@pytest.fixture
def ask() -> Callable[..., Export]:
    """`ask(account, "people", "csv")`: an export asked for; nothing is made yet."""

    def asked(account: Account, list: str = "people", format: str = "csv", query: str = "", **given: Any) -> Export:
        given = {"purpose": "report", "area": account.area, **given}
        with for_account(account) as at, clock.at(at), translation.override(account.language):
            return services.ask(list, query, format, account=account, **given)

    return asked


@pytest.fixture
def make(ask: Callable[..., Export]) -> Make:
    """`make(account, "people", "csv")`: the file of an export, made by its job."""

    def made(account: Account, list: str = "people", format: str = "csv", query: str = "", **given: Any) -> Path:
        export = ask(account, list, format, query, **given)
        do(export)
        return files.path_of(export.id, format)

    return made


def do(export: Export) -> Job:
    """The job of an export, done; as it then is."""
    with everywhere():
        job = Job.objects.get(args__export=str(export.id))
    execute(job.id)
    with everywhere():
        return Job.objects.get(id=job.id)


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def read_xlsx(path: Path) -> tuple[dict[str, str], list[list[Any]]]:
    """The sheet about the file, and the rows of the others with their header."""
    book = openpyxl.load_workbook(path)
    about, *rest = book.worksheets
    lines = {row[0].value: row[1].value for row in about.iter_rows() if row[0].value}
    return lines, [[cell.value for cell in row] for sheet in rest for row in sheet.iter_rows()]


def read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
