"""What a password must be under the profile of MLPS 2.0 level 3 (GB/T 22239): several kinds of characters."""

import string
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from bulou.kernel.text import Text

KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
FEWEST = 3
HELP = Text(
    zh="密码至少要有小写字母、大写字母、数字、其他字符这四类中的三类。",
    en="The password needs at least three of: small letters, capitals, digits, other characters.",
)


class ThreeKindsValidator:
    """At least three of: small letters, capitals, digits, others. Three is our choice: the norm has no number."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError for a password of fewer kinds."""
        known = "".join(KINDS)
        kinds = sum(any(one in kind for one in password) for kind in KINDS) + any(one not in known for one in password)
        if kinds < FEWEST:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return HELP.to(get_language() or "zh")
