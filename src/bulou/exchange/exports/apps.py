"""Exports as a Django app."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "bulou.exchange.exports"
    label = "exports"
