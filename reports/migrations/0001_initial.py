import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('file', models.FileField(max_length=300, upload_to='')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('kind', models.CharField(choices=[('receipt', 'Receipt'), ('ticket', 'Ticket')], max_length=10)),
                ('title', models.CharField(max_length=260)),
                ('filename', models.CharField(max_length=100)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='orders.order')),
            ],
            options={
                'ordering': ['-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=24, unique=True)),
                ('holder', models.CharField(max_length=200)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ticket', to='reports.document')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='orders.orderline')),
            ],
            options={
                'ordering': ['-line_id', 'position'],
                'constraints': [models.UniqueConstraint(fields=('line', 'position'), name='ticket_of_a_line')],
            },
        ),
    ]
