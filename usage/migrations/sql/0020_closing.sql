-- Usage cannot begin after its organization was closed. These triggers read organizations, so
-- pgtrigger does not know them.

-- Inserted intervals are checked once per statement, as they come by the million. There are fewer
-- organizations, and they are looked up by their latest interval.
CREATE FUNCTION usage_refuse_added_after_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT organization_id, max(started_at) AS started_at FROM added GROUP BY organization_id
        ) AS latest
        JOIN organizations_organization AS organization ON organization.id = latest.organization_id
        WHERE organization.closed_at IS NOT NULL AND organization.closed_at <= latest.started_at
    ) THEN
        RAISE EXCEPTION 'usage begins after its organization was closed'
            USING ERRCODE = 'check_violation',
                  TABLE = 'usage_usageinterval',
                  CONSTRAINT = 'usage_begins_before_closing';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER usage_added_before_closing
    AFTER INSERT ON usage_usageinterval
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION usage_refuse_added_after_closing();

-- The start and the organization of an interval are rarely changed, and it may end at any time.
CREATE FUNCTION usage_refuse_changed_after_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM organizations_organization
        WHERE id = NEW.organization_id AND closed_at <= NEW.started_at
    ) THEN
        RAISE EXCEPTION 'usage begins after its organization was closed'
            USING ERRCODE = 'check_violation',
                  TABLE = 'usage_usageinterval',
                  CONSTRAINT = 'usage_begins_before_closing';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER usage_changed_before_closing
    AFTER UPDATE OF started_at, organization_id ON usage_usageinterval
    FOR EACH ROW
    WHEN (
        (OLD.started_at, OLD.organization_id) IS DISTINCT FROM (NEW.started_at, NEW.organization_id)
    )
    EXECUTE FUNCTION usage_refuse_changed_after_closing();
