CREATE TABLE users (
  id            uuid PRIMARY KEY,
  email         text NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) <= 254),
  name          text NOT NULL,
  password_hash text NOT NULL,
  roles         text[] NOT NULL,
  created_at    timestamptz NOT NULL
);

-- A session is one sign-in and the family of refresh tokens that grew from it.
CREATE TABLE sessions (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,  -- of its newest refresh token
  revoked_at timestamptz
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Tokens are known by their SHA-256 only. A used one stays until it expires, so that its reuse is noticed.
CREATE TABLE refresh_tokens (
  hash           bytea PRIMARY KEY,
  session_id     uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  issued_at      timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  used_at        timestamptz,
  successor_salt bytea,             -- the successor is HMAC-SHA-256(this token, salt)
  CHECK ((used_at IS NULL) = (successor_salt IS NULL))
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- One-time sign-in codes, by their SHA-256; a code that was exchanged is gone.
CREATE TABLE sign_in_codes (
  hash       bytea PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_codes_expiry ON sign_in_codes (expires_at);

-- Counted attempts; key is a SHA-256, so that no address and no e-mail is kept here.
CREATE TABLE attempts (
  key         bytea PRIMARY KEY,
  count       integer NOT NULL,
  window_ends timestamptz NOT NULL
);
CREATE INDEX attempts_expiry ON attempts (window_ends);
