"""Who holds whom, derived from the facts already on record; and an episode's facts found by the person they name."""

from django.db import migrations

INDEX = "CREATE INDEX fact_person ON fact ((data ->> 'person')) WHERE subject LIKE 'episode:%'"


def derive(apps, schema_editor):
    """As the owner of the tables, who sees all of them."""
    from bulou.kernel import clock
    from bulou.ledger import holding
    from bulou.ledger.engines import store

    ((set_to, _),) = store.rows("instant", "house")
    holding.follow_all(set_to or clock.now())


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_tables"), ("custody", "0001_tables")]
    operations = [
        migrations.RunSQL(INDEX, "DROP INDEX fact_person"),
        migrations.RunPython(derive, migrations.RunPython.noop),
    ]
