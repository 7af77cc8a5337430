"""What the external evaluator is given: extracts, consents and samples."""

import audit.triggers
import core.models
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import programme.models.study
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_documents'),
        ('programme', '0008_kept_in_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EvaluationExtract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.models.new_public_id, editable=False, max_length=12, unique=True)),
                ('purpose', models.CharField(max_length=300, verbose_name='purpose')),
                ('granted_at', models.DateTimeField(auto_now_add=True, verbose_name='granted')),
                ('expires_on', models.DateField(verbose_name='last day')),
                ('salt', models.CharField(default=programme.models.study.new_salt, editable=False, max_length=64)),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.programme')),
            ],
            options={
                'verbose_name': 'extract for the evaluator',
                'verbose_name_plural': 'extracts for the evaluator',
                'ordering': ['-granted_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalEvaluationExtract',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.CharField(db_index=True, default=core.models.new_public_id, editable=False, max_length=12)),
                ('operation_id', models.UUIDField(db_index=True, editable=False, null=True)),
                ('purpose', models.CharField(max_length=300, verbose_name='purpose')),
                ('granted_at', models.DateTimeField(blank=True, editable=False, verbose_name='granted')),
                ('expires_on', models.DateField(verbose_name='last day')),
                ('history_change_reason', models.TextField(null=True)),
                ('history_user_id', models.CharField(editable=False, max_length=64, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('granted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted_to', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='programme.programme')),
            ],
            options={
                'verbose_name': 'historical extract for the evaluator',
                'verbose_name_plural': 'historical extracts for the evaluator',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalInterviewConsent',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.CharField(db_index=True, default=core.models.new_public_id, editable=False, max_length=12)),
                ('operation_id', models.UUIDField(db_index=True, editable=False, null=True)),
                ('given_at', models.DateTimeField(blank=True, editable=False, verbose_name='given')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='taken back')),
                ('history_change_reason', models.TextField(null=True)),
                ('history_user_id', models.CharField(editable=False, max_length=64, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.person')),
            ],
            options={
                'verbose_name': 'historical consent to an interview',
                'verbose_name_plural': 'historical consents to interviews',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalInterviewSample',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.CharField(db_index=True, default=core.models.new_public_id, editable=False, max_length=12)),
                ('operation_id', models.UUIDField(db_index=True, editable=False, null=True)),
                ('purpose', models.CharField(max_length=300, verbose_name='purpose')),
                ('drawn_at', models.DateTimeField(blank=True, editable=False, verbose_name='drawn')),
                ('expires_on', models.DateField(verbose_name='last day')),
                ('seed', models.CharField(max_length=40, verbose_name='seed')),
                ('strata', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('district', 'administration'), ('category', 'category'), ('sex', 'sex')], max_length=10), default=list, size=None, verbose_name='strata')),
                ('each', models.PositiveSmallIntegerField(verbose_name='from each stratum')),
                ('population', models.JSONField(default=dict, verbose_name='those who had said yes')),
                ('population_digest', models.CharField(max_length=64)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_user_id', models.CharField(editable=False, max_length=64, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('drawn_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted_to', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='programme.programme')),
            ],
            options={
                'verbose_name': 'historical interview sample',
                'verbose_name_plural': 'historical interview samples',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='InterviewConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.models.new_public_id, editable=False, max_length=12, unique=True)),
                ('given_at', models.DateTimeField(auto_now_add=True, verbose_name='given')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='taken back')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'verbose_name': 'consent to an interview',
                'verbose_name_plural': 'consents to interviews',
            },
        ),
        migrations.CreateModel(
            name='InterviewSample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.models.new_public_id, editable=False, max_length=12, unique=True)),
                ('purpose', models.CharField(max_length=300, verbose_name='purpose')),
                ('drawn_at', models.DateTimeField(auto_now_add=True, verbose_name='drawn')),
                ('expires_on', models.DateField(verbose_name='last day')),
                ('seed', models.CharField(max_length=40, verbose_name='seed')),
                ('strata', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('district', 'administration'), ('category', 'category'), ('sex', 'sex')], max_length=10), default=list, size=None, verbose_name='strata')),
                ('each', models.PositiveSmallIntegerField(verbose_name='from each stratum')),
                ('population', models.JSONField(default=dict, verbose_name='those who had said yes')),
                ('population_digest', models.CharField(max_length=64)),
                ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.programme')),
            ],
            options={
                'verbose_name': 'interview sample',
                'verbose_name_plural': 'interview samples',
                'ordering': ['-drawn_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='InterviewPick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.models.new_public_id, editable=False, max_length=12, unique=True)),
                ('stratum', models.CharField(max_length=200, verbose_name='stratum')),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='picks', to='programme.interviewsample')),
            ],
            options={
                'verbose_name': 'person drawn for an interview',
                'verbose_name_plural': 'persons drawn for interviews',
                'ordering': ['stratum', 'order'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalInterviewPick',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.CharField(db_index=True, default=core.models.new_public_id, editable=False, max_length=12)),
                ('operation_id', models.UUIDField(db_index=True, editable=False, null=True)),
                ('stratum', models.CharField(max_length=200, verbose_name='stratum')),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
                ('history_change_reason', models.TextField(null=True)),
                ('history_user_id', models.CharField(editable=False, max_length=64, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='people.person')),
                ('sample', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='programme.interviewsample')),
            ],
            options={
                'verbose_name': 'historical person drawn for an interview',
                'verbose_name_plural': 'historical persons drawn for interviews',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evaluationextract',
            trigger=pgtrigger.compiler.Trigger(name='audit_capture', sql=audit.triggers.AlwaysSql(execute="public.audit_capture('programme_historicalevaluationextract', '{salt}', '{salt}')", hash='baa9bc1800d8aa695e1b6f5c0e925e1a8a65b482', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_capture_c5c51', table='programme_evaluationextract', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evaluationextract',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('it would leave no history')", hash='99a4468605208db4833e30d5e4066a723be64d94', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_29109', table='programme_evaluationextract', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalevaluationextract',
            trigger=pgtrigger.compiler.Trigger(name='audit_to_inbox', sql=audit.triggers.AlwaysSql(execute="public.audit_to_inbox('programme_evaluationextract', 'id')", hash='70ac1ce032b764c4f3df43e21dc6385f763157d6', operation='INSERT', pgid='pgtrigger_audit_to_inbox_f36b5', table='programme_historicalevaluationextract', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalevaluationextract',
            trigger=pgtrigger.compiler.Trigger(name='audit_append_only', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='ef55619a5b74390e708f35ba4995b4a9a8072aa6', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_append_only_b1167', table='programme_historicalevaluationextract', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalevaluationextract',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='ec54602bb225bec2348e5b6ffaf1bcdbb9c48268', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_e7099', table='programme_historicalevaluationextract', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalinterviewconsent',
            trigger=pgtrigger.compiler.Trigger(name='audit_to_inbox', sql=audit.triggers.AlwaysSql(execute="public.audit_to_inbox('programme_interviewconsent', 'id')", hash='80293abb4d127ae23949ae219671e5fb2fe8c6b7', operation='INSERT', pgid='pgtrigger_audit_to_inbox_7d950', table='programme_historicalinterviewconsent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalinterviewconsent',
            trigger=pgtrigger.compiler.Trigger(name='audit_append_only', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='e5298d69667454ffe3d2fa1ffdecd4fe18eefe81', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_append_only_1b7c7', table='programme_historicalinterviewconsent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalinterviewconsent',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='cd5e893255d1077c2e6acdff3d6dba9879aeb8a7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_cfaeb', table='programme_historicalinterviewconsent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalinterviewsample',
            trigger=pgtrigger.compiler.Trigger(name='audit_to_inbox', sql=audit.triggers.AlwaysSql(execute="public.audit_to_inbox('programme_interviewsample', 'id')", hash='58df478fc096a8ef18f471f360058131ae032c09', operation='INSERT', pgid='pgtrigger_audit_to_inbox_f241f', table='programme_historicalinterviewsample', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalinterviewsample',
            trigger=pgtrigger.compiler.Trigger(name='audit_append_only', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='b6d3ea5505afd0990ddfcb67f482034dfe12cede', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_append_only_48d5e', table='programme_historicalinterviewsample', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalinterviewsample',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='d85a8598dd7d48622bb0242f3ba1dd9b8839eabb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_1cac9', table='programme_historicalinterviewsample', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='interviewconsent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('person',), name='interview_consent_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interviewconsent',
            trigger=pgtrigger.compiler.Trigger(name='audit_capture', sql=audit.triggers.AlwaysSql(execute="public.audit_capture('programme_historicalinterviewconsent', '{}', '{}')", hash='89e0e82cc374da4f6f081677becba1e15908da5d', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_capture_d8a2c', table='programme_interviewconsent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interviewconsent',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('it would leave no history')", hash='ee248649d8f8e7febecd2cf49d6fd5838c5511cd', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_7db4d', table='programme_interviewconsent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='interviewsample',
            constraint=models.CheckConstraint(condition=models.Q(('each__gt', 0)), name='sample_draws_somebody'),
        ),
        migrations.AddConstraint(
            model_name='interviewsample',
            constraint=models.CheckConstraint(condition=models.Q(('granted_to', models.F('drawn_by')), _negated=True), name='sample_for_somebody_else'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interviewsample',
            trigger=pgtrigger.compiler.Trigger(name='audit_capture', sql=audit.triggers.AlwaysSql(execute="public.audit_capture('programme_historicalinterviewsample', '{}', '{}')", hash='2c70322cc37844c93c07868bbe7f967626475a72', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_capture_f094e', table='programme_interviewsample', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interviewsample',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('it would leave no history')", hash='4ef3966b6d46843b7624d25d7b7525f25a1f5a8f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_88ced', table='programme_interviewsample', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interviewsample',
            trigger=pgtrigger.compiler.Trigger(name='audit_never_deleted', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('what was drawn stays as it was')", hash='4d41813a42b13d0daeeb0e0bbae2a3a3d2291fa2', operation='DELETE', pgid='pgtrigger_audit_never_deleted_76966', table='programme_interviewsample', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='interviewpick',
            constraint=models.UniqueConstraint(fields=('sample', 'person'), name='interview_pick_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interviewpick',
            trigger=pgtrigger.compiler.Trigger(name='audit_capture', sql=audit.triggers.AlwaysSql(execute="public.audit_capture('programme_historicalinterviewpick', '{}', '{}')", hash='36fab17f18f24e4de11ffa784856a95e4dc8ad86', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audit_capture_f43d6', table='programme_interviewpick', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interviewpick',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('it would leave no history')", hash='8cc1dcbbe739c85ac49dd67797569d72a8347356', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_7b5c9', table='programme_interviewpick', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='interviewpick',
            trigger=pgtrigger.compiler.Trigger(name='audit_never_deleted', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('what was drawn stays as it was')", hash='3debe8086512d523d9e561201f7e72c189486f26', operation='DELETE', pgid='pgtrigger_audit_never_deleted_a2c94', table='programme_interviewpick', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalinterviewpick',
            trigger=pgtrigger.compiler.Trigger(name='audit_to_inbox', sql=audit.triggers.AlwaysSql(execute="public.audit_to_inbox('programme_interviewpick', 'id')", hash='9b625df01fac81d2e3983ee6774147c7dbb0a6d8', operation='INSERT', pgid='pgtrigger_audit_to_inbox_fe5bb', table='programme_historicalinterviewpick', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalinterviewpick',
            trigger=pgtrigger.compiler.Trigger(name='audit_append_only', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='9fa7cc1da09eba8f6ca03f8907feaa4ab76b223a', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_append_only_8c835', table='programme_historicalinterviewpick', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='historicalinterviewpick',
            trigger=pgtrigger.compiler.Trigger(name='audit_no_truncate', sql=audit.triggers.AlwaysSql(execute="public.audit_refuse('history is only added to')", hash='c15542b45c7fc1937a4604c1aa26e44b2fe47d33', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_no_truncate_702c2', table='programme_historicalinterviewpick', when='BEFORE')),
        ),
    ]
