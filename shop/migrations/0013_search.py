import secrets

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

# All three are trusted: who owns the database may make them.
EXTENSIONS = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
"""
# By the first, words are searched: without accents, and by their stems. By the second, they are
# kept as they are written, and only what is a word.
CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION shop_english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION shop_english
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
    WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION shop_words (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION shop_words
    ALTER MAPPING FOR asciiword, hword_asciipart, word, hword_part WITH unaccent, simple;
ALTER TEXT SEARCH CONFIGURATION shop_words
    DROP MAPPING FOR asciihword, hword, numhword, hword_numpart, numword, email, file, float, host,
        int, sfloat, uint, url, url_path, version;
"""
NO_CONFIGURATIONS = """
DROP TEXT SEARCH CONFIGURATION shop_english;
DROP TEXT SEARCH CONFIGURATION shop_words;
"""
# Not by Django, which gives a word that is a key one more index than anybody asks.
TABLES = """
CREATE TABLE shop_productsearch (
    product_id bigint CONSTRAINT shop_productsearch_pkey PRIMARY KEY,
    source_version bigint NOT NULL,
    vector tsvector NOT NULL,
    words text[] NOT NULL
);
CREATE INDEX product_search_vector ON shop_productsearch USING gin (vector) WITH (fastupdate = off);
CREATE TABLE shop_searchword (
    word varchar(40) CONSTRAINT shop_searchword_pkey PRIMARY KEY,
    products integer NOT NULL
);
CREATE INDEX search_word_trigrams ON shop_searchword
    USING gin (word gin_trgm_ops) WITH (fastupdate = off);
"""
NO_TABLES = """
DROP TABLE shop_productsearch;
DROP TABLE shop_searchword;
"""
ON_SALE = models.Q(('on_sale', True))
MOST_AT_ONCE = 1_000


def announce_all(apps, schema_editor):
    """Whatever is in the shop is indexed by the first workers of this release."""
    ids = list(apps.get_model("shop", "Product").objects.order_by("pk").values_list("pk", flat=True))
    events = apps.get_model("deferral", "Event").objects
    for start in range(0, len(ids), MOST_AT_ONCE):
        change = secrets.token_hex(8)
        events.create(
            type="shop.products_changed",
            subject=f"products:{change}",
            payload={"change": change, "product_ids": ids[start : start + MOST_AT_ONCE]},
            context={},
            schema_version=1,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('deferral', '0003_paused_is_open'),
        ('shop', '0012_product_version'),
    ]

    operations = [
        migrations.RunSQL(EXTENSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(CONFIGURATIONS, NO_CONFIGURATIONS),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=ON_SALE, fields=['position', 'id'], name='product_on_shelf'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=ON_SALE, fields=['price_cents', 'id'], name='product_by_price'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLES, NO_TABLES)],
            state_operations=[
                migrations.CreateModel(
                    name='ProductSearch',
                    fields=[
                        ('product', models.OneToOneField(db_constraint=False, on_delete=models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='shop.product')),
                        ('source_version', models.BigIntegerField()),
                        ('vector', django.contrib.postgres.search.SearchVectorField()),
                        ('words', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                    ],
                    options={
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vector'], name='product_search_vector')],
                    },
                ),
                migrations.CreateModel(
                    name='SearchWord',
                    fields=[
                        ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ('products', models.IntegerField()),
                    ],
                    options={
                        'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('word', name='gin_trgm_ops'), fastupdate=False, name='search_word_trigrams')],
                    },
                ),
            ],
        ),
        migrations.RunPython(announce_all, migrations.RunPython.noop),
    ]
