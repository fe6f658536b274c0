"""The ledger's tables, readings and rights."""

from django.db import migrations

from bulou.directory.rls import APP, open_to_all, protect
from bulou.ledger import sql

TABLES = sql.schema("rules", "facts", "courses", "tallies", "views", "months", "functions")

RULES = ("rule", "rule_variant", "rule_trigger", "rule_condition", "rule_tell", "rule_slot", "rule_hour", "adoption")
RIGHTS = [
    *protect("fact", update=False),
    *protect("course", delete=True),
    *protect("tally", delete=True),
    *protect("tally_delta", update=False, delete=True),
    *protect("lapse", delete=True),
    *protect("notice", delete=True),
    *protect("waiver", delete=True),
    *(statement for table in RULES for statement in open_to_all(table, "plans are public", delete=True)),
    *open_to_all("level_span", "response levels are public", delete=True),
    *open_to_all("fact_key", "ids and times only", update=False),
    *open_to_all("waiting", "ids and times only", delete=True),
    *open_to_all("dead", "ids only", delete=True),
    *open_to_all("ledger_clock", "one instant"),
    f"GRANT MAINTAIN ON course, fact, fact_key, {', '.join(RULES)} TO {APP}",
    f"GRANT SELECT ON course_slot, duty TO {APP}",
    "COMMENT ON FUNCTION fact_months IS 'open: makes months of fact, which only the owner may'",
    f"GRANT EXECUTE ON FUNCTION fact_months TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_rights")]
    operations = [migrations.RunSQL(TABLES), migrations.RunSQL(RIGHTS)]
