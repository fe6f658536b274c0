"""Free text may be taken out of the facts of somebody whose file is blank already; of nobody else's, and nothing else."""

from django.db import migrations

from bulou.directory.rls import APP

FUNCTION = """
CREATE FUNCTION fact_erase(subjects text[], words jsonb, mark text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    taken bigint;
BEGIN
    UPDATE fact f SET data = (
        SELECT jsonb_object_agg(e.key, CASE
            WHEN NOT words -> f.kind ? e.key THEN e.value
            WHEN jsonb_typeof(e.value) = 'array' THEN '[]'::jsonb
            ELSE to_jsonb(mark) END)
        FROM jsonb_each(f.data) e)
    WHERE f.subject = ANY (subjects) AND words ? f.kind
        AND f.data ?| ARRAY(SELECT jsonb_array_elements_text(words -> f.kind))
        AND NOT EXISTS (SELECT FROM person p WHERE f.subject = 'person:' || p.id AND p.name <> '')
        AND NOT EXISTS (
            SELECT FROM fact i JOIN person p ON i.data ->> 'person' = 'person:' || p.id
            WHERE f.subject LIKE 'episode:%' AND i.subject = f.subject AND p.name <> '');
    GET DIAGNOSTICS taken = ROW_COUNT;
    RETURN taken;
END $$
"""
STATEMENTS = [
    FUNCTION,
    "REVOKE ALL ON FUNCTION fact_erase FROM PUBLIC",
    "COMMENT ON FUNCTION fact_erase IS 'open: takes words out of the facts of people whose file is blank, and of nobody else'",
    f"GRANT EXECUTE ON FUNCTION fact_erase TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_months_at_once"), ("directory", "0012_erasing")]
    operations = [migrations.RunSQL(STATEMENTS, "DROP FUNCTION fact_erase")]
