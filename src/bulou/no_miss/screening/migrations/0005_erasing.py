"""What somebody whose file is blank declared of themselves may be taken out; of nobody else."""

from django.db import migrations

from bulou.directory.rls import APP

FUNCTION = """
CREATE FUNCTION declaration_erase(people uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM declaration d USING person p WHERE p.id = ANY (people) AND p.name = '' AND d.person = p.id
$$
"""
STATEMENTS = [
    FUNCTION,
    "REVOKE ALL ON FUNCTION declaration_erase FROM PUBLIC",
    "COMMENT ON FUNCTION declaration_erase IS 'open: drops what people with a blank file declared, and nobody else'",
    f"GRANT EXECUTE ON FUNCTION declaration_erase TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("screening", "0004_listings"), ("directory", "0012_erasing")]
    operations = [migrations.RunSQL(STATEMENTS, "DROP FUNCTION declaration_erase")]
