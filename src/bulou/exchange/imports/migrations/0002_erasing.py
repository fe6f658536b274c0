"""The cells of rows about somebody whose file is blank may be emptied; of nobody else's."""

from django.db import migrations

from bulou.directory.rls import APP

FUNCTION = """
CREATE FUNCTION import_row_erase(people uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH blank AS (SELECT p.id FROM person p WHERE p.id = ANY (people) AND p.name = ''),
    doubts AS (UPDATE import_doubt d SET change = NULL FROM blank b WHERE b.id IN (d.person, d.other))
    UPDATE import_row r SET change = NULL, shown = NULL, problems = NULL
    FROM blank b WHERE r.person = b.id OR r.subject = 'person:' || b.id
$$
"""
STATEMENTS = [
    FUNCTION,
    "REVOKE ALL ON FUNCTION import_row_erase FROM PUBLIC",
    "COMMENT ON FUNCTION import_row_erase IS 'open: empties rows about people whose file is blank, and about nobody else'",
    f"GRANT EXECUTE ON FUNCTION import_row_erase TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("directory", "0012_erasing")]
    operations = [migrations.RunSQL(STATEMENTS, "DROP FUNCTION import_row_erase")]
