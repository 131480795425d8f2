-- The kinds of terms that each organization has, or had, are noted in organizations_agreedkind, so that
-- statements look only for terms that there can be. Rows are added and stay: nothing else is locked,
-- no change waits for another one, and a duplicate does no harm.

-- Note the kind in the argument for the organization. A plan made while the table was small would read
-- it from end to end for each row of a large import.
CREATE FUNCTION organizations_note_kind() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO organizations_agreedkind (organization_id, kind)
    SELECT NEW.organization_id, TG_ARGV[0]
    WHERE NOT EXISTS (
        SELECT FROM organizations_agreedkind
        WHERE organization_id = NEW.organization_id AND kind = TG_ARGV[0]
    );
    RETURN NULL;
END
$$;

-- The same for the partner.
CREATE FUNCTION organizations_note_kind_of_partner() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO organizations_agreedkind (organization_id, kind)
    SELECT NEW.partner_id, TG_ARGV[0]
    WHERE NOT EXISTS (
        SELECT FROM organizations_agreedkind
        WHERE organization_id = NEW.partner_id AND kind = TG_ARGV[0]
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER organizations_note_price
    AFTER INSERT OR UPDATE OF organization_id ON organizations_individualprice
    FOR EACH ROW
    EXECUTE FUNCTION organizations_note_kind('price');
CREATE TRIGGER organizations_note_discount
    AFTER INSERT OR UPDATE OF organization_id ON organizations_discount
    FOR EACH ROW
    EXECUTE FUNCTION organizations_note_kind('discount');
CREATE TRIGGER organizations_note_exemption
    AFTER INSERT OR UPDATE OF organization_id ON organizations_discountexemption
    FOR EACH ROW
    EXECUTE FUNCTION organizations_note_kind('exemption');
CREATE TRIGGER organizations_note_suspension
    AFTER INSERT OR UPDATE OF organization_id ON organizations_suspension
    FOR EACH ROW
    EXECUTE FUNCTION organizations_note_kind('suspension');
CREATE TRIGGER organizations_note_fee
    AFTER INSERT OR UPDATE OF organization_id ON organizations_fee
    FOR EACH ROW
    EXECUTE FUNCTION organizations_note_kind('fee');
CREATE TRIGGER organizations_note_one_off
    AFTER INSERT OR UPDATE OF organization_id ON organizations_oneoffcharge
    FOR EACH ROW
    EXECUTE FUNCTION organizations_note_kind('one_off');
CREATE TRIGGER organizations_note_minimum
    AFTER INSERT OR UPDATE OF organization_id ON organizations_minimum
    FOR EACH ROW
    EXECUTE FUNCTION organizations_note_kind('minimum');
CREATE TRIGGER organizations_note_billed_to
    AFTER INSERT OR UPDATE OF organization_id ON organizations_partnership
    FOR EACH ROW
    EXECUTE FUNCTION organizations_note_kind('billed_to');
CREATE TRIGGER organizations_note_customer
    AFTER INSERT OR UPDATE OF partner_id ON organizations_partnership
    FOR EACH ROW
    EXECUTE FUNCTION organizations_note_kind_of_partner('customer');

-- Without its note, a term would not be charged. So a note stays as long as its organization, which is
-- looked for at the end: a deletion of it deletes its notes first.
CREATE FUNCTION organizations_keep_kinds() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM organizations_organization WHERE id = OLD.organization_id) THEN
        RAISE EXCEPTION 'what kinds of terms organization % had must be kept', OLD.organization_id
            USING ERRCODE = 'check_violation',
                  TABLE = 'organizations_agreedkind',
                  CONSTRAINT = 'organizations_kinds_are_kept';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER organizations_keep_kinds
    AFTER UPDATE OR DELETE ON organizations_agreedkind
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    EXECUTE FUNCTION organizations_keep_kinds();

-- The terms that there are already. The triggers above have locked their tables.
INSERT INTO organizations_agreedkind (organization_id, kind)
SELECT organization_id, 'price' FROM organizations_individualprice
UNION
SELECT organization_id, 'discount' FROM organizations_discount
UNION
SELECT organization_id, 'exemption' FROM organizations_discountexemption
UNION
SELECT organization_id, 'suspension' FROM organizations_suspension
UNION
SELECT organization_id, 'fee' FROM organizations_fee
UNION
SELECT organization_id, 'one_off' FROM organizations_oneoffcharge
UNION
SELECT organization_id, 'minimum' FROM organizations_minimum
UNION
SELECT organization_id, 'billed_to' FROM organizations_partnership
UNION
SELECT partner_id, 'customer' FROM organizations_partnership;
