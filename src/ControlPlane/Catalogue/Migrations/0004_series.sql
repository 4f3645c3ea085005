-- A series, of which only editors speak. Its episodes are films that say their place in it.
CREATE TABLE series (
  id           uuid PRIMARY KEY,
  team_id      uuid NOT NULL,
  revision     bigint NOT NULL,
  edited_title text NOT NULL,
  titles       jsonb NOT NULL DEFAULT '{}',
  description  text,
  release_year smallint,
  age_rating   text,
  minimum_age  smallint,
  genres       text[] NOT NULL DEFAULT '{}',
  people       jsonb NOT NULL DEFAULT '[]',
  artwork      jsonb NOT NULL DEFAULT '[]',
  windows      jsonb,
  is_draft     boolean NOT NULL DEFAULT false,
  publish_at   timestamptz,
  seasons      jsonb NOT NULL DEFAULT '[]',   -- what is said of some of them: number, title, description
  created_at   timestamptz NOT NULL,
  appears_at   timestamptz GENERATED ALWAYS AS (CASE WHEN NOT is_draft THEN greatest(created_at, publish_at) END) STORED,
  CHECK ((age_rating IS NULL) = (minimum_age IS NULL))
);
CREATE INDEX series_newest_first ON series (appears_at DESC, id DESC) WHERE appears_at IS NOT NULL;
CREATE INDEX series_of_team ON series (team_id, id DESC);

ALTER TABLE movies ADD COLUMN series_id uuid REFERENCES series;
ALTER TABLE movies ADD COLUMN season smallint;
ALTER TABLE movies ADD COLUMN episode smallint;
ALTER TABLE movies ADD CHECK ((series_id IS NULL) = (season IS NULL) AND (series_id IS NULL) = (episode IS NULL));
CREATE UNIQUE INDEX movies_episodes ON movies (series_id, season, episode) WHERE series_id IS NOT NULL;

-- The list of films: episodes stand below their series.
DROP INDEX movies_newest_first;
CREATE INDEX movies_newest_first ON movies (appears_at DESC, id DESC) WHERE appears_at IS NOT NULL AND series_id IS NULL;

CREATE OR REPLACE FUNCTION forget_strangers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.owner_id IS NULL AND NEW.owner_id IS NOT NULL AND OLD.team_id <> NEW.team_id THEN
    NEW.revision := 0; NEW.edited_title := NULL; NEW.titles := '{}'; NEW.description := NULL; NEW.release_year := NULL;
    NEW.age_rating := NULL; NEW.minimum_age := NULL; NEW.genres := '{}'; NEW.people := '[]'; NEW.artwork := '[]'; NEW.windows := NULL;
    NEW.is_draft := false; NEW.publish_at := NULL; NEW.series_id := NULL; NEW.season := NULL; NEW.episode := NULL;
  END IF;
  RETURN NEW;
END $$;
