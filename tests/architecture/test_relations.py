"""Foreign keys point down the stair: a string such as "treatment.Ward" passes any import linter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from architecture.walls import Stair, upward_relations


@pytest.fixture
def planted() -> Iterator[None]:
    with isolate_apps():
        yield


def model(room: str, name: str, **fields: models.Field[Any, Any]) -> type[models.Model]:
    meta = type("Meta", (), {"app_label": room.rpartition(".")[2]})
    return type(name, (models.Model,), {"__module__": f"bulou.{room}.models", "Meta": meta, **fields})


def test_no_model_points_up_the_stair() -> None:
    assert upward_relations(Stair.read(), apps.get_models(include_auto_created=True)) == []


@pytest.mark.parametrize(
    "field",
    [
        models.ForeignKey("treatment.Ward", models.CASCADE),
        models.OneToOneField("treatment.Ward", models.CASCADE),
        models.ManyToManyField("treatment.Ward"),
    ],
    ids=["foreign key", "one to one", "many to many"],
)
def test_an_upward_relation_is_caught(planted: None, field: models.Field[Any, Any]) -> None:
    ward = model("no_miss.treatment", "Ward")
    bed = model("ledger", "Bed", ward=field)

    breaches = upward_relations(Stair.read(), [ward, bed])

    assert [(b.user, b.used) for b in breaches] == [("bulou.ledger", "bulou.no_miss.treatment")]
    assert "Bed.ward -> Ward" in breaches[0].what


def test_a_relation_between_two_of_the_five_is_caught(planted: None) -> None:
    ward = model("no_miss.treatment", "Ward")
    stay = model("no_miss.isolation", "Stay", ward=models.ForeignKey("treatment.Ward", models.CASCADE))

    assert len(upward_relations(Stair.read(), [ward, stay])) == 1


def test_downward_and_own_relations_are_allowed(planted: None) -> None:
    person = model("directory", "Person")
    episode = model("no_miss.treatment", "Episode", person=models.ForeignKey("directory.Person", models.CASCADE))
    visit = model("no_miss.treatment", "Visit", episode=models.ForeignKey("treatment.Episode", models.CASCADE))

    assert upward_relations(Stair.read(), [person, episode, visit]) == []


def test_models_from_outside_the_house_are_left_alone(planted: None) -> None:
    outside = type(
        "Outside",
        (models.Model,),
        {"__module__": "django.contrib.auth", "Meta": type("Meta", (), {"app_label": "auth"})},
    )
    inside = model("kernel", "Inside", outside=models.ForeignKey("auth.Outside", models.CASCADE))

    assert upward_relations(Stair.read(), [outside, inside]) == []
