"""Files among a lecture's material with their review, and lectures that are ordered for."""

import audit.triggers
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import programme.models.course
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programme', '0010_counted_references'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalMaterialQuestion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('operation_id', models.UUIDField(db_index=True, editable=False, null=True)),
                ('text', models.CharField(max_length=200, verbose_name='question')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('in_use', models.BooleanField(default=True, verbose_name='in use')),
                ('history_change_reason', models.TextField(null=True)),
                ('history_user_id', models.CharField(editable=False, max_length=64, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical question about material',
                'verbose_name_plural': 'historical questions about material',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='MaterialQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, verbose_name='question')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('in_use', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'question about material',
                'verbose_name_plural': 'questions about material',
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='calloff',
            name='lecture',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='call_offs', to='programme.lecture', verbose_name='lecture'),
        ),
        migrations.AddField(
            model_name='historicalcalloff',
            name='lecture',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='programme.lecture', verbose_name='lecture'),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='content_type',
            field=models.CharField(blank=True, editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='file_name',
            field=models.CharField(blank=True, editable=False, max_length=140, verbose_name='file name'),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='needs_review',
            field=models.BooleanField(default=False, verbose_name='waits for review'),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='path',
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='put_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='review',
            field=models.JSONField(default=list, editable=False, verbose_name='answers of the review'),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='reviewed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='reviewed'),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='reviewed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='sha256',
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name='SHA-256'),
        ),
        migrations.AddField(
            model_name='historicalmaterial',
            name='size',
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name='size'),
        ),
        migrations.AddField(
            model_name='material',
            name='content_type',
            field=models.CharField(blank=True, editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name='material',
            name='file_name',
            field=models.CharField(blank=True, editable=False, max_length=140, verbose_name='file name'),
        ),
        migrations.AddField(
            model_name='material',
            name='needs_review',
            field=models.BooleanField(default=False, verbose_name='waits for review'),
        ),
        migrations.AddField(
            model_name='material',
            name='path',
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='material',
            name='put_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='material',
            name='review',
            field=models.JSONField(default=list, editable=False, verbose_name='answers of the review'),
        ),
        migrations.AddField(
            model_name='material',
            name='reviewed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='reviewed'),
        ),
        migrations.AddField(
            model_name='material',
            name='reviewed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='material',
            name='sha256',
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name='SHA-256'),
        ),
        migrations.AddField(
            model_name='material',
            name='size',
            field=models.PositiveBigIntegerField(default=0, editable=False, verbose_name='size'),
        ),
        migrations.AlterField(
            model_name='historicalmaterial',
            name='address',
            field=models.CharField(blank=True, max_length=200, validators=[programme.models.course.place_to_read], verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='material',
            name='address',
            field=models.CharField(blank=True, max_length=200, validators=[programme.models.course.place_to_read], verbose_name='address'),
        ),
        migrations.AddConstraint(
            model_name='material',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by', None), models.Q(('reviewed_by', models.F('put_by')), _negated=True), _connector='OR'), name='material_reviewed_by_another'),
        ),
        migrations.AddField(
            model_name='historicalmaterialquestion',
            name='programme',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='programme.programme'),
        ),
        migrations.AddField(
            model_name='materialquestion',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='material_questions', to='programme.programme'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalmaterialquestion',
            trigger=pgtrigger.compiler.Trigger(name='audit_to_inbox', sql=audit.triggers.AlwaysSql(execute="public.audit_to_inbox('programme_materialquestion', 'id')", hash='f4fee143a5dd9290db027b783b611efeca40dbec', operation='INSERT', pgid='pgtrigger_audit_to_inbox_719a6', table='programme_historicalmaterialquestion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalmaterialquestion',
            trigger=pgtrigger.compiler.Trigger(name='audit_append_only', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='dccf1a5d1f54973bc5ba2a84d08d934643975dbe', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_append_only_7c115', table='programme_historicalmaterialquestion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalmaterialquestion',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='9211171e96aabba43df74142f0613b6d486523b2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_0ac6b', table='programme_historicalmaterialquestion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='materialquestion',
            trigger=pgtrigger.compiler.Trigger(name='audit_capture', sql=audit.triggers.AlwaysSql(execute="public.audit_capture('programme_historicalmaterialquestion', '{}', '{}')", hash='092d487a0d429d286a13cba5efdae8d3cb5ff9d0', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_capture_6b4fb', table='programme_materialquestion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='materialquestion',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('it would leave no history')", hash='e7950f86a073bb091a32ee5874a81831e3b61976', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_ce135', table='programme_materialquestion', when='BEFORE')),
        ),
    ]
