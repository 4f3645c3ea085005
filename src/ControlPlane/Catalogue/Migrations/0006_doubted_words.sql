-- Words that are spelled right and may still not be what was meant: as near_words, but only the nearest, which takes a third of the time.
DO $$
DECLARE place name := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm');
BEGIN
  EXECUTE format(
    $f$CREATE FUNCTION nearest_words(sought text, most integer) RETURNS SETOF text LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.3 SET enable_seqscan = off AS
    'SELECT word FROM search_words WHERE word OPERATOR(%1$I.%%) sought ORDER BY %1$I.similarity(word, sought) DESC, word LIMIT most'$f$, place);
END $$;
