"""Who and where: areas, units, people, households, places, accounts, and who looked at whom."""

from bulou.directory.models.access import AccessLog, Account, BusinessClock
from bulou.directory.models.areas import Area
from bulou.directory.models.people import Household, IdKind, Person, Place, Sex
from bulou.directory.models.sessions import Session
from bulou.directory.models.units import Unit, UnitRole

__all__ = [
    "AccessLog",
    "Account",
    "Area",
    "BusinessClock",
    "Household",
    "IdKind",
    "Person",
    "Place",
    "Session",
    "Sex",
    "Unit",
    "UnitRole",
]
