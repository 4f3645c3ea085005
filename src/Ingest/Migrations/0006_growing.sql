-- The version that can be played while it is still made, announced once; it counts while the asset is being processed.
ALTER TABLE assets ADD COLUMN playable_version integer;

-- What was given out while a version grew, and is of no use once every edge has seen that the version is whole.
CREATE TABLE growing_remains (
  asset_id     uuid NOT NULL REFERENCES assets ON DELETE CASCADE,
  version      integer NOT NULL,
  remove_after timestamptz NOT NULL,
  PRIMARY KEY (asset_id, version)
);
