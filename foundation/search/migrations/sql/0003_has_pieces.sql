-- Whether a folded text may contain a needle, by what the search indexes hold: here our own pieces.
-- Where the server has pg_trgm, foundation/search/kept_indexes.py replaces it and them. PostgreSQL
-- puts the body in place of a call, so the index is used; that needs a single expression.
CREATE FUNCTION search_has_pieces(folded text, needle text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN search_trigrams(folded) @> search_trigrams(needle);
