-- Until when nothing more is tried under a key; null while it may be.
ALTER TABLE attempts ADD COLUMN blocked_until timestamptz;

-- The authenticator app of an account (RFC 6238).
CREATE TABLE authenticators (
  user_id      uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  secret       bytea NOT NULL,           -- encrypted with a key that stands in the secrets file
  created_at   timestamptz NOT NULL,
  confirmed_at timestamptz,              -- when its first code was right: it counts from then on
  last_step    bigint NOT NULL DEFAULT 0 -- the time step of the newest code that was taken: none is taken twice
);

-- By their SHA-256: a code has 120 random bits.
CREATE TABLE recovery_codes (
  hash    bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE
);
CREATE INDEX recovery_codes_user ON recovery_codes (user_id);

-- Sign-ins whose first factor was right and whose second is awaited, by the SHA-256 of their ticket.
CREATE TABLE sign_in_tickets (
  hash       bytea PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  attempts   integer NOT NULL DEFAULT 0
);
CREATE INDEX sign_in_tickets_expiry ON sign_in_tickets (expires_at);
