"""Two files may be found to be one person's: one is then part of the other, and both ids lead to it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0009_measured")]
    operations = [
        migrations.AddField(
            "person",
            "same_as",
            models.ForeignKey(
                null=True,
                db_column="same_as",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="directory.person",
                help_text="The file this is part of",
            ),
        ),
    ]
