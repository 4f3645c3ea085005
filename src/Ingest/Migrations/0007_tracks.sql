-- What of the source is not in what was made of it, or not as it was: [{code, message, hint}].
ALTER TABLE assets ADD COLUMN notes jsonb NOT NULL DEFAULT '[]';

-- Subtitles that were uploaded as files of their own. Their text lies in the object store, beside the versions, so that every later version has them too.
CREATE TABLE sidecars (
  asset_id   uuid NOT NULL REFERENCES assets ON DELETE CASCADE,
  id         uuid NOT NULL,
  language   text,
  role       text NOT NULL,
  name       text NOT NULL,
  file_name  text,
  bytes      integer NOT NULL,
  -- What the file was read as: utf-8, utf-16le, utf-16be or windows-1252.
  encoding   text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (asset_id, id)
);

-- Counts the changes of an asset's sidecars; which count a version was made with. A published version that has another one is made anew, without an encode.
ALTER TABLE assets ADD COLUMN sidecars integer NOT NULL DEFAULT 0;
CREATE INDEX assets_with_sidecars ON assets (id) WHERE sidecars > 0 AND state = 'published';
CREATE TABLE sidecar_versions (
  asset_id uuid NOT NULL REFERENCES assets ON DELETE CASCADE,
  version  integer NOT NULL,
  sidecars integer NOT NULL,
  PRIMARY KEY (asset_id, version)
);
