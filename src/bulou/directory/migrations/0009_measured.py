"""The planner learns of a large import while it runs: the application may have the people counted anew."""

from django.db import migrations

from bulou.directory.rls import APP, OPEN

# The application owns no table, so it may not ANALYZE one; this does that and nothing else, and shows nobody anything.
MADE = [
    "CREATE FUNCTION people_measure() RETURNS void SECURITY DEFINER SET search_path = public, pg_temp"
    " LANGUAGE plpgsql AS $$ BEGIN ANALYZE person; END $$",
    f"COMMENT ON FUNCTION people_measure() IS '{OPEN}only the owner may ANALYZE; it reads no row for anybody'",
    "REVOKE ALL ON FUNCTION people_measure() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION people_measure() TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_accounts")]
    operations = [migrations.RunSQL(MADE, "DROP FUNCTION people_measure()")]
