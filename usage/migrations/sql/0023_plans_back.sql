CREATE OR REPLACE FUNCTION usage_refuse_added_after_closing()
RETURNS trigger LANGUAGE plpgsql AS $$
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
ALTER FUNCTION usage_refuse_camera_without_payer() RESET enable_seqscan;
ALTER FUNCTION usage_refuse_changed_after_closing() RESET enable_seqscan;
