"""Reads of the directory, within the session's scope. Each function takes a fixed number of queries."""

from bulou.directory.selectors.access import SessionRow, business_clock, sessions_of
from bulou.directory.selectors.accounts import AccountRow, account_names, account_of, accounts_named, accounts_page
from bulou.directory.selectors.areas import AreaRow, area, area_children, area_names, area_path
from bulou.directory.selectors.likeness import Pair, alike
from bulou.directory.selectors.looks import LookRow, looks_page, many_looks
from bulou.directory.selectors.names import names
from bulou.directory.selectors.people import (
    HouseholdRow,
    PersonFile,
    PersonRow,
    PlaceRow,
    file_of,
    household_members,
    parts_of,
    people_find,
    people_sides,
    person,
    person_file,
    places,
)
from bulou.directory.selectors.registers import (
    people_by_id,
    people_found,
    people_page,
    place_kinds,
    places_found,
    places_page,
    units_by_id,
)
from bulou.directory.selectors.search import Hit, find
from bulou.directory.selectors.streams import PersonTaken, people_stream, places_stream, units_stream
from bulou.directory.selectors.units import (
    UnitContact,
    UnitRow,
    owner,
    unit,
    unit_contacts,
    unit_names,
    units,
    units_found,
)

__all__ = [
    "AccountRow",
    "AreaRow",
    "Hit",
    "HouseholdRow",
    "LookRow",
    "Pair",
    "PersonFile",
    "PersonRow",
    "PersonTaken",
    "PlaceRow",
    "SessionRow",
    "UnitContact",
    "UnitRow",
    "account_names",
    "account_of",
    "accounts_named",
    "accounts_page",
    "alike",
    "area",
    "area_children",
    "area_names",
    "area_path",
    "business_clock",
    "file_of",
    "find",
    "household_members",
    "looks_page",
    "many_looks",
    "names",
    "owner",
    "parts_of",
    "people_by_id",
    "people_find",
    "people_found",
    "people_page",
    "people_sides",
    "people_stream",
    "person",
    "person_file",
    "place_kinds",
    "places",
    "places_found",
    "places_page",
    "places_stream",
    "sessions_of",
    "unit",
    "unit_contacts",
    "unit_names",
    "units",
    "units_by_id",
    "units_found",
    "units_stream",
]
