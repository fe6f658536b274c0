"""Names that were looked for may be taken out of the record of access, which nobody may change otherwise."""

from django.db import migrations

from bulou.directory.rls import APP

FUNCTION = """
CREATE FUNCTION access_log_erase(names text[], mark text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        UPDATE access_log SET purpose = replace(purpose, name, mark) WHERE length(name) > 1 AND position(name IN purpose) > 0;
    END LOOP;
END $$
"""
STATEMENTS = [
    FUNCTION,
    "REVOKE ALL ON FUNCTION access_log_erase FROM PUBLIC",
    "COMMENT ON FUNCTION access_log_erase IS 'open: takes a name out of what was looked for; who looked, and when, stays'",
    f"GRANT EXECUTE ON FUNCTION access_log_erase TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("directory", "0011_looks")]
    operations = [migrations.RunSQL(STATEMENTS, "DROP FUNCTION access_log_erase")]
