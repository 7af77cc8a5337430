"""One index on the reference of counted time, and none on the moment of its history."""

import core.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_documents'),
        ('programme', '0009_evaluators_material'),
    ]

    operations = [
        migrations.AlterField(
            model_name='countedtime',
            name='public_id',
            field=models.CharField(default=core.models.new_public_id, editable=False, max_length=12),
        ),
        migrations.AlterField(
            model_name='historicalcountedtime',
            name='history_date',
            field=models.DateTimeField(),
        ),
        migrations.AddConstraint(
            model_name='countedtime',
            constraint=models.UniqueConstraint(fields=('public_id',), name='counted_reference'),
        ),
    ]
