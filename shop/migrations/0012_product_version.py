from django.db import migrations, models

# Whoever changes a product: an older release beside this one, a migration, a person with psql. What
# was sold is no change of what is shown, and raises nothing.
RAISE = """
CREATE FUNCTION shop_product_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shown shop_product;
BEGIN
    shown := NEW;
    shown.available := OLD.available;
    shown.version := OLD.version;
    IF shown IS DISTINCT FROM OLD THEN
        NEW.version := OLD.version + 1;
    ELSE
        NEW.version := greatest(NEW.version, OLD.version);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shop_product_version BEFORE UPDATE ON shop_product
    FOR EACH ROW EXECUTE FUNCTION shop_product_version();
"""
NO_MORE = """
DROP TRIGGER shop_product_version ON shop_product;
DROP FUNCTION shop_product_version();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0011_captions_digest'),
    ]

    operations = [
        migrations.AddField(
            model_name='product',
            name='version',
            field=models.BigIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.RunSQL(RAISE, NO_MORE),
    ]
