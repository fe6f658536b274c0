"""Imports as a Django app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "bulou.exchange.imports"
    label = "imports"
