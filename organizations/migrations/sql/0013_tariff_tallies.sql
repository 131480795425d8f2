-- Tally the organizations that each tariff is available to.
CREATE FUNCTION organizations_tally_tariffs() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tariffs_tarifftally (tariff_id, organizations)
        SELECT tariff_id, count(*) FROM added GROUP BY tariff_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO tariffs_tarifftally (tariff_id, organizations)
        SELECT tariff_id, -count(*) FROM removed GROUP BY tariff_id;
    ELSE
        INSERT INTO tariffs_tarifftally (tariff_id, organizations)
        SELECT tariff_id, sum(sign) FROM (
            SELECT tariff_id, 1 AS sign FROM added UNION ALL SELECT tariff_id, -1 FROM removed
        ) AS changed
        GROUP BY tariff_id HAVING sum(sign) <> 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER organizations_tally_added
    AFTER INSERT ON organizations_organization_tariffs
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_tally_tariffs();
CREATE TRIGGER organizations_tally_removed
    AFTER DELETE ON organizations_organization_tariffs
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_tally_tariffs();
CREATE TRIGGER organizations_tally_changed
    AFTER UPDATE ON organizations_organization_tariffs
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_tally_tariffs();
