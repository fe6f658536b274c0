"""Writes of the directory. Each function is one act and atomic; row-level security holds it to the session's scope.

What happened to a person or place is told by facts, through the ledger above; here is only who and what there is.
"""

from bulou.directory.services.access import (
    Masked,
    access_record,
    clock_set,
    person_reveal,
    told,
)
from bulou.directory.services.accounts import (
    account_close,
    account_closed,
    account_create,
    account_open,
    account_reopen,
    password_is_over,
    password_must_change,
    password_reset,
    password_set,
    session_end,
    sessions_end,
)
from bulou.directory.services.areas import area_add, area_edit, grids_ensure
from bulou.directory.services.listing import (
    ListedPlace,
    ListedUnit,
    listed_back,
    listed_key,
    places_take,
    units_take,
    unlist,
)
from bulou.directory.services.merging import people_merge, people_part
from bulou.directory.services.people import (
    NewHousehold,
    NewPerson,
    Registered,
    household_key,
    household_register,
    households_register,
    people_register,
    person_register,
    place_register,
    reseal,
)
from bulou.directory.services.putting import Change, put
from bulou.directory.services.search import keys_make
from bulou.directory.services.taking import (
    Draft,
    Outcome,
    Taken,
    people_known,
    people_retire,
    people_take,
    person_draft,
)
from bulou.directory.services.units import PHONE, unit_close, unit_create, unit_phone_set, unit_roles_set

__all__ = [
    "PHONE",
    "Change",
    "Draft",
    "ListedPlace",
    "ListedUnit",
    "Masked",
    "NewHousehold",
    "NewPerson",
    "Outcome",
    "Registered",
    "Taken",
    "access_record",
    "account_close",
    "account_closed",
    "account_create",
    "account_open",
    "account_reopen",
    "area_add",
    "area_edit",
    "clock_set",
    "grids_ensure",
    "household_key",
    "household_register",
    "households_register",
    "keys_make",
    "listed_back",
    "listed_key",
    "password_is_over",
    "password_must_change",
    "password_reset",
    "password_set",
    "people_known",
    "people_merge",
    "people_part",
    "people_register",
    "people_retire",
    "people_take",
    "person_draft",
    "person_register",
    "person_reveal",
    "place_register",
    "places_take",
    "put",
    "reseal",
    "session_end",
    "sessions_end",
    "told",
    "unit_close",
    "unit_create",
    "unit_phone_set",
    "unit_roles_set",
    "units_take",
    "unlist",
]
