"""Who holds whom, and what is on its way. Rows are derived from facts, so they are replaced where the facts change."""

import django.db.models.deletion
from django.db import migrations, models

from bulou.directory.rls import protect

RIGHTS = [
    *protect("custody", "area", "unit_area", update=False, delete=True),
    *protect("handover", "area", "sender_area", "receiver_area", delete=True),
]


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0006_comfort'),
    ]

    operations = [
        migrations.CreateModel(
            name='Custody',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'since', blank=True, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('managed', models.BooleanField()),
                ('fact', models.UUIDField(help_text='The fact by which the person came into these hands')),
                ('area', models.CharField(db_collation='C', max_length=15)),
                ('unit_area', models.CharField(db_collation='C', max_length=15, null=True)),
                ('person', models.ForeignKey(db_column='person', db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='custody', to='directory.person')),
                ('unit', models.ForeignKey(db_column='unit', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='custody', to='directory.unit')),
            ],
            options={
                'db_table': 'custody',
                'constraints': [models.CheckConstraint(condition=models.Q(('managed', True), ('unit', None), _connector='OR'), name='custody_nobody_holds')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('carrier', models.UUIDField(null=True)),
                ('stage', models.TextField(db_collation='C')),
                ('stage_at', models.DateTimeField()),
                ('requested_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('departed_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('vehicle', models.TextField(default='')),
                ('crew', models.TextField(default='')),
                ('reason', models.TextField(default='')),
                ('area', models.CharField(db_collation='C', max_length=15)),
                ('sender_area', models.CharField(db_collation='C', max_length=15, null=True)),
                ('receiver_area', models.CharField(db_collation='C', max_length=15, null=True)),
                ('person', models.ForeignKey(db_column='person', on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='directory.person')),
                ('receiver', models.ForeignKey(db_column='receiver', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='directory.unit')),
                ('sender', models.ForeignKey(db_column='sender', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sent', to='directory.unit')),
            ],
            options={
                'db_table': 'handover',
                'indexes': [models.Index(condition=models.Q(('stage__in', ('requested', 'accepted', 'departed', 'received'))), fields=['stage', 'stage_at', 'id'], name='handover_open'), models.Index(condition=models.Q(('stage__in', ('requested', 'accepted', 'departed', 'received'))), fields=['sender', 'stage_at'], name='handover_sender'), models.Index(condition=models.Q(('stage__in', ('requested', 'accepted', 'departed', 'received'))), fields=['receiver', 'stage_at'], name='handover_receiver')],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
