"""Where Bulou keeps what belongs to this installation: the embedded database and its secrets."""

import base64
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

import platformdirs

from bulou.kernel.errors import BulouError


def data_dir() -> Path:
    """`BULOU_DATA_DIR`, or the user's data directory; made on first use.

    Others may not list it; they may pass through it where root runs the server as another user.
    """
    path = Path(os.environ.get("BULOU_DATA_DIR") or platformdirs.user_data_dir("bulou")).expanduser().resolve()
    try:
        path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BulouError.of(
            "home.unwritable",
            f"无法创建数据目录（{error.strerror}）。请检查权限和磁盘，或用 BULOU_DATA_DIR 指定别的目录。",
            f"The data directory cannot be made ({error.strerror}). "
            "Check its permissions and the disk, or name another in BULOU_DATA_DIR.",
            where=str(path),
        ) from error
    return path


def random_key() -> str:
    """256 random bits, URL-safe."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def secret(name: str) -> str:
    """The installation's secret of this name: from `BULOU_<NAME>`, or generated on first use and kept with mode 0600.

    Two processes that ask first at once get the same one.
    """
    if given := os.environ.get(f"BULOU_{name.upper()}"):
        return given
    path = data_dir() / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write_once(path, random_key())
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    """Write a file whole or not at all; the first writer wins."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()
