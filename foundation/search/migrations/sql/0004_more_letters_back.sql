-- As in 0001_functions.sql.
CREATE OR REPLACE FUNCTION search_text(typed text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20 AS $$
DECLARE
    folded text := ' ' || lower(typed);
BEGIN
    -- Most texts are ASCII.
    IF octet_length(typed) <> length(typed) THEN
        folded := normalize(folded, NFC);
        IF folded ~ '[äöüøå]' THEN
            folded := folded || ' ' || replace(replace(replace(replace(replace(
                folded, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ø', 'oe'), 'å', 'aa');
        END IF;
        folded := replace(replace(replace(replace(
            folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
        folded := normalize(translate(folded, 'øłđðı', 'olddi'), NFKD);
        folded := regexp_replace(folded, '[\u0300-\u036f]', '', 'g');
    END IF;
    folded := regexp_replace(folded, '[^[:alnum:]]+', '  ', 'g');
    IF folded LIKE '% 0%' THEN
        folded := folded || regexp_replace(folded, ' 0+(?=[1-9])', ' ', 'g');
    END IF;
    RETURN folded;
END
$$;
