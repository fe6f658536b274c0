"""Imports as a Django app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "bulou.exchange.imports"
    label = "imports"

    def ready(self) -> None:
        from bulou.directory import erasing as rooms
        from bulou.exchange.imports import erasing

        rooms.register(erasing.erase)
