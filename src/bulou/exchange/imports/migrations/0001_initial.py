"""Imports, each seen within its sender's area; what became of a row is written once."""

import bulou.kernel.ids
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

from bulou.directory.rls import protect

RIGHTS = [
    *protect("import_file"),
    *protect("import_batch"),
    *protect("import_row", update=False),
    *protect("import_doubt"),
    *protect("import_mapping"),
]


class Migration(migrations.Migration):

    initial = True

    dependencies = [("directory", "0007_retired")]

    operations = [
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('area', models.CharField(db_collation='C', max_length=15)),
                ('account', models.UUIDField(null=True)),
                ('kind', models.TextField()),
                ('name', models.TextField()),
                ('digest', models.TextField(help_text='SHA-256 of the content, in hexadecimal')),
                ('content', models.BinaryField(help_text="Sealed with the row's id; null where it was not kept", null=True)),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'db_table': 'import_file',
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('area', models.CharField(db_collation='C', max_length=15)),
                ('account', models.UUIDField(null=True)),
                ('unit', models.UUIDField(null=True)),
                ('kind', models.TextField()),
                ('rehearsal', models.BooleanField()),
                ('options', models.JSONField(default=dict, help_text='mapping: heading to field; stated: field to value; whole')),
                ('state', models.TextField(default='waiting')),
                ('job', models.UUIDField(null=True)),
                ('rows_total', models.IntegerField(default=0)),
                ('rows_in', models.IntegerField(default=0)),
                ('created', models.IntegerField(default=0)),
                ('updated', models.IntegerField(default=0)),
                ('unchanged', models.IntegerField(default=0)),
                ('rejected', models.IntegerField(default=0)),
                ('last_row', models.IntegerField(default=0, help_text='The number of the last row that is accounted for')),
                ('problem', models.JSONField(null=True)),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.UUIDField(null=True)),
                ('undone', models.JSONField(help_text='What the undoing did, as numbers', null=True)),
                ('file', models.ForeignKey(db_column='file', on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='imports.importfile')),
            ],
            options={
                'db_table': 'import_batch',
            },
        ),
        migrations.CreateModel(
            name='ImportMapping',
            fields=[
                ('id', models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('area', models.CharField(db_collation='C', max_length=15)),
                ('sender', models.UUIDField(help_text='The unit that sends such files')),
                ('kind', models.TextField()),
                ('headings', models.TextField()),
                ('mapping', models.JSONField()),
                ('used_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'db_table': 'import_mapping',
                'constraints': [models.UniqueConstraint(fields=('sender', 'kind', 'headings'), name='import_mapping_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('pk', models.CompositePrimaryKey('batch_id', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('area', models.CharField(db_collation='C', max_length=15)),
                ('outcome', models.TextField()),
                ('key', models.UUIDField(null=True)),
                ('digest', models.BigIntegerField()),
                ('subject', models.TextField(blank=True, default='')),
                ('person', models.UUIDField(help_text='Whom the row put on file or changed', null=True)),
                ('person_created', models.BooleanField(default=False)),
                ('fact', models.UUIDField(null=True)),
                ('change', models.JSONField(null=True)),
                ('shown', models.JSONField(null=True)),
                ('problems', models.JSONField(null=True)),
                ('batch', models.ForeignKey(db_column='batch', on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='imports.importbatch')),
            ],
            options={
                'db_table': 'import_row',
            },
        ),
        migrations.CreateModel(
            name='ImportDoubt',
            fields=[
                ('id', models.UUIDField(default=bulou.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('area', models.CharField(db_collation='C', max_length=15)),
                ('row', models.IntegerField()),
                ('person', models.UUIDField()),
                ('other', models.UUIDField()),
                ('score', models.SmallIntegerField(help_text='Likeness of the names, 0 to 100')),
                ('grounds', models.JSONField(help_text='name, phone, birth_date: in what they agree')),
                ('decision', models.TextField(blank=True, default='', help_text='same or different; empty while open')),
                ('change', models.JSONField(help_text='What the decision gave the one who was there', null=True)),
                ('decided_by', models.UUIDField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(db_column='batch', on_delete=django.db.models.deletion.CASCADE, related_name='doubts', to='imports.importbatch')),
            ],
            options={
                'db_table': 'import_doubt',
                'indexes': [models.Index(condition=models.Q(('decision', '')), fields=['area', 'id'], name='import_doubt_open')],
                'constraints': [models.UniqueConstraint(fields=('person', 'other'), name='import_doubt_once'), models.CheckConstraint(condition=models.Q(('decision__in', ['', 'same', 'different'])), name='import_doubt_decision')],
            },
        ),
        migrations.AddIndex(
            model_name='importbatch',
            index=models.Index(fields=['area', '-begun_at'], name='import_batch_area'),
        ),
        migrations.AddConstraint(
            model_name='importbatch',
            constraint=models.CheckConstraint(condition=models.Q(('rows_in', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('created'), '+', models.F('updated')), '+', models.F('unchanged')), '+', models.F('rejected')))), name='import_batch_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='importbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('waiting', 'running', 'done', 'cancelled', 'failed', 'undone'))), name='import_batch_state'),
        ),
        migrations.AddIndex(
            model_name='importrow',
            index=models.Index(fields=['batch', 'key'], name='import_row_key'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ('created', 'updated', 'unchanged', 'rejected'))), name='import_row_outcome'),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
