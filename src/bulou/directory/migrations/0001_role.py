"""The application's role, before any table is granted to it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from bulou.directory.grants import create_role


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    create_role(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
