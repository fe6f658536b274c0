"""What people, places and units are found by, given to those already on file."""

from django.db import migrations, models

import bulou.directory.models.initials


def give_keys(apps, schema_editor):
    """As the owner of the tables, who sees all of them. Done in pieces: only the rows that lack their keys."""
    from bulou.directory.services.search import keys_make

    known = [apps.get_model("directory", name) for name in ("Person", "Place", "Unit")]
    while keys_make(models=known):
        pass


def _index(model, column, name):
    return migrations.AddIndex(model, models.Index(fields=[column, "area"], name=name))


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_unit_phone")]
    operations = [
        migrations.AlterField("person", "name", models.TextField(db_collation="C")),
        migrations.AlterField("place", "name", models.TextField(db_collation="C")),
        migrations.AddField("person", "initials", bulou.directory.models.initials.InitialsField(person=True)),
        migrations.AddField("place", "initials", bulou.directory.models.initials.InitialsField()),
        migrations.AddField("unit", "initials", bulou.directory.models.initials.InitialsField()),
        migrations.AddField(
            "person", "id_tail", models.BinaryField(null=True, help_text="Blind index of the last four")
        ),
        migrations.AddField(
            "person", "phone_tail", models.BinaryField(null=True, help_text="Blind index of the last four")
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        _index("person", "name", "person_name_area"),
        _index("person", "initials", "person_initials_area"),
        _index("person", "id_tail", "person_id_tail_area"),
        _index("person", "phone_tail", "person_phone_tail_area"),
        _index("place", "name", "place_name_area"),
        _index("place", "initials", "place_initials_area"),
        migrations.AddIndex(
            "place", models.Index(fields=["name", "area"], name="place_named_area", condition=~models.Q(kind="household"))
        ),
    ]
