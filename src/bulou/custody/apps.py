"""Custody as a Django app."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "bulou.custody"
    label = "custody"
