"""Monitoring as a Django app: at start it asks the ledger to be told of visits and of what its registers hold."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "bulou.no_miss.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        from bulou.ledger import following
        from bulou.no_miss.monitoring import follower

        following.register(follower.KINDS, follower.follow)
