"""The accounts of an area: a list, one account, a new one. Three administrators, three duties (GB/T 22239 level 3).

The system administrator opens and closes accounts and tells passwords for once; the security administrator ends
sessions, resets second factors and may close too; the audit administrator reads. Every act is on record.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bulou.directory import selectors, services
from bulou.directory.models import Account, Unit
from bulou.directory.roles import ROLES
from bulou.kernel.areas import contains
from bulou.kernel.errors import BulouError
from bulou.web.access import Request, administers, administrator_page, recent_authentication, record
from bulou.web.lists import views
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, options, register
from bulou.web.words import role_title, say

MAY: Mapping[str, frozenset[str]] = {
    "system_administrator": frozenset({"open", "password", "close", "reopen"}),
    "security_administrator": frozenset({"factors", "sessions", "close"}),
    "audit_administrator": frozenset(),
}
"""Role to the acts it may do."""
WORDS: Mapping[str, tuple[Word, str]] = {
    "password": (_("New one-time password"), "keyboard"),
    "factors": (_("Reset second factor"), "shield-half"),
    "sessions": (_("End all sessions"), "logout"),
    "close": (_("Close the account"), "lock"),
    "reopen": (_("Open it again"), "arrow-back-up"),
}
DOES: Mapping[str, Callable[[Account], object]] = {
    "factors": services.second_factor_reset,
    "sessions": services.sessions_end,
    "close": services.account_close,
    "reopen": services.account_reopen,
}
FOUND = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One account in words."""

    row: selectors.AccountRow
    name: str
    url: str
    role: str
    state: str
    icon: str


def _line(row: selectors.AccountRow) -> Line:
    state, icon = gettext("In use"), "circle-check"
    if not row.is_active:
        state, icon = gettext("Closed"), "lock"
    elif row.password_temporary:
        state, icon = gettext("Password for once"), "clock"
    return Line(row, row.username, reverse("account-one", args=[row.id]), role_title(row.role), state, icon)


def _read(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = selectors.accounts_page(
        asked.area,
        text=asked.values["find"],
        role=asked.values["role"],
        state=asked.values["state"],
        sort=asked.sort if asked.is_native and asked.sort else "username",
        after=after,
        limit=limit + 1,
    )
    return Page(found[:limit], found[limit - 1].username if len(found) > limit else None)


def _states() -> list[tuple[str, Word, str]]:
    return [
        ("open", _("In use"), "circle-check"),
        ("bare", _("Without second factor"), "shield-half"),
        ("new", _("Password for once"), "clock"),
        ("closed", _("Closed"), "lock"),
    ]


def _factor(one: Line) -> str:
    return gettext("yes") if one.row.has_factor else gettext("none")


CELLS = "lists/cells/"
ACCOUNTS = register(
    List(
        name="accounts",
        title=_("Accounts"),
        columns=(
            Column("username", _("Account"), f"{CELLS}name.html", lambda one: one.name, fixed=True, css="lead"),
            Column("person", _("Person"), f"{CELLS}account_person.html", lambda one: one.row.name, sort=True),
            Column("unit", _("Unit"), f"{CELLS}account_unit.html", lambda one: one.row.unit_name, sort=True),
            Column("role", _("Role"), f"{CELLS}account_role.html", lambda one: one.role, sort=True),
            Column("state", _("State"), f"{CELLS}account_state.html", lambda one: one.state, sort=True),
            Column("factor", _("Second factor"), f"{CELLS}account_factor.html", _factor, sort=True),
            Column(
                "seen",
                _("Last sign-in"),
                f"{CELLS}account_seen.html",
                lambda one: local(one.row.last_login),
                sort=True,
                css="nowrap",
            ),
        ),
        read=_read,
        shown=lambda found: [_line(row) for row in found],
        key=lambda one: str(one.row.id),
        more=(Column("area_code", _("Area code"), "", lambda one: one.row.area),),
        open_to=administers,
        filters=(
            Filter("find", _("Find"), help=_("Account, person or unit")),
            Filter(
                "role",
                _("Role"),
                "choice",
                lambda: options((r.role, say(r.title)) for r in ROLES.values()),
                all_word=_("Every role"),
            ),
            Filter("state", _("State"), "choice", _states, chips=True),
        ),
        native=("username", "-username"),
        by_area=True,
        empty=_("No account answers to this filter"),
        empty_help=_("Try any part of a name, or another area."),
    )
)


@administrator_page
def accounts(request: Request) -> HttpResponse:
    """The accounts of the area."""
    about = gettext("One account, one person. Closing one ends its sessions and its programs' tokens at once.")
    may_open = "open" in MAY[request.user.role]
    return views.show(request, views.read(request, ACCOUNTS), "account/accounts.html", about=about, may_open=may_open)


@administrator_page
def one(request: Request, id: UUID) -> HttpResponse:
    """One account, and what may be done with it. 404 outside the area."""
    return _shown(request, _row(request, id))


@require_POST
@administrator_page
@recent_authentication
def act(request: Request, id: UUID, what: str) -> HttpResponse:
    """Do one of the acts of one's duty to an account that is not one's own; on record. 403 for others' acts."""
    row = _row(request, id)
    if what not in _acts(request.user, row):
        problem = gettext("This is another administrator's to do; nothing was changed.")
        return _shown(request, row, problem=problem, status=403)
    account = Account.objects.get(pk=id)
    password = services.password_reset(account) if what == "password" else ""
    if what in DOES:
        DOES[what](account)
    _record(request, account, what)
    if password:
        return _shown(request, _row(request, id), password=password)
    messages.success(request, gettext("Done: %(what)s.") % {"what": WORDS[what][0]})
    return HttpResponseRedirect(reverse("account-one", args=[id]))


@administrator_page
@recent_authentication
def new(request: Request) -> HttpResponse:
    """A new account: whose it is, of which unit and in which of its roles. Its password is shown this once."""
    if "open" not in MAY[request.user.role]:
        raise PermissionDenied
    given = {name: request.POST.get(name, "").strip() for name in ("username", "name", "role")}
    unit = _unit(request)
    problem, field = "", ""
    if request.method == "POST" and unit:
        try:
            made, password = services.account_open(given["username"], unit, given["role"], name=given["name"])
        except BulouError as error:
            first = error.problems[0]
            problem, field = first.text.to(get_language() or "zh"), first.field
        else:
            _record(request, made, "open")
            return _shown(request, _row(request, made.pk), password=password)
    find = request.GET.get("find", "").strip()
    context = {
        "unit": selectors.unit(unit.pk) if unit else None,
        "find": find,
        "units": selectors.units(request.user.area, text=find, limit=FOUND) if find and not unit else [],
        "given": given,
        "problem": problem,
        "field": field,
    }
    return render(request, "account/new.html", context, status=422 if problem else 200)


def _unit(request: Request) -> Unit | None:
    """The unit asked for; 404 for one outside the administrator's area."""
    text = request.POST.get("unit") or request.GET.get("unit", "")
    if not text:
        return None
    try:
        found = Unit.objects.filter(pk=UUID(text)).first()
    except ValueError:
        found = None
    if found is None or not contains(request.user.area, found.area_id):
        raise Http404
    return found


def _row(request: Request, id: UUID) -> selectors.AccountRow:
    found = selectors.account_of(id, request.user.area)
    if found is None:
        raise Http404
    return found


def _acts(by: Account, row: selectors.AccountRow) -> list[str]:
    """What an administrator may do to an account now: never to their own."""
    fitting = {"reopen"} if not row.is_active else {"password", "factors", "sessions", "close"}
    if not row.has_factor:
        fitting.discard("factors")
    return [] if row.id == by.pk else [name for name in WORDS if name in MAY[by.role] & fitting]


def _shown(
    request: Request, row: selectors.AccountRow, *, password: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "line": _line(row),
        "area_name": selectors.area_names([row.area]).get(row.area, row.area),
        "acts": [(name, *WORDS[name]) for name in _acts(request.user, row)],
        "own": row.id == request.user.pk,
        "password": password,
        "problem": problem,
        "hours": settings.TEMPORARY_PASSWORD_HOURS,
    }
    return render(request, "account/one.html", context, status=status)


def _record(request: Request, account: Account, what: str) -> None:
    record(request, "account", area=account.area, subject=f"account:{account.pk}", purpose=what)
