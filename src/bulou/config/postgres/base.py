"""The connection: joins the embedded server, waits while a server starts, and says plainly what is wrong."""

import select
import time
from typing import Any

import psycopg
from django.db import utils
from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import Field, Model
from psycopg.pq import TransactionStatus
from psycopg.types.datetime import TimestamptzLoader

from bulou.config import database
from bulou.config.faults import problem_of, too_old
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text

OLDEST = 18
PATIENCE = 60.0
"""Seconds a connection waits for a server that is starting up or was just killed."""


class DatabaseUnavailableError(BulouError, utils.OperationalError):
    """The database cannot be reached or used, with what to do about it. Django sees an OperationalError."""


class SchemaEditor(DatabaseSchemaEditor):
    """Makes no second index for LIKE where the column's own order ("C") already serves it."""

    def _create_like_index_sql(self, model: type[Model], field: "Field[Any, Any]") -> Any:
        collation = field.db_parameters(self.connection).get("collation")
        return None if collation == "C" else super()._create_like_index_sql(model, field)  # type: ignore[misc]


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection per thread, as Django knows it."""

    SchemaEditorClass = SchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection to a living server of a supported version. DatabaseUnavailableError otherwise."""
        deadline = time.monotonic() + PATIENCE
        server = database.embedded()
        while True:
            try:
                if server:
                    server.ensure()
                return super().get_new_connection(conn_params)
            except psycopg.OperationalError as error:
                if server:
                    server.doubt()
                problem = problem_of(error) or _unknown(error)
                if not _may_pass(problem.code) or time.monotonic() > deadline:
                    raise DatabaseUnavailableError(problem) from error
                time.sleep(0.1)
            except BulouError as error:
                raise DatabaseUnavailableError(*error.problems) from error

    def init_connection_state(self) -> None:
        """Instants are read by psycopg's own reader: the session's zone is UTC, as Django asks for it."""
        super().init_connection_state()
        self.connection.adapters.register_loader("timestamptz", TimestamptzLoader)

    def create_cursor(self, name: str | None = None) -> Any:
        """Django would look, for each cursor, whether its reader of instants is of the right zone."""
        if name is None:
            return self.connection.cursor()
        return self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)

    def is_usable(self) -> bool:
        """Whether the connection lives. A server that was asked nothing has nothing to say, unless it hung up: no query
        is needed to see that, only where an error or something unasked makes one doubt.
        """
        if self.connection is None or self.connection.closed:
            return False
        if not self.errors_occurred and self.connection.pgconn.transaction_status == TransactionStatus.IDLE:
            asked = select.poll()
            asked.register(self.connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
            if not asked.poll(0):
                return True
        return bool(super().is_usable())

    def check_database_version_supported(self) -> None:
        if self.pg_version < OLDEST * 10_000:
            raise DatabaseUnavailableError(*too_old(self.pg_version // 10_000).problems)


def _may_pass(code: str) -> bool:
    """True for what a moment's patience may cure."""
    if code == "database.starting":
        return True
    return code in ("database.down", "database.busy") and database.embedded() is not None


def _unknown(error: Exception) -> Problem:
    return Problem("database.refused", Text(zh=f"数据库拒绝了连接：{error}", en=f"The database refused: {error}"))
