"""The files that are part of one are few: only they stand in the index, so that nobody else who comes is put there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0012_erasing")]
    operations = [
        migrations.AlterField(
            "person",
            "same_as",
            models.ForeignKey(
                db_column="same_as",
                db_index=False,
                help_text="The file this is part of",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="directory.person",
            ),
        ),
        migrations.AddIndex(
            "person",
            models.Index(fields=["same_as"], name="person_parts", condition=models.Q(same_as__isnull=False)),
        ),
    ]
