"""What people keep of lists: their views, and the acts they did on many rows at once."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from bulou.kernel.ids import new_id


class SavedView(models.Model):
    """A list as somebody likes it, by name. `query` is its address; a shared one is seen by all of the same area."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C")
    list = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        app_label = "web"
        db_table = "saved_view"
        indexes: ClassVar = [
            # Serves: the views of one list.
            models.Index(fields=["list", "area"], name="saved_view_list"),
        ]


class BulkAct(models.Model):
    """One act on many rows: what, by whom, and what came of each row. `rows`: key, subject, area, fact, problem."""

    id = models.UUIDField(primary_key=True, editable=False)
    account = models.UUIDField()
    unit = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C")
    list = models.CharField(max_length=40)
    act = models.CharField(max_length=60)
    at = models.DateTimeField()
    rows = models.JSONField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "web"
        db_table = "bulk_act"
        indexes: ClassVar = [
            # Serves: what this account did lately.
            models.Index(fields=["account", "at"], name="bulk_act_account"),
        ]
