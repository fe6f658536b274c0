"""A row of an import hangs on its batch by its own key: the second index and the test of every row said nothing more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_erasing")]
    operations = [
        migrations.AlterField(
            "importrow",
            "batch",
            models.ForeignKey(
                db_column="batch",
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="imports.importbatch",
            ),
        ),
    ]
