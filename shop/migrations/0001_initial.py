import django.contrib.postgres.fields
import django.core.validators
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
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=40, unique=True)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('category', models.CharField(choices=[('print', 'Prints'), ('home', 'Home'), ('ticket', 'Tickets'), ('download', 'Downloads')], max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('subtitle', models.CharField(blank=True, max_length=200)),
                ('description', models.TextField(blank=True)),
                ('price_cents', models.PositiveIntegerField(help_text='In cents, tax included: 2450 is €24.50, 0 is free of charge. A card cannot be charged with less than 50 or more than 99,999,999 cents for one order.', validators=[django.core.validators.MaxValueValidator(99999999, 'One payment is at most 999,999.99 euros.')])),
                ('tax_basis_points', models.PositiveIntegerField(default=1900, help_text='Hundredths of a per cent: 1900 is 19 %.', validators=[django.core.validators.MaxValueValidator(10000, 'At most 10,000, which is all of it.')])),
                ('supplier', models.CharField(blank=True, choices=[('print_room', 'Print room'), ('warehouse', 'Warehouse'), ('box_office', 'Box office')], max_length=20)),
                ('available', models.IntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0, 'There cannot be less than nothing.'), django.core.validators.MaxValueValidator(1000000, 'At most 1,000,000; empty: never runs out.')])),
                ('on_sale', models.BooleanField(default=True)),
                ('event_at', models.DateTimeField(blank=True, null=True)),
                ('venue', models.CharField(blank=True, max_length=100)),
                ('position', models.PositiveIntegerField(default=1000)),
                ('art_seed', models.PositiveIntegerField(default=1)),
                ('art_motif', models.CharField(default='waves', max_length=20)),
                ('art_object', models.CharField(default='poster', max_length=20)),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('available__isnull', True), ('available__gte', 0), _connector='OR'), name='product_never_oversold')],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('supplier', models.CharField(blank=True, choices=[('print_room', 'Print room'), ('warehouse', 'Warehouse'), ('box_office', 'Box office')], max_length=20)),
                ('quantity', models.PositiveIntegerField()),
                ('returned', models.PositiveIntegerField(db_default=0)),
                ('returned_for', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None)),
                ('state', models.CharField(choices=[('held', 'Held'), ('committed', 'Committed'), ('released', 'Released')], default='held', max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='orders.order')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='shop.product')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('order', 'product'), name='reserved_once')],
            },
        ),
    ]
