"""The table of Django's database cache, as createcachetable makes it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                'CREATE TABLE "sbs_cache" ('
                '"cache_key" varchar(255) NOT NULL PRIMARY KEY, "value" text NOT NULL,'
                ' "expires" timestamp with time zone NOT NULL)',
                'CREATE INDEX "sbs_cache_expires" ON "sbs_cache" ("expires")',
            ],
            'DROP TABLE "sbs_cache"',
        )
    ]
