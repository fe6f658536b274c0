"""The house as a Django app: at start every room's fact kinds are registered and the deployment is checked."""

from django.apps import AppConfig

from bulou.config.rooms import fact_kinds
from bulou.kernel.facts import KINDS


class HouseConfig(AppConfig):
    name = "bulou.config"
    label = "config"

    def ready(self) -> None:
        from bulou.config import checks

        KINDS.add(fact_kinds().values())
        checks.register()
