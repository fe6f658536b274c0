"""Treatment as a Django app: at start it asks the ledger to be told of what bears on patients and beds."""

from django.apps import AppConfig


class TreatmentConfig(AppConfig):
    name = "bulou.no_miss.treatment"
    label = "treatment"

    def ready(self) -> None:
        from bulou.ledger import following
        from bulou.no_miss.treatment import follower, staff

        following.register(follower.FOLLOWED, follower.follow, version=follower.VERSION)
        following.register(staff.KINDS, staff.follow)
