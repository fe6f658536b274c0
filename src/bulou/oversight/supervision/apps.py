"""Supervision as a Django app: at start it asks the ledger to be told of findings and tours, and asked who closes."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "bulou.oversight.supervision"
    label = "supervision"

    def ready(self) -> None:
        from bulou.ledger import following
        from bulou.oversight.supervision import findings, follower, tours

        following.register(findings.KINDS, follower.follow)
        following.register(tours.KINDS, follower.follow_tours)
        following.guard(findings.CLOSING, follower.refused)
