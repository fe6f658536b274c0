"""What phones brought about somebody whose file is blank may be emptied; of nobody else."""

from django.db import migrations

from bulou.directory.rls import APP

FUNCTION = """
CREATE FUNCTION field_entry_erase(subjects text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH emptied AS (
        UPDATE field_entry e SET data = '{}'
        WHERE e.subject = ANY (subjects)
            AND NOT EXISTS (SELECT FROM person p WHERE e.subject = 'person:' || p.id AND p.name <> '')
        RETURNING e.id)
    UPDATE field_ruling r SET note = '' FROM emptied e WHERE r.entry = e.id
$$
"""
STATEMENTS = [
    FUNCTION,
    "REVOKE ALL ON FUNCTION field_entry_erase FROM PUBLIC",
    "COMMENT ON FUNCTION field_entry_erase IS 'open: empties entries about people whose file is blank, and about nobody else'",
    f"GRANT EXECUTE ON FUNCTION field_entry_erase TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("web", "0002_field"), ("directory", "0012_erasing")]
    operations = [migrations.RunSQL(STATEMENTS, "DROP FUNCTION field_entry_erase")]
