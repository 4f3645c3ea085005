-- Search looks for titles first, and only then for people and descriptions. So titles lie apart: the newest hundreds that match are picked from rows of 180 bytes instead
-- of 800. And a word of a description is a lexeme of its own (~word beside word): it is looked for as a whole, words of titles and people by their beginnings.
-- Kinds and genres are marks among the words (=movie, @drama): one index answers for both, without rows that have only the one.
-- Whoever writes waits until this is done, so that nothing is missing here that is there; whoever searches waits only for the last step.
LOCK TABLE movies, series IN SHARE ROW EXCLUSIVE MODE;

CREATE FUNCTION search_names(title text, titles jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  folded(concat_ws(' ', title, (SELECT string_agg(value, ' ') FROM jsonb_each_text(titles))));

CREATE FUNCTION search_credits(people jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  coalesce(folded((SELECT string_agg(person ->> 'name', ' ') FROM jsonb_array_elements(people) AS person)), '');

-- A: titles; B: people; C: genres; without a weight: the description's words, which have no place in it either: rank counts each once.
-- What is longer than a hundred letters is no word, and PostgreSQL takes no lexeme of more than 2 KB.
CREATE FUNCTION search_document(names text, credits text, genres text[], description text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  setweight(to_tsvector('simple', names), 'A') || setweight(to_tsvector('simple', credits), 'B') || setweight(to_tsvector('simple', folded(array_to_string(genres, ' '))), 'C')
    || array_to_tsvector(ARRAY(SELECT '~' || w FROM unnest(string_to_array(folded(description), ' ')) AS w WHERE length(w) BETWEEN 1 AND 100));

CREATE FUNCTION search_marks(kind text, genres text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  array_to_tsvector(ARRAY['=' || kind] || ARRAY(SELECT '@' || g FROM unnest(genres) AS g));

-- 1. All that is said, the oldest first: then the newest lie beside each other.
CREATE TABLE said (LIKE search_documents);
INSERT INTO said
  SELECT f.id, f.kind, f.appears_at, f.publish_at, f.windows, left(folded(f.title), 300), f.release_year, f.minimum_age, f.genres,
    search_document(search_names(f.title, f.titles), search_credits(f.people), f.genres, f.description) || search_marks(f.kind, f.genres)
  FROM (
    SELECT id, 'movie' AS kind, appears_at, publish_at, windows, coalesce(edited_title, announced_title) AS title, titles, release_year, minimum_age, genres, people, description
    FROM movies WHERE appears_at IS NOT NULL AND series_id IS NULL
    UNION ALL
    SELECT id, 'series', appears_at, publish_at, windows, edited_title, titles, release_year, minimum_age, genres, people, description
    FROM series WHERE appears_at IS NOT NULL) AS f
  ORDER BY f.appears_at, f.id;

-- 2. Their titles.
CREATE TABLE search_titles (
  id           uuid PRIMARY KEY,
  kind         text NOT NULL,
  appears_at   timestamptz NOT NULL,
  publish_at   timestamptz,
  windows      jsonb,
  name         text COLLATE "C" NOT NULL,
  release_year smallint,
  minimum_age  smallint,
  genres       text[] NOT NULL,
  words        tsvector NOT NULL       -- of titles in every language, with the weight A; and the marks
);
INSERT INTO search_titles
  SELECT id, kind, appears_at, publish_at, windows, name, release_year, minimum_age, genres, ts_filter(document, '{a}') || search_marks(kind, genres)
  FROM said ORDER BY appears_at, id;
CREATE INDEX search_titles_words ON search_titles USING gin (words) WITH (fastupdate = off);
CREATE INDEX search_titles_names ON search_titles (name, id);
CREATE INDEX search_titles_newest ON search_titles (appears_at DESC, id DESC);
CREATE INDEX search_titles_years ON search_titles (release_year);

-- 3. In the place of what was there.
ALTER TABLE said ADD PRIMARY KEY (id);
CREATE INDEX said_words ON said USING gin (document) WITH (fastupdate = off);
CREATE INDEX said_newest ON said (appears_at DESC, id DESC);
DROP TABLE search_documents;
ALTER TABLE said RENAME TO search_documents;
ALTER INDEX said_pkey RENAME TO search_documents_pkey;
ALTER INDEX said_words RENAME TO search_documents_words;
ALTER INDEX said_newest RENAME TO search_documents_newest;
ALTER TABLE search_titles ADD FOREIGN KEY (id) REFERENCES search_documents ON DELETE CASCADE;

-- 4. Words by the transaction that brought them: so whoever holds them reads only what is new.
ALTER TABLE search_words ADD COLUMN added xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX search_words_added ON search_words (added);

CREATE OR REPLACE FUNCTION keep_found(
  id uuid, kind text, appears_at timestamptz, publish_at timestamptz, windows jsonb, title text, titles jsonb, release_year smallint, minimum_age smallint,
  genres text[], people jsonb, description text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  names text := search_names(title, titles);
  credits text := search_credits(people);
  name text := left(folded(title), 300);
  document tsvector := search_document(names, credits, genres, description);
  marks tsvector := search_marks(kind, genres);
BEGIN
  INSERT INTO search_documents AS old VALUES (id, kind, appears_at, publish_at, windows, name, release_year, minimum_age, genres, document || marks)
  ON CONFLICT ON CONSTRAINT search_documents_pkey DO UPDATE SET
    kind = excluded.kind, appears_at = excluded.appears_at, publish_at = excluded.publish_at, windows = excluded.windows, name = excluded.name,
    release_year = excluded.release_year, minimum_age = excluded.minimum_age, genres = excluded.genres, document = excluded.document
  WHERE (old.*) IS DISTINCT FROM (excluded.*);
  INSERT INTO search_titles AS old VALUES (id, kind, appears_at, publish_at, windows, name, release_year, minimum_age, genres, ts_filter(document, '{a}') || marks)
  ON CONFLICT ON CONSTRAINT search_titles_pkey DO UPDATE SET
    kind = excluded.kind, appears_at = excluded.appears_at, publish_at = excluded.publish_at, windows = excluded.windows, name = excluded.name,
    release_year = excluded.release_year, minimum_age = excluded.minimum_age, genres = excluded.genres, words = excluded.words
  WHERE (old.*) IS DISTINCT FROM (excluded.*);
  -- In order, so that two at once cannot wait for each other.
  INSERT INTO search_words (word)
    SELECT DISTINCT w FROM unnest(string_to_array(names || ' ' || credits, ' ')) AS w WHERE length(w) BETWEEN 3 AND 40 ORDER BY w
    ON CONFLICT DO NOTHING;
END $$;
