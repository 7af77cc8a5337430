"""The list of events, goals outside the project, and pages about a procurement in two languages."""

import cms.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0005_lectures'),
        ('programme', '0011_material_files'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='EventIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('lead', models.TextField(blank=True, help_text='One or two sentences that say what the page gives.', verbose_name='lead')),
            ],
            options={
                'verbose_name': 'list of events',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.AddField(
            model_name='eventpage',
            name='goals',
            field=cms.fields.GoalField(blank=True, default=list, size=None, verbose_name='goals that it works towards'),
        ),
        migrations.AddField(
            model_name='lecturepage',
            name='goals',
            field=cms.fields.GoalField(blank=True, default=list, size=None, verbose_name='goals that it works towards'),
        ),
        migrations.AddField(
            model_name='newspage',
            name='goals',
            field=cms.fields.GoalField(blank=True, default=list, size=None, verbose_name='goals that it works towards'),
        ),
        migrations.AddField(
            model_name='projectpage',
            name='goals',
            field=cms.fields.GoalField(blank=True, default=list, size=None, verbose_name='goals that it works towards'),
        ),
        migrations.AddField(
            model_name='resultpage',
            name='goals',
            field=cms.fields.GoalField(blank=True, default=list, size=None, verbose_name='goals that it works towards'),
        ),
        migrations.AddField(
            model_name='standardpage',
            name='goals',
            field=cms.fields.GoalField(blank=True, default=list, size=None, verbose_name='goals that it works towards'),
        ),
        migrations.AlterField(
            model_name='evaluationreportpage',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.evaluationreport', verbose_name='evaluation report'),
        ),
        migrations.AlterField(
            model_name='procurementpage',
            name='procurement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.procurement', verbose_name='procurement'),
        ),
    ]
