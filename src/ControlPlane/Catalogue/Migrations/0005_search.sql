-- Search: words of titles, people, genres and descriptions, with forgiveness for typing errors.
-- pg_trgm comes with PostgreSQL, and whoever may create anything in a database may create it ("trusted"); it may lie in another schema already.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
  RAISE EXCEPTION 'PostgreSQL''s extension pg_trgm, by which search forgives typing errors, cannot be created (%). Have CREATE EXTENSION pg_trgm run in this database by somebody who may.', SQLERRM;
END $$;

-- Text as it is compared: without case, accents and signs, ligatures spelled out, words with one space between.
CREATE FUNCTION folded(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  trim(BOTH FROM regexp_replace(
    replace(replace(replace(replace(translate(
      lower(normalize(regexp_replace(normalize(t, NFKD), U&'[\0300-\036F''\2019]', '', 'g'), NFC)),
      'øłđðı', 'olddi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
    '[^[:alnum:]]+', ' ', 'g'));

-- What viewers can find: a film or a series each, kept by the triggers below.
CREATE TABLE search_documents (
  id           uuid PRIMARY KEY,
  kind         text NOT NULL,          -- movie or series
  appears_at   timestamptz NOT NULL,
  publish_at   timestamptz,
  windows      jsonb,
  name         text COLLATE "C" NOT NULL,   -- its folded title
  release_year smallint,
  minimum_age  smallint,
  genres       text[] NOT NULL,
  document     tsvector NOT NULL       -- A: titles; B: people; C: genres; D: description
);
CREATE INDEX search_documents_words ON search_documents USING gin (document) WITH (fastupdate = off);
CREATE INDEX search_documents_genres ON search_documents USING gin (genres) WITH (fastupdate = off);
CREATE INDEX search_documents_names ON search_documents (name, id);
CREATE INDEX search_documents_newest ON search_documents (appears_at DESC, id DESC);
CREATE INDEX search_documents_years ON search_documents (release_year);

-- Every word of a title or a name that was ever there: what a mistyped word may have meant.
CREATE TABLE search_words (word text COLLATE "C" PRIMARY KEY);

-- The trigrams' operators by the schema that they are in. What the planner expects of the index is too much: on 46,000 words it took 1 ms, reading them all 200.
DO $$
DECLARE place name := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm');
BEGIN
  EXECUTE format('CREATE INDEX search_words_near ON search_words USING gin (word %I.gin_trgm_ops)', place);
  EXECUTE format(
    $f$CREATE FUNCTION near_words(sought text, most integer) RETURNS SETOF text LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.2 SET enable_seqscan = off AS
    'SELECT word FROM search_words WHERE word OPERATOR(%1$I.%%) sought ORDER BY %1$I.similarity(word, sought) DESC, word LIMIT most'$f$, place);
END $$;

CREATE FUNCTION keep_found(
  id uuid, kind text, appears_at timestamptz, publish_at timestamptz, windows jsonb, title text, titles jsonb, release_year smallint, minimum_age smallint,
  genres text[], people jsonb, description text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  names text := folded(concat_ws(' ', title, (SELECT string_agg(value, ' ') FROM jsonb_each_text(titles))));
  credits text := folded((SELECT string_agg(person ->> 'name', ' ') FROM jsonb_array_elements(people) AS person));
BEGIN
  INSERT INTO search_documents VALUES (
    id, kind, appears_at, publish_at, windows, left(folded(title), 300), release_year, minimum_age, genres,
    setweight(to_tsvector('simple', names), 'A') || setweight(to_tsvector('simple', coalesce(credits, '')), 'B')
      || setweight(to_tsvector('simple', folded(array_to_string(genres, ' '))), 'C') || setweight(to_tsvector('simple', coalesce(folded(description), '')), 'D'))
  ON CONFLICT ON CONSTRAINT search_documents_pkey DO UPDATE SET
    kind = excluded.kind, appears_at = excluded.appears_at, publish_at = excluded.publish_at, windows = excluded.windows, name = excluded.name,
    release_year = excluded.release_year, minimum_age = excluded.minimum_age, genres = excluded.genres, document = excluded.document;
  -- In order, so that two at once cannot wait for each other.
  INSERT INTO search_words
    SELECT DISTINCT w FROM unnest(string_to_array(concat_ws(' ', names, credits), ' ')) AS w WHERE length(w) BETWEEN 3 AND 40 ORDER BY w
    ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION keep_movie_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.appears_at IS NULL OR NEW.series_id IS NOT NULL THEN
    DELETE FROM search_documents d WHERE d.id = OLD.id;
  ELSE
    PERFORM keep_found(NEW.id, 'movie', NEW.appears_at, NEW.publish_at, NEW.windows, coalesce(NEW.edited_title, NEW.announced_title), NEW.titles,
      NEW.release_year, NEW.minimum_age, NEW.genres, NEW.people, NEW.description);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_found AFTER INSERT OR UPDATE OR DELETE ON movies FOR EACH ROW EXECUTE FUNCTION keep_movie_found();

CREATE FUNCTION keep_series_found() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.appears_at IS NULL THEN
    DELETE FROM search_documents d WHERE d.id = OLD.id;
  ELSE
    PERFORM keep_found(NEW.id, 'series', NEW.appears_at, NEW.publish_at, NEW.windows, NEW.edited_title, NEW.titles,
      NEW.release_year, NEW.minimum_age, NEW.genres, NEW.people, NEW.description);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_found AFTER INSERT OR UPDATE OR DELETE ON series FOR EACH ROW EXECUTE FUNCTION keep_series_found();

-- What is there already.
UPDATE movies SET revision = revision WHERE appears_at IS NOT NULL;
UPDATE series SET revision = revision;
