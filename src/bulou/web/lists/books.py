"""The books are opened: every module that registers a list is imported, for those that did not come by a page."""

from importlib import import_module

HOLDERS = (
    *("bulou.web.desk.registers", "bulou.web.desk.cases", "bulou.web.command_room.lists", "bulou.web.desk.transit"),
    *("bulou.web.desk.enrolments", "bulou.web.desk.observation", "bulou.web.desk.arrivals", "bulou.web.alerts.inbox"),
    *("bulou.web.account.administration", "bulou.web.account.looks", "bulou.web.desk.zones"),
    *("bulou.web.desk.patients", "bulou.web.desk.needs", "bulou.web.desk.staff", "bulou.web.desk.resources"),
    *("bulou.web.desk.findings", "bulou.web.desk.tours", "bulou.web.desk.sites", "bulou.web.desk.rights"),
    "bulou.web.desk.monitoring",
    *("bulou.web.desk.import_list", "bulou.web.desk.jobs", "bulou.web.desk.export_list"),
)


def open_all() -> None:
    """After this `LISTS` has every list."""
    for holder in HOLDERS:
        import_module(holder)
