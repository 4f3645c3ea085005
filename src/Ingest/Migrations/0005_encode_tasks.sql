-- The encode of a film, cut into what any worker of any process can take: chunks of pictures, and a track of sound each.
CREATE TABLE encode_tasks (
  asset_id    uuid NOT NULL REFERENCES assets ON DELETE CASCADE,
  -- Of the version that is being made; a task of an older one is nobody's any more.
  version     integer NOT NULL,
  name        text NOT NULL,
  -- 0: what makes the film playable; 1: the rest.
  urgency     smallint NOT NULL,
  -- The order within the film.
  ordinal     integer NOT NULL,
  state       text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
  -- What is run, and what comes out of it.
  spec        jsonb NOT NULL,
  result      jsonb,
  -- How far it is, from 0 to 1, and the parts of its output that are in the object store already.
  progress    real NOT NULL DEFAULT 0,
  parts       integer NOT NULL DEFAULT 0,
  -- Every claim counts: a worker that lost its lease writes under another attempt's keys.
  attempt     integer NOT NULL DEFAULT 0,
  -- Attempts that failed, and the last verdict with its words.
  failures    integer NOT NULL DEFAULT 0,
  reason      text,
  error       text,
  not_before  timestamptz NOT NULL DEFAULT now(),
  lease_token uuid,
  lease_until timestamptz,
  PRIMARY KEY (asset_id, version, name)
);

CREATE INDEX encode_tasks_open ON encode_tasks (asset_id, urgency, ordinal) WHERE state IN ('queued', 'running');

-- What a film's encode was decided to be: who takes the job over from a dead worker goes on with it.
ALTER TABLE assets ADD COLUMN plan jsonb;
