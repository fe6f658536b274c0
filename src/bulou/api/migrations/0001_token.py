"""Tokens, and what the application may do with them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import bulou.kernel.ids
from bulou.directory.rls import open_to_all


class Migration(migrations.Migration):
    initial = True
    dependencies = [("directory", "0003_rights")]
    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("digest", models.BinaryField(unique=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(help_text="To the minute", null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_column="account",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "api_token"},
        ),
        migrations.RunSQL(
            open_to_all("api_token", "signing in comes before any scope; digests only"), migrations.RunSQL.noop
        ),
    ]
