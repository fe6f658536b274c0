"""Exports: everyone on file, numbers and addresses unsealed and masked, into each format, by a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from tests.bench import ground
from tests.bench.report import Line

GOALS = {"csv": "≥ 50,000/s", "json": "", "xlsx": ""}
_IDS = "SELECT id FROM person"
_SEAL = """
UPDATE person p SET id_number = s.number, phone = s.phone, household = s.household FROM sealed s WHERE s.id = p.id
"""
_HOUSEHOLDS = """
INSERT INTO household (id, area, address, synthetic)
SELECT s.household, p.area, s.address, true FROM sealed s JOIN person p ON p.id = s.id ON CONFLICT DO NOTHING
"""


def prepare() -> None:
    """A number, a phone and a household for everyone on file: not what is measured."""
    from bulou.directory.crypto import vault
    from bulou.directory.scope import everywhere
    from bulou.ledger.engines import store

    seal = vault().seal
    with everywhere():
        store.execute(
            "CREATE TEMP TABLE sealed (id uuid, household uuid, number bytea, phone bytea, address bytea)"
            " ON COMMIT DROP"
        )
        rows = []
        for n, (id,) in enumerate(store.query(_IDS)):
            house = UUID(int=id.int ^ 1)
            number, phone = f"12010119{n % 100000000:08d}X0"[:18], f"+86139{n % 100000000:08d}"
            rows.append(
                (
                    id,
                    house,
                    seal(number, id, "id_number"),
                    seal(phone, id, "phone"),
                    seal("测试路88号", house, "address"),
                )
            )
        store.write("sealed", ("id", "household", "number", "phone", "address"), rows)
        store.execute(_HOUSEHOLDS)
        store.execute(_SEAL)
    ground.execute_alone("VACUUM ANALYZE person")


def measure(people: int) -> list[Line]:
    """Rows a second and the peak of memory, format by format."""
    prepare()
    lines = []
    for format, goal in GOALS.items():
        said = json.loads(_child(format))
        work = f"{said['rows']:,} people into {format}"
        lines.append(Line("export", work, f"{said['rows'] / said['seconds']:,.0f}/s", goal, said["seconds"]))
        lines.append(Line("export", "… memory at its peak", f"{said['peak'] / 2**20:.0f} MiB", "≤ 256 MiB"))
    return lines


def _child(format: str) -> str:
    env = {**os.environ, "BULOU_EXPORT_APPROVAL": str(10**9)}
    command = [sys.executable, "-m", "tests.bench.exporting", format]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


def export(format: str) -> None:
    """One export, as its job makes it; prints rows, seconds and the peak of memory in bytes."""
    from bulou.cli.database import start_django

    start_django("app")
    from django.utils import translation

    from bulou.directory.models import Account, Unit, UnitRole
    from bulou.directory.scope import for_account
    from bulou.exchange.exports import making, services

    unit, _ = Unit.objects.get_or_create(name="测试市指挥部", area_id="1201")
    UnitRole.objects.get_or_create(unit=unit, role="city_command", defaults={"area": "1201"})
    account, _ = Account.objects.get_or_create(username="bench-export", unit=unit, role="city_command")
    given = {"account": account, "area": "1201", "purpose": "measure", "queued": False}
    with tempfile.TemporaryDirectory() as folder, for_account(account), translation.override("zh-hans"):
        one = services.ask("people", "", format, **given)
        begun = time.perf_counter()
        rows, _ = making.write(one, Path(folder) / f"people.{format}", account)
        seconds = time.perf_counter() - begun
    print(json.dumps({"rows": rows, "seconds": seconds, "peak": _peak()}))


def _peak() -> int:
    """Bytes of memory this process had at most, what its parent had before it apart (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    export(sys.argv[1])
