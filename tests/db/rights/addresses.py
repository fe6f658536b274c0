"""Every address of the product: how it is tried, and what is expected of it.

A route that is missing here fails `test_every_route_is_in_the_table`: say who may open it, what it is about, and
whether it shows a person.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from bulou.directory.roles import ADMINISTRATORS, ROLES
from bulou.exchange.exports import policy
from bulou.kernel.ids import new_id
from bulou.web.access import COMMAND_ROLES, FROM_DOOR_TO_DOOR
from bulou.web.desk.campaigns import OPENING
from bulou.web.desk.care import NEAR
from bulou.web.desk.fever_clinic import CLINICAL
from bulou.web.desk.findings import INSPECTING
from bulou.web.desk.isolation import ORDERING
from bulou.web.desk.staff import MAY

from .places import Home

COMMANDS = frozenset(COMMAND_ROLES)
NOBODY_HERE = frozenset(ADMINISTRATORS)
"""What only administrators may; `tests/web/test_administration.py` tries what they do."""
OPENERS, AUDITORS = frozenset({"system_administrator"}), frozenset({"security_administrator", "audit_administrator"})
TAKERS = frozenset(name for name, role in ROLES.items() if role.tier not in policy.ON_FOOT)
INSPECTORS = COMMANDS | INSPECTING
VISITORS = COMMANDS | FROM_DOOR_TO_DOOR
SITES, SWEEPERS = COMMANDS | {"isolation_site"}, COMMANDS | set(OPENING)
REFUSED = frozenset({403, 404})
MOVED = frozenset({302})
GOOD = frozenset({200})
GONE = frozenset({404})
ACCEPTED, WRONG, EITHER = frozenset({202}), frozenset({422}), frozenset({200, 302, 404})
NOBODY = "0197a000-0000-7000-8000-000000000009"


@dataclass(frozen=True)
class Way:
    """One way to try a route.

    `path`: the address about a home. `inside`, `outside`: the statuses expected where the home lies in the visitor's
    area, and where it does not (an address that is about no home expects `inside` always). `only`: the roles that may,
    None for everybody signed in. `public`: strangers may. `look`: the subject type whose look must be on record, `list`
    for a look at many, or `names` for one where the answer names somebody. `whose`: a row of the home's `area`, or of
    its `unit` or `account` alone.
    """

    path: Callable[[Home], str]
    about_home: bool = True
    method: str = "GET"
    body: Callable[[Home], dict[str, str] | str] | None = None
    inside: frozenset[int] = GOOD
    outside: frozenset[int] = REFUSED
    only: frozenset[str] | None = None
    public: bool = False
    look: str = ""
    whose: str = "area"


def plain(path: str, **given: object) -> Way:
    """An address that is about no home."""
    return Way(lambda home: path, about_home=False, **given)  # type: ignore[arg-type]


def _one(path: str, whose: str = "area", **given: object) -> Way:
    """An address of one of a home's rows, by the names of `belongings.py`."""
    return Way(lambda home: path.format_map(home.own), whose=whose, **given)  # type: ignore[arg-type]


def _two(home: Home) -> dict[str, str]:
    return {"decision": "different"}


def _taken_up(home: Home) -> dict[str, str]:
    return {"act": "accept", "id": str(new_id())}


def _unreasoned(home: Home) -> dict[str, str]:
    return {"decision": "granted", "id": str(new_id())}


def _assessed(home: Home) -> dict[str, str]:
    return {"act": "assess", "finding": "well", "id": str(new_id())}


def _ordered(home: Home) -> dict[str, str]:
    return {"act": "order", "id": str(new_id()), "kind": "home", "days": "3", "grounds": "x"}


def _fact(home: Home) -> str:
    data = {"celsius": 36.6}
    fact = {"id": str(new_id()), "kind": "temperature.read", "subject": f"person:{home.person}", "area": home.area}
    return json.dumps(fact | {"at": "2020-02-10T08:00:00+08:00", "data": data})


def _tap(home: Home) -> dict[str, str]:
    return {"key": home.duty, "id": str(new_id()), "data.celsius": "36.6"}


def _view(home: Home) -> dict[str, str]:
    return {"title": "mine", "query": "no_miss=isolation"}


def _chosen(home: Home) -> dict[str, str]:
    return {"act": "ask-waiver", "row": home.duty}


def _handed(home: Home) -> dict[str, str]:
    return {"act": "enrol", "row": home.person}


def _everything(home: Home) -> dict[str, str]:
    return {"act": "ask-waiver", "all": "1", "query": f"area={home.area}"}


def _done(home: Home) -> dict[str, str]:
    return {"act": "ask-waiver", "id": str(new_id()), "keys": home.duty, "data.reason": "x"}


def _signed(home: Home) -> dict[str, str]:
    return {"outcome": "signed", "id": str(new_id())}


def _stock(home: Home) -> dict[str, str]:
    return {"way": "ours"}


def _nothing(home: Home) -> str:
    return json.dumps({"clock": 0, "steady": 0, "run": "", "entries": []})


def _hand(home: Home) -> dict[str, str]:
    return {"act": "accepted", "id": str(new_id()), "h": NOBODY}


def _reveal(home: Home) -> dict[str, str]:
    return {"column": "phone", "purpose": "tracing"}


def _rooms(home: Home) -> dict[str, str]:
    return {"site": home.site, "floor": "4", "numbers": "401"}


def _wards(home: Home) -> dict[str, str]:
    return {"hospital": home.hospital, "name": "W2", "zone": "clean"}


def _broken(home: Home) -> dict[str, str]:
    return {"act": "break", "id": str(new_id()), "reason": "x"}


def _devices(home: Home) -> dict[str, str]:
    return {"hospital": home.hospital, "kind": "monitor", "numbers": "M1"}


def _asked(home: Home) -> dict[str, str]:
    return {"act": "dependants", "id": str(new_id())}


def _cleaned(home: Home) -> dict[str, str]:
    return {"act": "clean", "id": str(new_id())}


def _checked(home: Home) -> dict[str, str]:
    return {"act": "fill", "id": str(new_id()), "post": "doctor", "name": "x"}


def _appealed(home: Home) -> dict[str, str]:
    return {"act": "appeal", "id": str(new_id()), "reason": "x"}


def _taken(home: Home) -> dict[str, str]:
    return {"list": "people", "query": f"area={home.area}", "format": "csv", "purpose": "report"}


def _subjects(what: str) -> list[Way]:
    """A subject of each type, with what its rows are about."""
    start = "/api/v1/subjects/"
    return [
        Way(lambda home: f"{start}person:{home.person}/{what}", look="person"),
        Way(lambda home: f"{start}episode:{home.episode}/{what}", look="episode"),
        Way(lambda home: f"{start}place:{home.place}/{what}"),
        Way(lambda home: f"{start}unit:{home.unit.pk}/{what}"),
        Way(lambda home: f"{start}area:{home.area}/{what}"),
    ]


PAGES: dict[str, list[Way]] = {
    "": [plain("/")],
    "areas/<str:code>/": [Way(lambda home: f"/areas/{home.area}/")],
    "misses/": [plain("/misses/", look="list"), Way(lambda home: f"/misses/?area={home.area}", look="list")],
    "duties/": [plain("/duties/", look="list"), Way(lambda home: f"/duties/?area={home.area}", look="list")],
    "duties/<str:key>/": [Way(lambda home: f"/duties/{home.duty}/?for=management", look="person")],
    "wall/": [plain("/wall/")],
    "wall/<str:code>/": [Way(lambda home: f"/wall/{home.area}/")],
    "search/": [plain(f"/search/?q={text}", look="list") for text in ("小学", "住户", "0001")],
    "people/": [plain("/people/", look="list"), Way(lambda home: f"/people/?area={home.area}", look="list")],
    "places/": [plain("/places/"), Way(lambda home: f"/places/?area={home.area}")],
    "units/": [plain("/units/"), Way(lambda home: f"/units/?area={home.area}")],
    "arrive/": [plain("/arrive/", public=True), plain("/arrive/?q=蓉芳里", public=True)],
    "arrive/<str:token>/": [plain("/arrive/forged/", inside=GONE, public=True)],
    "arrivals/": [
        plain("/arrivals/", look="list"),
        Way(lambda home: f"/arrivals/?area={home.area}", look="list"),
    ],
    "arrivals/<uuid:id>/answer/": [plain(f"/arrivals/{NOBODY}/answer/", method="POST", inside=MOVED)],
    "campaigns/": [plain("/campaigns/")],
    "campaigns/open/": [
        Way(
            lambda home: "/campaigns/open/",
            method="POST",
            body=lambda home: {"area": home.area, "name": "x", "days": "1"},
            inside=MOVED,
            outside=REFUSED | MOVED,
            only=SWEEPERS,
        )
    ],
    "campaigns/<uuid:id>/": [plain(f"/campaigns/{NOBODY}/", inside=GONE), _one("/campaigns/{campaign}/")],
    "campaigns/<uuid:id>/close/": [plain(f"/campaigns/{NOBODY}/close/", method="POST", inside=MOVED, only=SWEEPERS)],
    "campaigns/<uuid:id>/next/": [
        plain(f"/campaigns/{NOBODY}/next/", inside=GONE),
        _one("/campaigns/{campaign}/next/"),
    ],
    "registers/received/": [
        plain("/registers/received/"),
        Way(lambda home: f"/registers/received/?area={home.area}"),
    ],
    "registers/received/list/": [
        plain("/registers/received/list/?list=x", inside=GONE),
        Way(lambda home: f"/registers/received/list/?list=rail&area={home.area}", look="list"),
    ],
    "arrivals/<uuid:id>/hand-out/": [_one("/arrivals/{arrival}/hand-out/", inside=GOOD | GONE, look="names")],
    "registers/received/scope/": [plain("/registers/received/scope/", method="POST", inside=MOVED)],
    "registers/received/settle/": [plain("/registers/received/settle/", method="POST", inside=MOVED)],
    "tours/": [plain("/tours/"), Way(lambda home: f"/tours/?area={home.area}")],
    "tours/new/": [
        plain("/tours/new/", only=INSPECTORS),
        plain("/tours/new/", method="POST", inside=WRONG, only=INSPECTORS),
    ],
    "tours/<uuid:id>/": [_one("/tours/{tour}/")],
    "tours/<uuid:id>/visit/": [_one("/tours/{tour}/visit/", method="POST", inside=WRONG)],
    "findings/": [plain("/findings/"), Way(lambda home: f"/findings/?area={home.area}")],
    "findings/new/": [
        plain("/findings/new/", only=INSPECTORS),
        plain("/findings/new/", method="POST", inside=WRONG, only=INSPECTORS),
    ],
    "findings/<uuid:id>/": [_one("/findings/{finding}/")],
    "findings/<uuid:id>/act/": [
        _one(
            "/findings/{finding}/act/",
            method="POST",
            body=lambda home: {"act": "remind", "id": str(new_id())},
            inside=frozenset({302, 409}),
        )
    ],
    "round/": [
        plain("/round/", only=VISITORS, look="list"),
        Way(lambda home: f"/round/?area={home.area}", only=VISITORS, look="list"),
    ],
    "zones/": [plain("/zones/"), Way(lambda home: f"/zones/?area={home.area}")],
    "zones/new/": [
        plain("/zones/new/", only=COMMANDS),
        plain("/zones/new/", method="POST", inside=WRONG, only=COMMANDS),
    ],
    "zones/<str:zone>/": [plain("/zones/made-up/", inside=GONE), _one("/zones/{zone}/")],
    "registers/": [plain("/registers/"), Way(lambda home: f"/registers/?area={home.area}")],
    "registers/people/": [
        plain("/registers/people/", look="list"),
        Way(lambda home: f"/registers/people/?area={home.area}", look="list"),
    ],
    "lists/<slug:name>/views/": [plain("/lists/misses/views/", method="POST", body=_view, inside=MOVED)],
    "lists/<slug:name>/preview/": [
        Way(lambda home: "/lists/misses/preview/", method="POST", body=_chosen, outside=MOVED, look="names"),
        Way(lambda home: "/lists/people/preview/", method="POST", body=_handed, outside=MOVED, look="names"),
    ],
    "lists/<slug:name>/do/": [
        Way(lambda home: "/lists/misses/do/", method="POST", body=_done, inside=MOVED, outside=MOVED),
        Way(lambda home: "/lists/misses/preview/", method="POST", body=_everything, look="names"),
    ],
    "views/<uuid:id>/drop/": [_one("/views/{view}/drop/", "account", method="POST", inside=MOVED)],
    "acts/<uuid:id>/": [_one("/acts/{act}/", look="names")],
    "acts/<uuid:id>/undo/": [_one("/acts/{act}/undo/", method="POST", inside=MOVED)],
    "design/": [plain("/design/")],
    "account/comfort/": [
        plain("/account/comfort/", method="POST", body=lambda home: {"large_text": "1"}, inside=MOVED)
    ],
    "my/": [plain("/my/", look="list")],
    "my/record/": [Way(lambda home: "/my/record/", method="POST", body=_tap, inside=MOVED, outside=MOVED)],
    "my/undo/": [Way(lambda home: "/my/undo/", method="POST", body=_tap, inside=MOVED, outside=MOVED)],
    "conflicts/": [plain("/conflicts/", look="list")],
    "conflicts/file/": [plain("/conflicts/file/", method="POST", inside=MOVED)],
    "conflicts/<uuid:id>/rule/": [_one("/conflicts/{entry}/rule/", "ruled", method="POST", inside=MOVED)],
    "my/worker.js": [plain("/my/worker.js", public=True)],
    "my/shell/<str:language>/": [
        plain("/my/shell/en/", public=True),
        plain("/my/shell/fr/", public=True, inside=GONE),
    ],
    "my/app.webmanifest": [plain("/my/app.webmanifest", public=True)],
    "handovers/": [plain("/handovers/", look="list")],
    "handovers/act/": [plain("/handovers/act/", method="POST", body=_hand, inside=MOVED)],
    "handovers/card/": [plain("/handovers/card/"), plain("/handovers/card/?code=0123ABCD", inside=GONE)],
    "handovers/trip/<uuid:id>/": [_one("/handovers/trip/{trip}/", look="list")],
    "handovers/trip/<uuid:id>/sheet/": [_one("/handovers/trip/{trip}/sheet/", look="list")],
    "transit/": [plain("/transit/", look="list")],
    "people/<uuid:id>/card/": [Way(lambda home: f"/people/{home.person}/card/", look="person")],
    "my/sync/list/": [plain(f"/my/sync/list/?device={NOBODY}", look="list")],
    "my/sync/upload/": [plain("/my/sync/upload/", method="POST", body=_nothing, public=True)],
    "people/<uuid:id>/": [Way(lambda home: f"/people/{home.person}/", look="person")],
    "people/<uuid:id>/reveal/": [
        Way(lambda home: f"/people/{home.person}/reveal/", method="POST", body=_reveal, look="person"),
    ],
    "places/<uuid:id>/": [Way(lambda home: f"/places/{home.place}/")],
    "units/<uuid:id>/": [Way(lambda home: f"/units/{home.unit.pk}/", outside=GOOD, look="names")],
    "imports/": [plain("/imports/")],
    "imports/new/": [plain("/imports/new/")],
    "imports/files/<uuid:id>/": [_one("/imports/files/{file}/", look="names")],
    "imports/templates/<str:name>/": [plain("/imports/templates/people/")],
    "imports/doubles/": [plain("/imports/doubles/", look="list")],
    "imports/doubles/<uuid:id>/": [_one("/imports/doubles/{doubt}/", method="POST", body=_two, inside=MOVED)],
    "imports/<uuid:id>/": [_one("/imports/{batch}/", look="list")],
    "imports/<uuid:id>/take-in/": [_one("/imports/{batch}/take-in/", method="POST", inside=GONE)],
    "imports/<uuid:id>/go-on/": [_one("/imports/{batch}/go-on/", method="POST", inside=MOVED)],
    "imports/<uuid:id>/undo/": [_one("/imports/{batch}/undo/", method="POST", inside=MOVED)],
    "imports/<uuid:id>/refused/": [_one("/imports/{batch}/refused/", look="list")],
    "exports/": [plain("/exports/", only=TAKERS)],
    "exports/new/": [
        plain("/exports/new/?list=people", only=TAKERS),
        Way(lambda home: f"/exports/new/?list=people&query=area%3D{home.area}", only=TAKERS),
    ],
    "exports/ask/": [
        Way(lambda home: "/exports/ask/", method="POST", body=_taken, inside=MOVED, only=TAKERS, look="list")
    ],
    "exports/<uuid:id>/": [_one("/exports/{export}/", only=TAKERS)],
    "exports/<uuid:id>/decide/": [_one("/exports/{export}/decide/", method="POST", inside=MOVED, only=TAKERS)],
    "exports/<uuid:id>/file/": [_one("/exports/{export}/file/", "account", only=TAKERS)],
    "jobs/": [plain("/jobs/")],
    "jobs/<uuid:id>/": [_one("/jobs/{job}/", "account")],
    "jobs/<uuid:id>/cancel/": [_one("/jobs/{job}/cancel/", "account", method="POST", inside=MOVED)],
    "people/<uuid:id>/isolation/": [Way(lambda home: f"/people/{home.person}/isolation/", look="person")],
    "people/<uuid:id>/isolation/act/": [
        Way(
            lambda home: f"/people/{home.person}/isolation/act/",
            method="POST",
            body=_appealed,
            inside=MOVED,
            look="person",
        ),
        Way(
            lambda home: f"/people/{home.person}/isolation/act/",
            method="POST",
            body=_ordered,
            inside=MOVED,
            only=ORDERING,
            look="person",
        ),
    ],
    "people/<uuid:id>/isolation/<uuid:fact>.<str:form>": [
        Way(lambda home: f"/people/{home.person}/isolation/{home.order}.docx", look="person"),
        Way(lambda home: f"/people/{home.person}/isolation/{NOBODY}.pdf", inside=GONE),
    ],
    "people/<uuid:id>/isolation/<uuid:fact>/hand-over/": [
        Way(
            lambda home: f"/people/{home.person}/isolation/{home.order}/hand-over/",
            method="POST",
            body=_signed,
            inside=MOVED,
            look="person",
        )
    ],
    "people/<uuid:id>/isolation/<uuid:fact>/scan/": [
        Way(lambda home: f"/people/{home.person}/isolation/{home.own['scan']}/scan/", look="person"),
        Way(lambda home: f"/people/{home.person}/isolation/{NOBODY}/scan/", inside=GONE),
    ],
    "people/<uuid:id>/own-page/": [Way(lambda home: f"/people/{home.person}/own-page/", look="person")],
    "people/<uuid:id>/own-page/change/": [
        Way(
            lambda home: f"/people/{home.person}/own-page/change/",
            method="POST",
            body=lambda home: {"act": "give"},
            only=frozenset(ROLES) - NOBODY_HERE,
            look="person",
        )
    ],
    "r/<str:token>/": [plain("/r/made-up/", inside=GONE, public=True)],
    "r/<str:token>/data/": [plain("/r/made-up/data/", inside=GONE, public=True)],
    "rights/": [
        plain("/rights/", only=COMMANDS, look="list"),
        Way(lambda home: f"/rights/?area={home.area}", only=COMMANDS, look="list"),
    ],
    "rights/<uuid:id>/": [
        plain(f"/rights/{NOBODY}/", only=COMMANDS, inside=GONE),
        _one("/rights/{request}/?for=answer", only=COMMANDS, look="person"),
    ],
    "rights/<uuid:id>/answer/": [
        _one("/rights/{request}/answer/", method="POST", body=_unreasoned, only=COMMANDS, inside=WRONG, look="person")
    ],
    "rights/<uuid:id>/copy/": [_one("/rights/{request}/copy/", only=COMMANDS, look="person")],
    "needs/": [plain("/needs/", look="list"), Way(lambda home: f"/needs/?area={home.area}", look="list")],
    "needs/<uuid:id>/": [plain(f"/needs/{NOBODY}/", inside=GONE), _one("/needs/{need}/?for=supplies", look="person")],
    "needs/<uuid:id>/act/": [_one("/needs/{need}/act/", method="POST", body=_taken_up, inside=MOVED, look="person")],
    "hotline/": [plain("/hotline/", look="list")],
    "volunteers/": [plain("/volunteers/", look="list")],
    "fever-clinic/": [plain("/fever-clinic/", look="list")],
    "fever-clinic/receive/": [
        plain(
            "/fever-clinic/receive/",
            method="POST",
            body=lambda home: {"id": str(new_id())},
            inside=WRONG,
            only=CLINICAL,
            look="list",
        )
    ],
    "fever-clinic/<uuid:id>/act/": [
        _one("/fever-clinic/{visit}/act/", method="POST", body=_assessed, inside=MOVED, only=CLINICAL, look="person")
    ],
    "trend/": [plain("/trend/"), Way(lambda home: f"/trend/?area={home.area}")],
    "monitoring/": [
        plain("/monitoring/", look="list"),
        Way(lambda home: f"/monitoring/?area={home.area}", look="list"),
    ],
    "trend/add/": [plain("/trend/add/", method="POST", inside=GONE)],
    "verify/<str:token>/": [plain("/verify/forged/", inside=GONE, public=True)],
    "isolation/": [plain("/isolation/", look="list"), Way(lambda home: f"/isolation/?area={home.area}", look="list")],
    "rooms/": [plain("/rooms/", look="list"), Way(lambda home: f"/rooms/?site={home.site}", look="list")],
    "rooms/add/": [Way(lambda home: "/rooms/add/", method="POST", body=_rooms, inside=MOVED, only=SITES)],
    "rooms/round/": [Way(lambda home: f"/rooms/round/?site={home.site}", look="list", only=SITES)],
    "rooms/<uuid:id>/": [Way(lambda home: f"/rooms/{home.room}/", look="guest")],
    "rooms/site/<uuid:id>/": [
        Way(lambda home: f"/rooms/site/{home.site}/", method="POST", body=_checked, inside=MOVED, only=SITES)
    ],
    "rooms/<uuid:id>/act/": [
        Way(lambda home: f"/rooms/{home.room}/act/", method="POST", body=_cleaned, inside=MOVED, only=SITES)
    ],
    "sites/": [plain("/sites/"), Way(lambda home: f"/sites/?area={home.area}")],
    "wards/": [plain("/wards/", look="list"), Way(lambda home: f"/wards/?hospital={home.hospital}", look="list")],
    "wards/add/": [Way(lambda home: "/wards/add/", method="POST", body=_wards, inside=MOVED, only=COMMANDS)],
    "wards/<uuid:id>/": [Way(lambda home: f"/wards/{home.ward}/", look="list")],
    "wards/devices/": [
        plain("/wards/devices/", look="list"),
        Way(lambda home: f"/wards/devices/?hospital={home.hospital}", look="list"),
    ],
    "wards/devices/add/": [
        Way(lambda home: "/wards/devices/add/", method="POST", body=_devices, inside=MOVED, only=COMMANDS)
    ],
    "devices/<uuid:id>/": [Way(lambda home: f"/devices/{home.device}/", look="names")],
    "devices/<uuid:id>/act/": [
        Way(lambda home: f"/devices/{home.device}/act/", method="POST", body=_broken, inside=MOVED, only=COMMANDS)
    ],
    "beds/<uuid:id>/": [Way(lambda home: f"/beds/{home.bed}/", look="names")],
    "beds/<uuid:id>/act/": [
        Way(lambda home: f"/beds/{home.bed}/act/", method="POST", body=_broken, inside=MOVED, only=COMMANDS)
    ],
    "cases/<uuid:id>/care/": [Way(lambda home: f"/cases/{home.episode}/care/?for=care", look="episode")],
    "cases/<uuid:id>/care/act/": [
        Way(
            lambda home: f"/cases/{home.episode}/care/act/",
            method="POST",
            body=_asked,
            inside=MOVED,
            only=frozenset(NEAR),
        )
    ],
    "capacity/": [plain("/capacity/")],
    "stocks/": [plain("/stocks/")],
    "resources/act/": [plain("/resources/act/", method="POST", inside=GONE)],
    "patients/": [plain("/patients/", look="list")],
    "staff/": [plain("/staff/", look="list")],
    "staff/act/": [plain("/staff/act/", method="POST", inside=GONE, only=frozenset(MAY))],
    "cases/": [plain("/cases/")],
    "cases/<uuid:id>/": [Way(lambda home: f"/cases/{home.episode}/?for=care", look="episode")],
    "plans/": [plain("/plans/"), Way(lambda home: f"/plans/?area={home.area}")],
    "plans/compare/": [plain("/plans/compare/"), plain("/plans/compare/?left=trial&right=trial")],
    "plans/<str:plan>/": [plain("/plans/trial/"), Way(lambda home: f"/plans/trial/?area={home.area}")],
    "plans/<str:plan>/picture/": [plain("/plans/trial/picture/")],
    "plans/<str:plan>/booklet/": [plain("/plans/trial/booklet/")],
    "plans/<str:plan>/fhir/": [plain("/plans/trial/fhir/")],
    "plans/<str:plan>/calendar/": [
        plain("/plans/trial/calendar/?role=village_committee"),
        plain("/plans/trial/calendar/?role=nobody", inside=GONE),
    ],
    "plans/<str:plan>/<str:clause>/": [
        plain("/plans/trial/T-1/"),
        Way(lambda home: f"/plans/trial/T-1/?area={home.area}"),
    ],
    "account/": [plain("/account/")],
    "accounts/": [plain("/accounts/", only=NOBODY_HERE)],
    "accounts/new/": [plain("/accounts/new/", only=OPENERS)],
    "accounts/<uuid:id>/": [_one("/accounts/{account}/", only=NOBODY_HERE)],
    "accounts/<uuid:id>/<slug:what>/": [
        _one("/accounts/{account}/close/", method="POST", only=NOBODY_HERE, inside=MOVED, outside=MOVED)
    ],
    "paper-templates/": [
        plain("/paper-templates/", only=NOBODY_HERE),
        Way(lambda home: f"/paper-templates/?area={home.area}", only=NOBODY_HERE),
    ],
    "paper-templates/look/": [plain("/paper-templates/look/", method="POST", only=NOBODY_HERE)],
    "paper-templates/<slug:kind>/": [
        plain("/paper-templates/order/", only=NOBODY_HERE),
        plain("/paper-templates/office/", only=NOBODY_HERE),
        plain("/paper-templates/letter/", only=NOBODY_HERE, inside=GONE),
        plain("/paper-templates/order/", method="POST", only=OPENERS, inside=WRONG),
    ],
    "paper-templates/<slug:kind>/choose/": [
        plain("/paper-templates/order/choose/", method="POST", body=_stock, only=OPENERS, inside=MOVED)
    ],
    "paper-templates/<slug:kind>/<str:version>/<slug:form>/": [
        plain("/paper-templates/order/ours/template/", only=NOBODY_HERE),
        plain(f"/paper-templates/order/{NOBODY}/pdf/", only=NOBODY_HERE, inside=GONE),
    ],
    "looks/": [
        plain("/looks/", only=AUDITORS, look="list"),
        Way(
            lambda home: f"/looks/?area={home.area}&subject=person:{home.person}", only=COMMANDS | AUDITORS, look="list"
        ),
    ],
    "alerts/": [plain("/alerts/")],
    "alerts/read/": [plain("/alerts/read/", method="POST", inside=MOVED)],
    "alerts/<uuid:id>/": [_one("/alerts/{alert}/", "unit")],
    "alerts/hearing/": [plain("/alerts/hearing/")],
    "alerts/channels/": [plain("/alerts/channels/")],
    "alerts/channels/add/": [plain("/alerts/channels/add/", method="POST", inside=WRONG)],
    "alerts/channels/<uuid:id>/test/": [_one("/alerts/channels/{channel}/test/", "unit", method="POST", inside=MOVED)],
    "alerts/channels/<uuid:id>/switch/": [
        _one("/alerts/channels/{channel}/switch/", "unit", method="POST", inside=MOVED)
    ],
    "account/security/": [plain("/account/security/")],
    "account/password/": [plain("/account/password/")],
    "account/confirm/": [plain("/account/confirm/")],
    "account/app/": [plain("/account/app/")],
    "account/passkey/": [plain("/account/passkey/")],
    "account/codes/": [plain("/account/codes/", method="POST", inside=EITHER)],
    "account/factors/<int:id>/drop/": [plain("/account/factors/1/drop/", method="POST", inside=EITHER)],
    "account/sessions/<uuid:ref>/end/": [plain(f"/account/sessions/{NOBODY}/end/", method="POST", inside=GONE)],
    "account/sessions/end-others/": [plain("/account/sessions/end-others/", method="POST", inside=MOVED)],
    "clock/": [
        plain("/clock/", only=COMMANDS),
        plain("/clock/", method="POST", body=lambda home: {"move": "PT1H"}, inside=MOVED, only=COMMANDS),
    ],
    "sign-in/": [plain("/sign-in/", inside=frozenset({200, 302}), public=True)],
    "sign-in/code/": [plain("/sign-in/code/", inside=MOVED, public=True)],
    "sign-out/": [plain("/sign-out/", method="POST", inside=MOVED)],
    "language/": [plain("/language/", method="POST", body=lambda home: {"language": "en"}, inside=MOVED, public=True)],
}
API: dict[str, list[Way]] = {
    "": [plain("/api/v1/")],
    "openapi.json": [plain("/api/v1/openapi.json")],
    "docs": [plain("/api/v1/docs")],
    "healthz": [plain("/api/v1/healthz", public=True)],
    "me": [plain("/api/v1/me")],
    "kinds": [plain("/api/v1/kinds")],
    "facts": [Way(lambda home: "/api/v1/facts", method="POST", body=_fact, outside=GOOD)],
    "board": [plain("/api/v1/board"), Way(lambda home: f"/api/v1/board?area={home.area}")],
    "misses": [plain("/api/v1/misses"), Way(lambda home: f"/api/v1/misses?area={home.area}")],
    "duties": [plain("/api/v1/duties?limit=500"), Way(lambda home: f"/api/v1/duties?area={home.area}")],
    "duties/<key>": [Way(lambda home: f"/api/v1/duties/{home.duty}", look="person")],
    "subjects/<subject>/facts": _subjects("facts"),
    "subjects/<subject>/duties": _subjects("duties"),
    "areas/<code>": [Way(lambda home: f"/api/v1/areas/{home.area}", outside=GOOD)],
    "exports": [
        Way(
            lambda home: "/api/v1/exports",
            method="POST",
            body=lambda home: json.dumps({"list": "people", "area": home.area, "purpose": "rights"}),
            inside=ACCEPTED,
            only=TAKERS,
            look="list",
        )
    ],
    "exports/<id>": [_one("/api/v1/exports/{export}", "account")],
    "exports/<id>/file": [_one("/api/v1/exports/{export}/file", "account", only=TAKERS)],
    "plans": [plain("/api/v1/plans")],
    "plans/<id>": [plain("/api/v1/plans/trial")],
    "plans/<id>/fhir": [plain("/api/v1/plans/trial/fhir")],
    "plans/<id>/calendar": [plain("/api/v1/plans/trial/calendar?role=village_committee")],
}
NOWHERE = {"api/^.*$": [plain("/api/v2/facts", inside=GONE)]}
ADDRESSES = PAGES | {f"api/v1/{route}": ways for route, ways in API.items()} | NOWHERE
