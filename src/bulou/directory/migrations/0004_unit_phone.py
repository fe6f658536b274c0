"""A unit has a number to be rung at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_rights")]
    operations = [
        migrations.AddField(
            "unit",
            "phone",
            models.TextField(blank=True, default="", help_text="the number of the office, for whoever must ring it"),
        )
    ]
