"""Looks say from which page, and are read newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0010_same_as")]
    operations = [
        migrations.AddField("accesslog", "page", models.TextField(blank=True, default="", db_default="")),
        migrations.AlterField(
            "accesslog", "act", models.TextField(help_text="view, reveal, search, export, denied or account")
        ),
        migrations.AddIndex("accesslog", models.Index(fields=["at", "id"], name="access_log_at")),
    ]
