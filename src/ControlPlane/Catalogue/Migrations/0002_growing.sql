-- The newest version that can be played while it is still made; 0 where there is none, and once that version or a later one is published.
ALTER TABLE movies ADD COLUMN growing_version integer NOT NULL DEFAULT 0;
ALTER TABLE movies ADD COLUMN growing_at timestamptz;
-- As long as it will be, as far as ingest knows; 0 where it does not.
ALTER TABLE movies ADD COLUMN growing_seconds double precision NOT NULL DEFAULT 0;
ALTER TABLE movies ADD COLUMN growing_width integer NOT NULL DEFAULT 0;
ALTER TABLE movies ADD COLUMN growing_height integer NOT NULL DEFAULT 0;
-- Versions up to this one that were not published never will be.
ALTER TABLE movies ADD COLUMN cancelled_version integer NOT NULL DEFAULT 0;
ALTER TABLE movies ADD CHECK ((growing_version > 0) = (growing_at IS NOT NULL));
ALTER TABLE movies ADD CHECK (growing_version = 0 OR announced_title IS NOT NULL);

DROP INDEX movies_newest_first;
CREATE INDEX movies_newest_first ON movies (coalesce(published_at, growing_at) DESC, id DESC) WHERE version > 0 OR growing_version > 0;
