"""Writes of the directory. Each function is one act and atomic; row-level security holds it to the session's scope.

What happened to a person or place is told by facts, through the ledger above; here is only who and what there is.
"""

from bulou.directory.services.access import (
    Masked,
    access_record,
    account_close,
    account_create,
    clock_set,
    person_reveal,
    told,
)
from bulou.directory.services.areas import area_add, area_edit, grids_ensure
from bulou.directory.services.people import (
    NewHousehold,
    NewPerson,
    Registered,
    household_register,
    households_register,
    people_register,
    person_register,
    place_register,
    reseal,
)
from bulou.directory.services.search import keys_make
from bulou.directory.services.units import unit_close, unit_create, unit_phone_set, unit_roles_set

__all__ = [
    "Masked",
    "NewHousehold",
    "NewPerson",
    "Registered",
    "access_record",
    "account_close",
    "account_create",
    "area_add",
    "area_edit",
    "clock_set",
    "grids_ensure",
    "household_register",
    "households_register",
    "keys_make",
    "people_register",
    "person_register",
    "person_reveal",
    "place_register",
    "reseal",
    "told",
    "unit_close",
    "unit_create",
    "unit_phone_set",
    "unit_roles_set",
]
