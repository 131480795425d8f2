-- What searches compare: texts and typed words, folded in the same way by the database, so that rows
-- written by raw SQL are found too. No function calls another one of ours, because PostgreSQL empties
-- the search path while it builds an index or restores a dump.

-- A text as words in lower case without accents, each after two spaces. If it has umlauts, it
-- follows with umlauts written as two letters; if it has numbers with leading zeros, it follows
-- without them: 'Brückner' gives '  bruckner  brueckner', 'INV-031' gives '  inv  031  inv  31'.
CREATE FUNCTION search_text(typed text) RETURNS text
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

-- All pieces of three characters, for a GIN index. Some of those across the end of a word are never
-- looked for; leaving them out would take longer than storing them. Three replacements take a third
-- of the time of a loop.
CREATE FUNCTION search_trigrams(folded text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 20
RETURN string_to_array(
    rtrim(
        regexp_replace(left(folded, length(folded) / 3 * 3), '...', '\&,', 'g')
            || regexp_replace(substr(folded, 2, (length(folded) - 1) / 3 * 3), '...', '\&,', 'g')
            || regexp_replace(
                substr(folded, 3, greatest(length(folded) - 2, 0) / 3 * 3), '...', '\&,', 'g'
            ),
        ','
    ),
    ','
);

-- A typed word as it must be contained in the folded text. One of one or two characters must begin a
-- word: otherwise it would be found almost everywhere.
CREATE FUNCTION search_needle(word text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(split_part(ltrim(search_text(word)), ' ', 1), '^(.{1,2})$', '  \1');
