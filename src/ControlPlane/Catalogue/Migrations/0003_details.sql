-- What editors say of films, beside what ingest announces. Defaults are what a film is of which nobody has said anything: published as soon as it can be played.
ALTER TABLE movies ADD COLUMN team_id uuid;                           -- whose editors may edit it
UPDATE movies SET team_id = owner_id;
CREATE SEQUENCE revisions;
ALTER TABLE movies ADD COLUMN revision bigint NOT NULL DEFAULT 0;     -- of what editors said, never the same again; 0: nothing
ALTER TABLE movies ADD COLUMN titles jsonb NOT NULL DEFAULT '{}';     -- by language (BCP 47)
ALTER TABLE movies ADD COLUMN description text;
ALTER TABLE movies ADD COLUMN release_year smallint;
ALTER TABLE movies ADD COLUMN age_rating text;                        -- as its board writes it: PG-13
ALTER TABLE movies ADD COLUMN minimum_age smallint;                   -- in years
ALTER TABLE movies ADD COLUMN genres text[] NOT NULL DEFAULT '{}';
ALTER TABLE movies ADD COLUMN people jsonb NOT NULL DEFAULT '[]';
ALTER TABLE movies ADD COLUMN artwork jsonb NOT NULL DEFAULT '[]';
ALTER TABLE movies ADD COLUMN windows jsonb;                          -- where and when it is open; null: everywhere and always
ALTER TABLE movies ADD COLUMN is_draft boolean NOT NULL DEFAULT false;
ALTER TABLE movies ADD COLUMN publish_at timestamptz;                 -- not before this
ALTER TABLE movies ADD CHECK ((age_rating IS NULL) = (minimum_age IS NULL));

-- When it appears, or has; null while it cannot be played or is a draft.
ALTER TABLE movies ADD COLUMN appears_at timestamptz GENERATED ALWAYS AS (
  CASE WHEN NOT is_draft AND (version > 0 OR growing_version > 0) THEN greatest(coalesce(published_at, growing_at), publish_at) END) STORED;

-- Whether one of the windows is open in a country at a moment. Who is in no known country is only where a window is open to all.
CREATE FUNCTION is_open(windows jsonb, country text, at timestamptz) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE RETURN
  windows IS NULL OR EXISTS (
    SELECT FROM jsonb_to_recordset(windows) AS w (countries text[], "from" timestamptz, until timestamptz)
    WHERE (w.countries IS NULL OR country = ANY (w.countries)) AND (w."from" IS NULL OR w."from" <= at) AND (w.until IS NULL OR at < w.until));

-- A film may be named before it is announced. Where it turns out to be another team's, what was said of it is not that team's word.
CREATE FUNCTION forget_strangers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.owner_id IS NULL AND NEW.owner_id IS NOT NULL AND OLD.team_id <> NEW.team_id THEN
    NEW.revision := 0; NEW.edited_title := NULL; NEW.titles := '{}'; NEW.description := NULL; NEW.release_year := NULL;
    NEW.age_rating := NULL; NEW.minimum_age := NULL; NEW.genres := '{}'; NEW.people := '[]'; NEW.artwork := '[]'; NEW.windows := NULL;
    NEW.is_draft := false; NEW.publish_at := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER forget_strangers BEFORE UPDATE OF owner_id ON movies FOR EACH ROW EXECUTE FUNCTION forget_strangers();

CREATE INDEX movies_of_team ON movies (team_id, id DESC) WHERE deleted_at IS NULL;
