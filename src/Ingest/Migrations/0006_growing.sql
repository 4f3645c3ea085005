-- The version that can be played while it is still made, announced once; it counts while the asset is being processed.
ALTER TABLE assets ADD COLUMN playable_version integer;

CREATE FUNCTION asset_became_playable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := NEW.revision + 1;
  NEW.updated_at := now();
  PERFORM pg_notify('movento_ingest_asset', NEW.id::text);
  RETURN NEW;
END $$;

CREATE TRIGGER assets_became_playable BEFORE UPDATE OF playable_version ON assets FOR EACH ROW
  WHEN (NEW.playable_version IS DISTINCT FROM OLD.playable_version) EXECUTE FUNCTION asset_became_playable();

ALTER TABLE announcements DROP CONSTRAINT announcements_kind_check;
ALTER TABLE announcements ADD CONSTRAINT announcements_kind_check CHECK (kind IN ('accepted', 'playable', 'published', 'rejected', 'deleted'));

-- What was given out while a version grew, and is of no use once every edge has seen that the version is whole.
CREATE TABLE growing_remains (
  asset_id     uuid NOT NULL REFERENCES assets ON DELETE CASCADE,
  version      integer NOT NULL,
  remove_after timestamptz NOT NULL,
  PRIMARY KEY (asset_id, version)
);
