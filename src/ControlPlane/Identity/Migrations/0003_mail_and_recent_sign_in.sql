-- When somebody proved to read mail at the address; accounts from before there was confirmation count as confirmed.
ALTER TABLE users ADD COLUMN confirmed_at timestamptz;
UPDATE users SET confirmed_at = created_at;

-- Mails that are owed. Whom one is for, and whether for anybody at all, is looked up when it is made: a request costs the same whether the
-- address has an account or not, and no secret waits here.
CREATE TABLE mails (
  id         uuid PRIMARY KEY,
  kind       text NOT NULL,
  email      text NOT NULL,
  user_id    uuid,                        -- whom it is about; null where only the address is known
  created_at timestamptz NOT NULL,
  due_at     timestamptz NOT NULL,        -- of the next attempt
  attempts   integer NOT NULL DEFAULT 0
);
CREATE INDEX mails_due ON mails (due_at);

-- What the links of mails hold, by its SHA-256; spent once.
CREATE TABLE link_tokens (
  hash       bytea PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  purpose    text NOT NULL,
  email      text NOT NULL,               -- that it was sent to
  expires_at timestamptz NOT NULL
);
CREATE INDEX link_tokens_user ON link_tokens (user_id);
CREATE INDEX link_tokens_expiry ON link_tokens (expires_at);

-- What its user knows a session by, when it was seen last, and when whoever holds it last proved who they are.
ALTER TABLE sessions ADD COLUMN client text NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN used_at timestamptz;
ALTER TABLE sessions ADD COLUMN authenticated_at timestamptz;
UPDATE sessions SET used_at = created_at, authenticated_at = created_at;
ALTER TABLE sessions ALTER COLUMN used_at SET NOT NULL;
ALTER TABLE sessions ALTER COLUMN authenticated_at SET NOT NULL;
