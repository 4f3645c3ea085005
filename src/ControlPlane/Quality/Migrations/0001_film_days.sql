-- Messages that have been counted: one that comes again counts nothing. Kept for some days.
CREATE TABLE messages (
  id          uuid PRIMARY KEY,
  received_at timestamptz NOT NULL
);
CREATE INDEX messages_age ON messages (received_at);

-- How a film played on one day, in UTC, by when its playbacks began. Sums, so that one more is an addition; who played is not kept.
CREATE TABLE film_days (
  day             date NOT NULL,
  asset_id        uuid NOT NULL,
  playbacks       bigint NOT NULL,
  failed          bigint NOT NULL,            -- ended by an error
  interrupted     bigint NOT NULL,            -- stood still at least once
  estimated       bigint NOT NULL,            -- whose player did not say it, so that the edge had to work it out
  played_seconds  double precision NOT NULL,
  stalled_seconds double precision NOT NULL,
  stalls          bigint NOT NULL,
  starts          bigint[] NOT NULL,          -- how many took how long to start: the bins of StartTimes.cs
  start_seconds   double precision NOT NULL,  -- of all of those
  rated_seconds   double precision NOT NULL,  -- played by those whose bitrate is known
  rated_kilobits  double precision NOT NULL,  -- in them
  measured        bigint NOT NULL,            -- whose player measured its throughput
  throughput_sum  double precision NOT NULL,  -- of those, in kb/s
  dropped_frames  bigint NOT NULL,
  errors          bigint NOT NULL,
  bytes           bigint NOT NULL,
  PRIMARY KEY (day, asset_id)
);
CREATE INDEX film_days_of_a_film ON film_days (asset_id, day);
