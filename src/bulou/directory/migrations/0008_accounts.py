"""Whose each session is, and when an account's password was set and by whom."""

import django.db.models.functions.datetime
from django.db import migrations, models

import bulou.kernel.ids
from bulou.directory.rls import open_to_all

RIGHTS = open_to_all("session", "signing in comes before any scope", delete=True)


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_retired")]
    run_before = [("account", "0001_initial"), ("mfa", "0001_initial")]
    operations = [
        migrations.AddField("account", "password_set_at", models.DateTimeField(
            null=True, help_text="Null where it was loaded or made by hand")),
        migrations.AddField("account", "password_temporary", models.BooleanField(
            default=False, help_text="Made by an administrator: to be changed at once")),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("ref", models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, unique=True)),
                ("account", models.UUIDField(null=True)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("device", models.TextField(blank=True, default="", help_text="What the browser says it is")),
                ("started_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("seen_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text="To five minutes")),
            ],
            options={
                "db_table": "session",
                "indexes": [models.Index(fields=["account"], name="session_account")],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL("DROP TABLE IF EXISTS django_session", migrations.RunSQL.noop),
    ]
