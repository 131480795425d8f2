-- Tally the cameras that are in use on each tariff.
CREATE FUNCTION usage_tally_tariffs() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tariffs_tarifftally (tariff_id, cameras)
        SELECT tariff_id, count(*) FROM added WHERE ended_at IS NULL GROUP BY tariff_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO tariffs_tarifftally (tariff_id, cameras)
        SELECT tariff_id, -count(*) FROM removed WHERE ended_at IS NULL GROUP BY tariff_id;
    ELSE
        INSERT INTO tariffs_tarifftally (tariff_id, cameras)
        SELECT tariff_id, sum(sign) FROM (
            SELECT tariff_id, 1 AS sign FROM added WHERE ended_at IS NULL
            UNION ALL SELECT tariff_id, -1 FROM removed WHERE ended_at IS NULL
        ) AS changed
        GROUP BY tariff_id HAVING sum(sign) <> 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER usage_tally_added
    AFTER INSERT ON usage_usageinterval
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION usage_tally_tariffs();
CREATE TRIGGER usage_tally_removed
    AFTER DELETE ON usage_usageinterval
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION usage_tally_tariffs();
CREATE TRIGGER usage_tally_changed
    AFTER UPDATE ON usage_usageinterval
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION usage_tally_tariffs();

-- Count everything from the beginning. Both tables must be locked: the triggers would count again
-- what happens meanwhile.
CREATE FUNCTION usage_recount_tariffs() RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
    LOCK TABLE organizations_organization_tariffs, usage_usageinterval
        IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM tariffs_tarifftally;
    INSERT INTO tariffs_tarifftally (tariff_id, organizations)
    SELECT tariff_id, count(*) FROM organizations_organization_tariffs GROUP BY tariff_id;
    INSERT INTO tariffs_tarifftally (tariff_id, cameras)
    SELECT tariff_id, count(*) FROM usage_usageinterval WHERE ended_at IS NULL GROUP BY tariff_id;
END
$$;
