from django.db import migrations, models
from django.db.models.functions import MD5, Left


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0010_number_as_it_was_ordered'),
    ]

    operations = [
        migrations.AddField(
            model_name='productfilm',
            name='captions_digest',
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(captions='', then=models.Value('')), default=Left(MD5('captions'), 16)
                ),
                output_field=models.CharField(max_length=16),
            ),
        ),
    ]
