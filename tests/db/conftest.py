"""Tests against the database."""

import pytest


@pytest.fixture(autouse=True)
def database(db: None) -> None:
    """Every test here has the database, rolled back afterwards."""
