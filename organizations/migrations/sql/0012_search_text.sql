-- Keep in organizations_searchtext what each organization is searched by. Its rows are locked before
-- they are written, so that of two transactions that change an organization and its billing details
-- at the same time the later sees what the other has done.
--
-- The function plans its statements each time: a plan that was made while the tables were small would
-- read a hundred thousand organizations from end to end to write one.
CREATE FUNCTION organizations_write_search_text(ids bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    PERFORM FROM organizations_searchtext WHERE organization_id = ANY (ids)
        ORDER BY organization_id FOR UPDATE;
    INSERT INTO organizations_searchtext (organization_id, text)
    SELECT owned.id, concat_ws(
        ' ', owned.title, owned.contract_number, owner.name, owner.email,
        (
            SELECT string_agg(concat_ws(' ', details.name, details.tax_number), ' ' ORDER BY id)
            FROM organizations_billingdetails AS details
            WHERE details.organization_id = owned.id
        )
    )
    FROM organizations_organization AS owned
    JOIN accounts_user AS owner ON owner.id = owned.owner_id
    WHERE owned.id = ANY (ids)
    ORDER BY owned.id
    ON CONFLICT (organization_id) DO UPDATE SET text = EXCLUDED.text;
END
$$;

CREATE FUNCTION organizations_search_added() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_TABLE_NAME = 'organizations_organization' THEN
        PERFORM organizations_write_search_text(ARRAY(SELECT id FROM added));
    ELSE
        PERFORM organizations_write_search_text(ARRAY(SELECT DISTINCT organization_id FROM added));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER organizations_search_added
    AFTER INSERT ON organizations_organization
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_search_added();
CREATE TRIGGER organizations_search_added
    AFTER INSERT ON organizations_billingdetails
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_search_added();

CREATE FUNCTION organizations_search_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_TABLE_NAME = 'organizations_organization' THEN
        PERFORM organizations_write_search_text(ARRAY[NEW.id]);
    ELSIF TG_TABLE_NAME = 'accounts_user' THEN
        PERFORM organizations_write_search_text(
            ARRAY(SELECT id FROM organizations_organization WHERE owner_id = NEW.id)
        );
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM organizations_write_search_text(ARRAY[OLD.organization_id]);
    ELSE
        PERFORM organizations_write_search_text(ARRAY[OLD.organization_id, NEW.organization_id]);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER organizations_search_changed
    AFTER UPDATE OF title, contract_number, owner_id ON organizations_organization
    FOR EACH ROW
    WHEN (
        (OLD.title, OLD.contract_number, OLD.owner_id)
            IS DISTINCT FROM (NEW.title, NEW.contract_number, NEW.owner_id)
    )
    EXECUTE FUNCTION organizations_search_changed();
CREATE TRIGGER organizations_search_changed
    AFTER UPDATE OF name, email ON accounts_user
    FOR EACH ROW
    WHEN ((OLD.name, OLD.email) IS DISTINCT FROM (NEW.name, NEW.email))
    EXECUTE FUNCTION organizations_search_changed();
CREATE TRIGGER organizations_search_changed
    AFTER UPDATE OF name, tax_number, organization_id OR DELETE ON organizations_billingdetails
    FOR EACH ROW EXECUTE FUNCTION organizations_search_changed();

CREATE FUNCTION organizations_search_removed() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM organizations_searchtext WHERE organization_id IN (SELECT id FROM removed);
    RETURN NULL;
END
$$;
CREATE TRIGGER organizations_search_removed
    AFTER DELETE ON organizations_organization
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_search_removed();
