-- A cancelled asset keeps its source and may be encoded again. While a published one is encoded again, state is the job's
-- (queued, processing) and version goes on playing; how such a job ended that did not bring a version stands in job_outcome.
ALTER TABLE assets DROP CONSTRAINT assets_state_check;
ALTER TABLE assets ADD CONSTRAINT assets_state_check
  CHECK (state IN ('receiving', 'queued', 'processing', 'published', 'rejected', 'cancelled', 'deleting'));
ALTER TABLE assets ADD COLUMN job_outcome text CHECK (job_outcome IN ('rejected', 'cancelled'));
-- When objects that belong to no version are to be looked for.
ALTER TABLE assets ADD COLUMN tidy_at timestamptz;
CREATE INDEX assets_untidy ON assets (tidy_at) WHERE tidy_at IS NOT NULL;

ALTER TABLE announcements DROP CONSTRAINT announcements_kind_check;
ALTER TABLE announcements ADD CONSTRAINT announcements_kind_check
  CHECK (kind IN ('accepted', 'playable', 'published', 'rejected', 'cancelled', 'deleted'));

-- Every published version whose objects are still there. A retired one stays for a while, since playback tokens name versions.
CREATE TABLE asset_versions (
  asset_id     uuid NOT NULL REFERENCES assets ON DELETE CASCADE,
  version      integer NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  retired_at   timestamptz,
  PRIMARY KEY (asset_id, version)
);
INSERT INTO asset_versions (asset_id, version, published_at) SELECT id, version, updated_at FROM assets WHERE version IS NOT NULL;
CREATE INDEX asset_versions_retired ON asset_versions (retired_at) WHERE retired_at IS NOT NULL;

-- A stream of a team's changes goes on where it was: each change says in which transaction it was made. Transactions end in any order, so
-- a reader goes on from the oldest one that had not ended when it read, and may read a change twice, but never misses one.
ALTER TABLE assets ADD COLUMN changed_in bigint NOT NULL DEFAULT 0;
DROP INDEX assets_by_team;
CREATE INDEX assets_by_team ON assets (team_id, id DESC);
CREATE INDEX assets_changed_in ON assets (team_id, changed_in);
-- Among whom the next job is chosen fairly.
CREATE INDEX assets_running ON assets (team_id) WHERE state = 'processing';

-- Which assets are gone, for streams that go on later; swept after a day.
CREATE TABLE removed_assets (
  asset_id   uuid PRIMARY KEY,
  team_id    uuid NOT NULL,
  changed_in bigint NOT NULL,
  removed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX removed_assets_changed_in ON removed_assets (team_id, changed_in);

-- As before, but for any column that a person could see, and with the team.
CREATE OR REPLACE FUNCTION asset_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  unseen CONSTANT text[] := ARRAY['lease_token', 'lease_until', 'not_before', 'claims', 'attempts', 'tidy_at', 'revision', 'updated_at', 'changed_in', 'progress_told', 'plan'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - unseen = to_jsonb(OLD) - unseen THEN
      RETURN NEW;
    END IF;
    NEW.revision := OLD.revision + 1;
    NEW.updated_at := now();
  END IF;
  IF TG_OP <> 'DELETE' THEN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    IF NEW.state = 'deleting' THEN
      INSERT INTO removed_assets (asset_id, team_id, changed_in) VALUES (NEW.id, NEW.team_id, NEW.changed_in) ON CONFLICT DO NOTHING;
    END IF;
  END IF;
  PERFORM pg_notify('movento_ingest_asset', coalesce(NEW.id, OLD.id)::text || ' ' || coalesce(NEW.team_id, OLD.team_id)::text);
  RETURN coalesce(NEW, OLD);
END $$;

-- Where a team wants to hear of its assets. The secret is derived from the installation's and the endpoint's id and number: no table holds it.
CREATE TABLE webhook_endpoints (
  id              uuid PRIMARY KEY,
  team_id         uuid NOT NULL,
  url             text NOT NULL,
  description     text NOT NULL,
  events          text[] NOT NULL,
  -- Counted up at each rotation; the one before signs too, until then.
  secret_number   integer NOT NULL DEFAULT 1,
  previous_until  timestamptz,
  -- Deliveries in a row that were given up.
  failures        integer NOT NULL DEFAULT 0,
  disabled_at     timestamptz,
  disabled_reason text CHECK (disabled_reason IN ('owner', 'failing', 'gone')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);
CREATE INDEX webhook_endpoints_by_team ON webhook_endpoints (team_id, id);

-- What happened, with the bytes that are signed and sent; kept for a time, to be sent again when an endpoint's owner asks for it.
CREATE TABLE webhook_events (
  id         uuid PRIMARY KEY,
  team_id    uuid NOT NULL,
  asset_id   uuid,
  type       text NOT NULL,
  body       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_events_by_team ON webhook_events (team_id, created_at);
CREATE INDEX webhook_events_by_age ON webhook_events (created_at);

CREATE TABLE webhook_deliveries (
  id          uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
  event_id    uuid NOT NULL REFERENCES webhook_events ON DELETE CASCADE,
  state       text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  -- All of them, and those since the delivery was last asked for.
  attempts    integer NOT NULL DEFAULT 0,
  tries       integer NOT NULL DEFAULT 0,
  next_at     timestamptz NOT NULL DEFAULT now(),
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (endpoint_id, event_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, id DESC);

CREATE TABLE webhook_attempts (
  delivery_id  uuid NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
  number       integer NOT NULL,
  at           timestamptz NOT NULL DEFAULT now(),
  -- The answer's status, or why there was none.
  status       integer,
  error        text,
  milliseconds integer NOT NULL,
  snippet      text NOT NULL,
  PRIMARY KEY (delivery_id, number)
);

-- Up to which revision an asset's progress was told to endpoints that ask for it.
ALTER TABLE assets ADD COLUMN progress_told bigint NOT NULL DEFAULT 0;
