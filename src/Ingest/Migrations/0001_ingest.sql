-- What ingest knows of every asset, from the first byte of its upload to its publication or rejection.
CREATE TABLE assets (
  id                uuid PRIMARY KEY,
  owner_id          uuid NOT NULL,
  title             text NOT NULL,
  file_name         text NOT NULL,
  -- receiving, queued, processing, published, rejected; deleting until everything of it is removed.
  state             text NOT NULL CHECK (state IN ('receiving', 'queued', 'processing', 'published', 'rejected', 'deleting')),
  bytes             bigint,
  sha256            bytea,
  stage             text NOT NULL DEFAULT 'upload',
  stage_progress    real NOT NULL DEFAULT 0,
  rungs             jsonb NOT NULL DEFAULT '[]',
  version           integer,
  duration_seconds  double precision,
  rejection_code    text,
  rejection_message text,
  rejection_hint    text,
  -- Every claim writes below its own version, so that two workers that both believe they hold the job never write one key.
  claims            integer NOT NULL DEFAULT 0,
  -- Claims that ended neither well nor by a graceful stop.
  attempts          integer NOT NULL DEFAULT 0,
  not_before        timestamptz NOT NULL DEFAULT now(),
  -- Who works on the job, or receives the upload, and until when it is believed alive.
  lease_token       uuid,
  lease_until       timestamptz,
  revision          bigint NOT NULL DEFAULT 1,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX assets_by_owner ON assets (owner_id, id DESC);
CREATE INDEX assets_undone ON assets (not_before, id) WHERE state IN ('receiving', 'queued', 'processing', 'deleting');

-- What other services have to hear, kept until they have said that they recorded it.
CREATE TABLE announcements (
  asset_id   uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('accepted', 'published', 'rejected', 'deleted')),
  version    integer NOT NULL,
  body       jsonb NOT NULL,
  sent       integer NOT NULL DEFAULT 0,
  next_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (asset_id, kind, version)
);

CREATE INDEX announcements_due ON announcements (next_at);

-- Every change that a person could see counts the revision up and wakes the event streams; a renewed lease does not.
CREATE FUNCTION asset_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.state, NEW.stage, NEW.stage_progress, NEW.rungs, NEW.duration_seconds)
        IS NOT DISTINCT FROM (OLD.state, OLD.stage, OLD.stage_progress, OLD.rungs, OLD.duration_seconds) THEN
      RETURN NEW;
    END IF;
    NEW.revision := OLD.revision + 1;
    NEW.updated_at := now();
  END IF;
  PERFORM pg_notify('movento_ingest_asset', coalesce(NEW.id, OLD.id)::text);
  RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER assets_changed BEFORE INSERT OR UPDATE OR DELETE ON assets FOR EACH ROW EXECUTE FUNCTION asset_changed();
