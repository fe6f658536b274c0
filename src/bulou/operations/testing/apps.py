"""Testing as a Django app: at start it asks the ledger to be told of specimens."""

from django.apps import AppConfig


class TestingConfig(AppConfig):
    name = "bulou.operations.testing"
    label = "testing"

    def ready(self) -> None:
        from bulou.ledger import following
        from bulou.operations.testing import follower

        following.register(follower.STAGES, follower.follow)
