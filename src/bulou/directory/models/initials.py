"""A column that always holds the pinyin initials of the row's name, however the row is written."""

from typing import Any

from django.db import models

from bulou.directory.search_keys import initials


class InitialsField(models.TextField):  # type: ignore[type-arg]
    """Text of the column `name`, as `search_keys.initials` reads it; of a person's name with `person`."""

    def __init__(self, *, person: bool = False, **given: Any) -> None:
        self.person = person
        given |= {"db_collation": "C", "default": "", "db_default": "", "editable": False}
        super().__init__(**given)

    def deconstruct(self) -> Any:
        """As migrations write it: what is always so is left out."""
        name, path, args, given = super().deconstruct()
        for known in ("db_collation", "default", "db_default", "editable"):
            given.pop(known, None)
        return name, path, args, given | ({"person": True} if self.person else {})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """What is stored, whoever saves the row."""
        value = initials(getattr(model_instance, "name", ""), person=self.person)
        setattr(model_instance, self.attname, value)
        return value
