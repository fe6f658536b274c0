"""The sentences the phone's own scripts say; `{n}`, `{at}`, `{what}` and `{why}` are filled in there."""

from django.utils.translation import gettext


def said() -> dict[str, str]:
    """Sentence by its name, in the reader's language."""
    return _state() | _trouble() | _row()


def _state() -> dict[str, str]:
    return {
        "count": gettext("{n} not uploaded from this phone"),
        "synced": gettext("last contact {at}"),
        "never": gettext("no contact yet"),
        "as_of": gettext("List as of {at}"),
        "my_list": gettext("My list"),
        "left": gettext("{n} to do"),
        "all_kept": gettext("all recorded"),
    }


def _trouble() -> dict[str, str]:
    return {
        "full": gettext("This phone is nearly full. Make room, or what you record may not be kept."),
        "signed_out": gettext(
            "You are no longer signed in, so the list was removed from this phone. What was not uploaded is safe."
        ),
        "no_answer": gettext("The server does not answer. Nothing is lost; it will be tried again."),
        "no_worker": gettext("This page cannot be kept for work without signal here. Records need signal."),
        "not_kept": gettext("Not kept: this phone has no list for it, or no room. Write it down and try with signal."),
        "locked": gettext("Enter the PIN above first, then record again."),
        "wrong": gettext("Wrong PIN. After {n} more wrong ones the list is removed from this phone."),
        "wiped": gettext("Ten wrong PINs: the list was removed from this phone. What was not uploaded is safe."),
        "gone_already": gettext("This may have been sent already. Take it back on the list with signal."),
        "refused": gettext("Not taken by the server: {why}"),
        "discard": gettext("Discard this record for good? Save it to a file first if you are not sure."),
        "leave": gettext("Remove the list and drafts from this phone? What is not uploaded stays and will be sent."),
    }


def _row() -> dict[str, str]:
    return {
        "kept": gettext("Kept on this phone at {at}: {what}"),
        "uploaded": gettext("Uploaded"),
        "due": gettext("by {at}"),
        "was_due": gettext("was due {at}"),
        "number": gettext("Enter a number, digits only."),
        "least": gettext("At least {n}. Check the number."),
        "most": gettext("At most {n}. Check the number."),
    }
