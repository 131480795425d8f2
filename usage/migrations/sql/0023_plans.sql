-- A connection keeps the plan of each statement in a trigger function. These no longer depend on how
-- large the tables were, and how many rows changed, when the connection first executed them.

-- A statement without parameters keeps its first plan. The plan for one interval would look up each
-- of 100,000 organizations by a loop over all of them, and the one for a large import would read all
-- organizations whenever a camera is connected. So the statement is planned each time.
CREATE OR REPLACE FUNCTION usage_refuse_added_after_closing()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_closed boolean;
BEGIN
    EXECUTE '
        SELECT EXISTS (
            SELECT FROM (
                SELECT organization_id, max(started_at) AS started_at
                FROM added GROUP BY organization_id
            ) AS latest
            JOIN organizations_organization AS organization
                ON organization.id = latest.organization_id
            WHERE organization.closed_at IS NOT NULL
                AND organization.closed_at <= latest.started_at
        )
    ' INTO is_closed;
    IF is_closed THEN
        RAISE EXCEPTION 'usage begins after its organization was closed'
            USING ERRCODE = 'check_violation',
                  TABLE = 'usage_usageinterval',
                  CONSTRAINT = 'usage_begins_before_closing';
    END IF;
    RETURN NULL;
END
$$;

-- These look rows up by their keys, once for each changed row. A plan made while the tables were
-- small would read them from end to end, and a large import fills them while it is used.
ALTER FUNCTION usage_refuse_camera_without_payer() SET enable_seqscan = off;
ALTER FUNCTION usage_refuse_changed_after_closing() SET enable_seqscan = off;
