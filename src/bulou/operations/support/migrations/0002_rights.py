"""Links, openings, needs and calls are seen within the session's area; one function lets a link open its page."""

from django.db import migrations

from bulou.directory.rls import APP, OPEN, protect

# The one thing a stranger may do. Everything is decided here, so that no session needs a wider scope to find out whose
# link it is: a link that ended or never was says so and nothing else; ten minutes hold so many openings and no more.
FUNCTION = """
CREATE FUNCTION own_page_open(shown bytea, address inet, doing text)
RETURNS TABLE (state text, page uuid, person uuid, area text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found own_page%ROWTYPE;
    lately CONSTANT timestamptz := now() - interval '10 minutes';
    n int;
BEGIN
    SELECT * INTO found FROM own_page o WHERE o.digest = shown;
    IF found.id IS NULL THEN
        SELECT count(*) INTO n FROM own_page_opening p WHERE p.page IS NULL AND p.ip = address AND p.at > lately;
        IF n >= 30 THEN
            RETURN QUERY SELECT 'too_many', NULL::uuid, NULL::uuid, '';
            RETURN;
        END IF;
        INSERT INTO own_page_opening (id, at, page, area, act, ip)
            VALUES (gen_random_uuid(), clock_timestamp(), NULL, '', 'none', address);
        RETURN QUERY SELECT 'none', NULL::uuid, NULL::uuid, '';
        RETURN;
    END IF;
    IF found.revoked_at IS NOT NULL OR found.expires_at <= clock_timestamp() THEN
        RETURN QUERY SELECT 'ended', NULL::uuid, NULL::uuid, '';
        RETURN;
    END IF;
    SELECT count(*) INTO n FROM own_page_opening p
        WHERE p.page = found.id AND p.at > lately AND (p.act = 'open') = (doing = 'open');
    IF n >= (CASE doing WHEN 'open' THEN 120 ELSE 40 END) THEN
        RETURN QUERY SELECT 'too_many', NULL::uuid, NULL::uuid, '';
        RETURN;
    END IF;
    INSERT INTO own_page_opening (id, at, page, area, act, ip)
        VALUES (gen_random_uuid(), clock_timestamp(), found.id, found.area, doing, address);
    RETURN QUERY SELECT 'open', found.id, found.person, found.area::text;
END $$
"""
STATEMENTS = [
    *protect("own_page"),
    *protect("own_page_opening", insert=False, update=False),
    *protect("help_need", delete=True),
    *protect("hotline_call", delete=True),
    FUNCTION,
    f"COMMENT ON FUNCTION own_page_open(bytea, inet, text) IS '{OPEN}a link says itself whose page it opens;"
    " it is found by its digest alone, and each opening is kept'",
    "REVOKE ALL ON FUNCTION own_page_open(bytea, inet, text) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION own_page_open(bytea, inet, text) TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("support", "0001_tables")]
    operations = [migrations.RunSQL(STATEMENTS, "DROP FUNCTION own_page_open(bytea, inet, text)")]
