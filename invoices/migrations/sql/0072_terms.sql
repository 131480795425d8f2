-- Whatever changes what was agreed with an organization, or the volume steps of a tariff, is recorded
-- in invoices_recheck like a change of usage or prices (0020_rechecks.sql); reports copy it from there.
--
-- Terms change a few rows at a time, so they are recorded row by row. Charges are rounded cumulatively
-- from the first of a month, and a minimum is that of a whole month, so a change also counts for the
-- rest of its last month.

-- The date after the month of a date; NULL for none.
CREATE FUNCTION invoices_after_month_of(day date) RETURNS date LANGUAGE sql IMMUTABLE
RETURN (date_trunc('month', day) + interval '1 month')::date;

-- -------------------------------------------------------------------------------------------------
-- organizations_discount, organizations_discountexemption, organizations_fee,
-- organizations_minimum, organizations_suspension
-- -------------------------------------------------------------------------------------------------

-- A term counts on the dates on which it applied and applies. If only its last date has changed, the
-- dates between the two count.
CREATE FUNCTION invoices_recheck_term() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    starts date := least(OLD.first_on, NEW.first_on);
    ends date := greatest(OLD.last_on, NEW.last_on);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NULL;
        END IF;
        IF to_jsonb(OLD) - 'last_on' = to_jsonb(NEW) - 'last_on' THEN
            starts := least(OLD.last_on, NEW.last_on) + 1;
        END IF;
        IF OLD.last_on IS NULL OR NEW.last_on IS NULL THEN
            ends := NULL;
        END IF;
    END IF;
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    VALUES (
        coalesce(NEW.organization_id, OLD.organization_id), starts, invoices_after_month_of(ends)
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_discount
    AFTER INSERT OR UPDATE OR DELETE ON organizations_discount
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_term();
CREATE TRIGGER invoices_recheck_exemption
    AFTER INSERT OR UPDATE OR DELETE ON organizations_discountexemption
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_term();
CREATE TRIGGER invoices_recheck_fee
    AFTER INSERT OR UPDATE OR DELETE ON organizations_fee
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_term();
CREATE TRIGGER invoices_recheck_minimum
    AFTER INSERT OR UPDATE OR DELETE ON organizations_minimum
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_term();
CREATE TRIGGER invoices_recheck_suspension
    AFTER INSERT OR UPDATE OR DELETE ON organizations_suspension
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_term();

-- -------------------------------------------------------------------------------------------------
-- organizations_oneoffcharge
-- -------------------------------------------------------------------------------------------------
CREATE FUNCTION invoices_recheck_one_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    VALUES (
        coalesce(NEW.organization_id, OLD.organization_id), least(OLD.day, NEW.day),
        invoices_after_month_of(greatest(OLD.day, NEW.day))
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_one_off
    AFTER INSERT OR UPDATE OR DELETE ON organizations_oneoffcharge
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_one_off();

-- -------------------------------------------------------------------------------------------------
-- organizations_individualprice
-- -------------------------------------------------------------------------------------------------

-- A price applies until the next one of the organization and tariff.
CREATE FUNCTION invoices_recheck_individual_price() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    id_of_organization bigint := coalesce(NEW.organization_id, OLD.organization_id);
    following date;
BEGIN
    IF OLD.tariff_id IS NOT DISTINCT FROM NEW.tariff_id OR TG_OP <> 'UPDATE' THEN
        SELECT min(valid_from) INTO following FROM organizations_individualprice
        WHERE organization_id = id_of_organization
            AND tariff_id = coalesce(NEW.tariff_id, OLD.tariff_id)
            AND valid_from > greatest(OLD.valid_from, NEW.valid_from);
    END IF;
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    VALUES (
        id_of_organization, least(OLD.valid_from, NEW.valid_from),
        invoices_after_month_of(following - 1)
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_individual_price
    AFTER INSERT OR UPDATE OR DELETE ON organizations_individualprice
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_individual_price();

-- -------------------------------------------------------------------------------------------------
-- tariffs_volumestep
-- -------------------------------------------------------------------------------------------------

-- A step belongs to a price version, and counts as that does. If the version is deleted with it, the
-- version's own trigger has recorded that.
CREATE FUNCTION invoices_recheck_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    id_of_tariff bigint;
    first date;
    following date;
BEGIN
    SELECT tariff_id, valid_from INTO id_of_tariff, first FROM tariffs_tariffprice
    WHERE id = coalesce(NEW.price_id, OLD.price_id);
    IF first IS NULL OR first > (clock_timestamp() AT TIME ZONE 'UTC')::date + 1 THEN
        RETURN NULL;
    END IF;
    SELECT min(valid_from) INTO following FROM tariffs_tariffprice
    WHERE tariff_id = id_of_tariff AND valid_from > first;
    INSERT INTO invoices_recheck (organization_id, from_on, until_on)
    SELECT DISTINCT organization_id, first, invoices_after_month_of(following - 1)
    FROM usage_usageinterval
    WHERE tariff_id = id_of_tariff
        AND (ended_at IS NULL OR ended_at AT TIME ZONE 'UTC' > first - interval '1 day')
        AND (following IS NULL OR started_at AT TIME ZONE 'UTC' < following + interval '1 day');
    RETURN NULL;
END
$$;
CREATE TRIGGER invoices_recheck_step
    AFTER INSERT OR UPDATE OR DELETE ON tariffs_volumestep
    FOR EACH ROW
    EXECUTE FUNCTION invoices_recheck_step();
