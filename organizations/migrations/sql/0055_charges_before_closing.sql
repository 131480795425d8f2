-- A one-off charge cannot be dated after its organization was closed, as nothing is billed after that. What
-- an invoice leaves of a credit is dated after its period, so credits can be.

-- FOR SHARE waits for a closing that is under way.
CREATE FUNCTION organizations_refuse_charge_after_closing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_on date;
BEGIN
    SELECT closed_on INTO last_on FROM organizations_organization
    WHERE id = NEW.organization_id FOR SHARE;
    IF last_on < NEW.day THEN
        RAISE EXCEPTION 'the date % is after the organization was closed', NEW.day
            USING ERRCODE = 'check_violation',
                  TABLE = 'organizations_oneoffcharge',
                  CONSTRAINT = 'organizations_one_off_before_closing';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER organizations_added_before_closing
    BEFORE INSERT ON organizations_oneoffcharge
    FOR EACH ROW
    WHEN (NEW.quantity > 0)
    EXECUTE FUNCTION organizations_refuse_charge_after_closing();
CREATE TRIGGER organizations_changed_before_closing
    BEFORE UPDATE OF organization_id, day, quantity ON organizations_oneoffcharge
    FOR EACH ROW
    WHEN (
        NEW.quantity > 0
        AND (OLD.organization_id, OLD.day, OLD.quantity)
            IS DISTINCT FROM (NEW.organization_id, NEW.day, NEW.quantity)
    )
    EXECUTE FUNCTION organizations_refuse_charge_after_closing();
