-- TRUNCATE fires no trigger for each row. Without their notes, no term would be charged.

CREATE FUNCTION organizations_keep_all_kinds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('billing.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'what kinds of terms organizations had must be kept'
        USING ERRCODE = 'check_violation',
              TABLE = 'organizations_agreedkind',
              CONSTRAINT = 'organizations_kinds_are_kept';
END
$$;
CREATE TRIGGER organizations_keep_all_kinds
    BEFORE TRUNCATE ON organizations_agreedkind
    FOR EACH STATEMENT
    EXECUTE FUNCTION organizations_keep_all_kinds();
