-- When an account that could not be used before its address was confirmed goes if that was never done; null of one that could be used at once, or is there from before.
ALTER TABLE users ADD COLUMN confirm_by timestamptz;
CREATE INDEX users_unconfirmed ON users (confirm_by) WHERE confirmed_at IS NULL AND confirm_by IS NOT NULL;
