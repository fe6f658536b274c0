"""Supervision as a Django app: at start it asks the ledger to be told of findings, and to be asked who closes them."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "bulou.oversight.supervision"
    label = "supervision"

    def ready(self) -> None:
        from bulou.ledger import following
        from bulou.oversight.supervision import findings, follower

        following.register(findings.KINDS, follower.follow)
        following.guard(findings.CLOSING, follower.refused)
