"""The API as a Django app: its one table, the tokens."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "bulou.api"
    label = "api"
