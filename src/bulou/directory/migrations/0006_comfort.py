"""How an account likes its pages: in high contrast, in large type."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_search")]
    operations = [
        migrations.AddField("account", "high_contrast", models.BooleanField(default=False)),
        migrations.AddField("account", "large_text", models.BooleanField(default=False)),
    ]
