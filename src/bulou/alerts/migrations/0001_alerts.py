"""Alerts, each table seen within its area; who read and what was tried is only added to."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import bulou.kernel.ids
from bulou.directory.rls import protect

NOW = django.db.models.functions.datetime.Now
RIGHTS = [
    *protect("alert"),
    *protect("alert_read", update=False),
    *protect("alert_hearing"),
    *protect("alert_channel"),
    *protect("alert_delivery"),
    *protect("alert_attempt", update=False),
]


def _id():
    return ("id", models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False))


def _area():
    return ("area", models.CharField(blank=True, db_collation="C", max_length=15))


def _key(to, column, **given):
    return models.ForeignKey(db_column=column, on_delete=django.db.models.deletion.PROTECT, to=f"alerts.{to}", **given)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("directory", "0003_rights"), ("ledger", "0003_alerted")]
    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                _id(),
                ("kind", models.TextField(help_text="miss or security")),
                ("urgent", models.BooleanField(default=False)),
                ("unit", models.UUIDField()),
                ("role", models.TextField(blank=True)),
                _area(),
                ("place", models.CharField(blank=True, db_collation="C", help_text="Where it is about", max_length=15)),
                ("zh", models.TextField()),
                ("en", models.TextField()),
                ("count", models.IntegerField(default=1)),
                ("data", models.JSONField(default=dict)),
                ("step", models.SmallIntegerField(default=0)),
                ("about", models.UUIDField(null=True)),
                ("at", models.DateTimeField(help_text="By the business clock")),
                ("made_at", models.DateTimeField(db_default=NOW(), editable=False)),
                ("escalate_at", models.DateTimeField(help_text="Real time; null where it went up, was read, or ends here", null=True)),
                ("addressed", models.BooleanField(default=False, help_text="Its deliveries are made")),
            ],
            options={
                "db_table": "alert",
                "indexes": [
                    models.Index(fields=["unit", "made_at"], name="alert_unit"),
                    models.Index(fields=["escalate_at"], name="alert_rising", condition=models.Q(("escalate_at__isnull", False))),
                    models.Index(fields=["made_at"], name="alert_new", condition=models.Q(("addressed", False))),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertRead",
            fields=[
                _id(),
                ("account", models.UUIDField()),
                _area(),
                ("at", models.DateTimeField(db_default=NOW(), editable=False)),
                ("alert", _key("alert", "alert", related_name="reads")),
            ],
            options={
                "db_table": "alert_read",
                "constraints": [models.UniqueConstraint(fields=("alert", "account"), name="alert_read_once")],
            },
        ),
        migrations.CreateModel(
            name="Hearing",
            fields=[
                ("account", models.UUIDField(primary_key=True, serialize=False)),
                _area(),
                ("email", models.BinaryField(help_text="Sealed with the account's id", null=True)),
                ("mode", models.TextField(default="none", help_text="each, digest or none")),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_to", models.TimeField(null=True)),
                ("digest_at", models.TimeField(null=True)),
                ("digest_on", models.DateField(help_text="The day of the last digest", null=True)),
            ],
            options={"db_table": "alert_hearing"},
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                _id(),
                ("unit", models.UUIDField()),
                _area(),
                ("kind", models.TextField(help_text="dingtalk, wecom or feishu")),
                ("title", models.CharField(max_length=60)),
                ("url", models.BinaryField()),
                ("secret", models.BinaryField(null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("made_by", models.UUIDField()),
                ("made_at", models.DateTimeField(db_default=NOW(), editable=False)),
            ],
            options={"db_table": "alert_channel"},
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                _id(),
                ("account", models.UUIDField(null=True)),
                _area(),
                ("digest_of", models.DateField(help_text="The day a digest is of; it has no alert", null=True)),
                ("zh", models.TextField(blank=True, default="")),
                ("en", models.TextField(blank=True, default="")),
                ("state", models.TextField(default="waiting")),
                ("tries", models.SmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(db_default=NOW(), editable=False)),
                ("alert", _key("alert", "alert", related_name="deliveries", null=True)),
                ("channel", _key("channel", "channel", related_name="deliveries", null=True)),
            ],
            options={
                "db_table": "alert_delivery",
                "indexes": [models.Index(fields=["next_at"], name="alert_delivery_next", condition=models.Q(("next_at__isnull", False)))],
                "constraints": [
                    models.UniqueConstraint(fields=("alert", "channel"), name="alert_delivery_channel"),
                    models.UniqueConstraint(fields=("alert", "account"), name="alert_delivery_account"),
                    models.UniqueConstraint(fields=("account", "digest_of"), name="alert_delivery_digest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                _id(),
                _area(),
                ("at", models.DateTimeField(db_default=NOW(), editable=False)),
                ("outcome", models.TextField()),
                ("detail", models.TextField(blank=True)),
                ("delivery", _key("delivery", "delivery", related_name="attempts")),
            ],
            options={"db_table": "alert_attempt"},
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
