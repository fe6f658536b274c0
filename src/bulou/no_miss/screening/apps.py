"""Screening as a Django app: at start it asks the ledger to be told of what bears on its tables."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "bulou.no_miss.screening"
    label = "screening"

    def ready(self) -> None:
        from bulou.directory import erasing as rooms
        from bulou.ledger import following
        from bulou.no_miss.screening import (
            arrivals,
            campaigns,
            enrolments,
            erasing,
            follower,
            listings,
            roster_follower,
        )

        following.register(enrolments.KINDS, follower.follow_enrolments)
        following.register((*arrivals.KINDS, arrivals.GRADED), follower.follow_arrivals)
        following.register((*campaigns.OF_AREA, *campaigns.OF_PLACE), roster_follower.follow)
        following.register(listings.KINDS, follower.follow_listings)
        following.register((listings.SCOPED,), follower.follow_scopes)
        rooms.register(erasing.erase)
