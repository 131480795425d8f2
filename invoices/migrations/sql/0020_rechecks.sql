-- Whatever changes what has been charged is recorded in invoices_recheck, in the transaction that
-- changes it, whoever does so: the dates of an organization whose charges may be others now. A job
-- compares the invoices of these dates and looks for usage that none includes.
--
-- Nothing is looked up here, not even whether there are invoices: an invoice that is being issued
-- at the same time would not be found. The job waits for it by locking the organization.
--
-- The dates are those in any time zone. Charges are rounded cumulatively from the first of a month,
-- so a change also counts for the rest of its month.

-- The date after the last one whose charges a change before an instant may affect.
CREATE FUNCTION invoices_affected_until(ends timestamptz) RETURNS date LANGUAGE sql IMMUTABLE
RETURN (date_trunc('month', nullif(ends, 'infinity') AT TIME ZONE 'UTC' + interval '1 day')
    + interval '1 month')::date;

-- The first date that an instant may lie in.
CREATE FUNCTION invoices_affected_from(starts timestamptz) RETURNS date LANGUAGE sql IMMUTABLE
RETURN (starts AT TIME ZONE 'UTC' - interval '1 day')::date;

-- -------------------------------------------------------------------------------------------------
-- usage_usageinterval
-- -------------------------------------------------------------------------------------------------

-- Usage comes by the million, so it is added up by organization. No transition table is joined:
-- PostgreSQL would keep the plan of a connection's first statement, even if that changed one row.
CREATE FUNCTION invoices_recheck_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT organization_id, invoices_affected_from(min(started_at)),
        invoices_affected_until(max(coalesce(ended_at, 'infinity')))
    FROM changed GROUP BY organization_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_added
    AFTER INSERT ON usage_usageinterval
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT
    EXECUTE FUNCTION invoices_recheck_usage();
CREATE TRIGGER invoices_recheck_deleted
    AFTER DELETE ON usage_usageinterval
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT
    EXECUTE FUNCTION invoices_recheck_usage();

-- Of an interval that stays with its camera, organization and tariff, only the time between its old
-- and its new start or end counts: a camera that is disconnected now affects no invoice.
CREATE FUNCTION invoices_recheck_changed_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT organization_id, invoices_affected_from(min(starts)), invoices_affected_until(max(ends))
    FROM (
        SELECT unnest(ARRAY[one, nullif(other, one)]) AS organization_id,
            CASE WHEN is_same AND start_1 = start_2 THEN end_1 ELSE start_1 END AS starts,
            CASE WHEN is_same AND end_1 = end_2 THEN start_2 ELSE end_2 END AS ends
        FROM (
            SELECT min(organization_id) AS one, max(organization_id) AS other,
                min(started_at) AS start_1, max(started_at) AS start_2,
                min(coalesce(ended_at, 'infinity')) AS end_1,
                max(coalesce(ended_at, 'infinity')) AS end_2,
                (min(organization_id), min(camera_id), min(tariff_id))
                    = (max(organization_id), max(camera_id), max(tariff_id)) AS is_same
            FROM (SELECT * FROM before UNION ALL SELECT * FROM after) AS versions
            GROUP BY id
        ) AS intervals
        WHERE NOT is_same OR start_1 <> start_2 OR end_1 <> end_2
    ) AS changes
    WHERE organization_id IS NOT NULL
    GROUP BY organization_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_changed
    AFTER UPDATE ON usage_usageinterval
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT
    EXECUTE FUNCTION invoices_recheck_changed_usage();

-- -------------------------------------------------------------------------------------------------
-- tariffs_tariffprice
-- -------------------------------------------------------------------------------------------------

-- A price applies until the next version. A price of dates to come has not been charged yet, so it
-- adds nothing: today's date has begun somewhere on Earth at most a day earlier than in UTC.
CREATE FUNCTION invoices_recheck_price() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    id_of_tariff bigint := coalesce(NEW.tariff_id, OLD.tariff_id);
    first date := least(OLD.valid_from, NEW.valid_from);
    following date;
BEGIN
    IF first > (clock_timestamp() AT TIME ZONE 'UTC')::date + 1 THEN
        RETURN NULL;
    END IF;
    SELECT min(valid_from) INTO following FROM tariffs_tariffprice
    WHERE tariff_id = id_of_tariff AND valid_from > greatest(OLD.valid_from, NEW.valid_from);
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT DISTINCT organization_id, first,
        (date_trunc('month', following - interval '1 day') + interval '1 month')::date
    FROM usage_usageinterval
    WHERE tariff_id = id_of_tariff
        AND (ended_at IS NULL OR ended_at AT TIME ZONE 'UTC' > first - interval '1 day')
        AND (following IS NULL OR started_at AT TIME ZONE 'UTC' < following + interval '1 day');
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_price
    AFTER INSERT OR UPDATE OR DELETE ON tariffs_tariffprice
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_price();

-- -------------------------------------------------------------------------------------------------
-- organizations_organization
-- -------------------------------------------------------------------------------------------------

-- A trial counts where it was and where it is. A time zone makes the date before it longer or
-- shorter, and with it the months of both, by whose length prices are divided. Without a date, it may
-- have changed everything. Nothing is charged after closing.
CREATE FUNCTION invoices_recheck_organization() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    starts date;
BEGIN
    IF (OLD.trial_first_on, OLD.trial_last_on)
        IS DISTINCT FROM (NEW.trial_first_on, NEW.trial_last_on)
    THEN
        INSERT INTO invoices_recheck (organization_id, from_on, until_on)
        VALUES (
            NEW.id, least(OLD.trial_first_on, NEW.trial_first_on),
            (date_trunc('month', greatest(OLD.trial_last_on, NEW.trial_last_on))
                + interval '1 month')::date
        );
    END IF;
    IF (OLD.time_zone, OLD.time_zone_from) IS DISTINCT FROM (NEW.time_zone, NEW.time_zone_from) THEN
        starts := CASE WHEN NEW.time_zone_from IS NULL THEN '1970-01-01'
            ELSE date_trunc(
                'month', least(OLD.time_zone_from, NEW.time_zone_from) - interval '2 days'
            ) END;
    END IF;
    IF OLD.closed_at IS DISTINCT FROM NEW.closed_at THEN
        starts := least(starts, invoices_affected_from(least(OLD.closed_at, NEW.closed_at)));
    END IF;
    IF starts IS NOT NULL THEN
        INSERT INTO invoices_recheck (organization_id, from_on) VALUES (NEW.id, starts);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_organization
    AFTER UPDATE OF trial_first_on, trial_last_on, time_zone, time_zone_from, closed_at
    ON organizations_organization
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_organization();

-- -------------------------------------------------------------------------------------------------
-- invoices_invoicedperiod
-- -------------------------------------------------------------------------------------------------

-- What a cancelled invoice charged is not invoiced any more, and it differs from nothing.
CREATE FUNCTION invoices_recheck_cancelled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM invoices_invoicedifference WHERE invoice_id = OLD.invoice_id;
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    VALUES (OLD.organization_id, OLD.period_from, OLD.period_until);
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_cancelled
    AFTER DELETE ON invoices_invoicedperiod
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_cancelled();

-- A new invoice can include usage that none did. Mostly there is no such usage, and nothing to do.
CREATE FUNCTION invoices_recheck_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH included AS (
        DELETE FROM invoices_lateusage
        WHERE organization_id = NEW.organization_id AND month < NEW.period_until
            AND month + interval '1 month' > NEW.period_from
        RETURNING month
    )
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT DISTINCT NEW.organization_id, month, (month + interval '1 month')::date FROM included;
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_issued
    AFTER INSERT ON invoices_invoicedperiod
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_issued();
