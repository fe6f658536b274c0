"""Wards and beds are seen in the hospital's area, patients and stays also where the illness is on the books.

Stays and courses are derived, so they may be taken away.
"""

from django.db import migrations

from bulou.directory.rls import protect

STATEMENTS = [
    *protect("ward"),
    *protect("bed"),
    *protect("bed_stay", "area", "home", delete=True),
    *protect("episode", "area", "unit_area", delete=True),
]


class Migration(migrations.Migration):
    dependencies = [("treatment", "0001_beds")]
    operations = [migrations.RunSQL(STATEMENTS, migrations.RunSQL.noop)]
