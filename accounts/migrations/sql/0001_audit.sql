-- What the triggers of every app call. Other apps that have triggers are migrated after accounts.

-- pgtrigger's own: whether pgtrigger.ignore() has switched a trigger off for the time being.
CREATE FUNCTION public._pgtrigger_should_ignore(trigger_name name)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    _pgtrigger_ignore TEXT[];
    _result BOOLEAN;
BEGIN
    BEGIN
        SELECT INTO _pgtrigger_ignore CURRENT_SETTING('pgtrigger.ignore');
    EXCEPTION WHEN OTHERS THEN
    END;
    IF _pgtrigger_ignore IS NOT NULL THEN
        SELECT trigger_name = ANY(_pgtrigger_ignore) INTO _result;
        RETURN _result;
    ELSE
        RETURN FALSE;
    END IF;
END;
$$;

-- pghistory's own, replaced. Each event says itself who did it. So the table of contexts, which the
-- library's function would fill and in which entries could be changed later, stays empty.
CREATE OR REPLACE FUNCTION _pgh_attach_context()
RETURNS uuid LANGUAGE sql IMMUTABLE AS $$SELECT NULL::uuid$$;
