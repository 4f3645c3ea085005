-- Uploads that may be interrupted and resumed (docs/formats/uploads.md): how many of their bytes are durable, and who appends to them now.
-- An upload's id is its asset's, save that a part of a concatenation has no asset.
CREATE TABLE uploads (
  id              uuid PRIMARY KEY,
  owner_id        uuid NOT NULL,
  team_id         uuid NOT NULL,
  -- whole: appended to; part: of a concatenation; joined: made of parts; direct: sent straight to the object store; plain: one request.
  kind            text NOT NULL CHECK (kind IN ('whole', 'part', 'joined', 'direct', 'plain')),
  -- open: takes bytes; finishing: has them all; complete: its asset is queued; failed: takes nothing any more, and failure says why.
  state           text NOT NULL CHECK (state IN ('open', 'finishing', 'complete', 'failed')),
  failure         text,
  -- Bytes it will have; null until the client says it.
  length          bigint,
  -- Bytes that are durable: what clients are told.
  received        bigint NOT NULL DEFAULT 0,
  -- What the object store needs to find them (StagedBytes.Memo), or the multipart upload's id of a direct one.
  staged          text,
  -- Upload-Metadata as it came.
  metadata        text,
  -- SHA-256 that the client says the whole has.
  digest          bytea,
  parts           uuid[],
  -- Parts of a direct upload as the store acknowledged them to the client.
  direct_parts    jsonb,
  idempotency_key text,
  -- SHA-256 of what was asked for under that key.
  asked           bytea,
  -- The request that appends, or the process that finishes, and until when the latter is believed alive.
  holder          uuid,
  finisher        uuid,
  finish_until    timestamptz,
  expires_at      timestamptz NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX uploads_by_idempotency_key ON uploads (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX uploads_expiring ON uploads (expires_at);
CREATE INDEX uploads_finishing ON uploads (id) WHERE state = 'finishing';
CREATE INDEX uploads_under_way ON uploads (team_id) WHERE state IN ('open', 'finishing');
