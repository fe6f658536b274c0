"""Alerts as a Django app."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "bulou.alerts"
    label = "alerts"
