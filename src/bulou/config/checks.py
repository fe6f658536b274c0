"""Numbered checks of the deployment, run by `bulou check` and before the server starts."""


def register() -> None:
    """Make Django run the checks of this module."""
