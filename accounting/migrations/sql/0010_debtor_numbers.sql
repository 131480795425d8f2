-- Debtor numbers: an organization has the one that is given to it, or else `first_debtor` + id - 1.
-- No two have the same. A unique constraint sees to those that are given; these functions to those
-- that are given and those that are counted.
--
-- Giving a number, or changing the first one, waits for everybody who adds organizations, and
-- the other way round: neither sees what the other has not committed.

-- Refuse numbers that are given to some organizations and counted for others, among which is one
-- of `changed`.
CREATE FUNCTION accounting_refuse_same_debtor(changed bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    start bigint;
    same record;
BEGIN
    SELECT first_debtor INTO start FROM accounting_accountingsettings;
    start := coalesce(start, 10000);
    SELECT given.id AS given, counted.id AS counted, given.debtor_number AS number INTO same
    FROM organizations_organization AS given
    JOIN organizations_organization AS counted
        ON counted.id = CASE
            WHEN given.debtor_number ~ '^[1-9][0-9]{0,17}$'
            THEN given.debtor_number::bigint - start + 1
        END
    WHERE given.id = ANY (changed) AND counted.debtor_number IS NULL
    LIMIT 1;
    IF NOT FOUND THEN
        SELECT given.id AS given, counted.id AS counted, given.debtor_number AS number INTO same
        FROM organizations_organization AS counted
        JOIN organizations_organization AS given
            ON given.debtor_number = (start + counted.id - 1)::text
        WHERE counted.id = ANY (changed) AND counted.debtor_number IS NULL
        LIMIT 1;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION
            'debtor number % is given to organization % and counted for organization %',
            same.number, same.given, same.counted
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'accounting_debtors_differ',
                TABLE = 'organizations_organization';
    END IF;
END;
$$;

-- A new organization has another number than those that are given, and the other way round.
CREATE FUNCTION accounting_new_debtors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE debtor_number IS NOT NULL) THEN
        PERFORM pg_advisory_xact_lock(hashtext('accounting_debtors'));
    ELSE
        PERFORM pg_advisory_xact_lock_shared(hashtext('accounting_debtors'));
        IF NOT EXISTS (
            SELECT FROM organizations_organization WHERE debtor_number IS NOT NULL
        ) THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM accounting_refuse_same_debtor(array_agg(id)) FROM added;
    RETURN NULL;
END;
$$;
CREATE TRIGGER accounting_new_debtors
    AFTER INSERT ON organizations_organization
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION accounting_new_debtors();

-- So has one whose number is given, changed or removed.
CREATE FUNCTION accounting_changed_debtor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('accounting_debtors'));
    PERFORM accounting_refuse_same_debtor(ARRAY[NEW.id]);
    RETURN NULL;
END;
$$;
CREATE TRIGGER accounting_changed_debtor
    AFTER UPDATE ON organizations_organization
    FOR EACH ROW
    WHEN (OLD.debtor_number IS DISTINCT FROM NEW.debtor_number)
    EXECUTE FUNCTION accounting_changed_debtor();

-- With another first number all others are counted again.
CREATE FUNCTION accounting_changed_first_debtor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('accounting_debtors'));
    PERFORM accounting_refuse_same_debtor(
        (
            SELECT array_agg(id) FROM organizations_organization
            WHERE debtor_number ~ '^[1-9][0-9]{0,17}$'
        )
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER accounting_changed_first_debtor
    AFTER INSERT OR UPDATE ON accounting_accountingsettings
    FOR EACH ROW
    EXECUTE FUNCTION accounting_changed_first_debtor();
