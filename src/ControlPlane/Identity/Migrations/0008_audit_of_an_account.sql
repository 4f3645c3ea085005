-- What was done to one account.
CREATE INDEX audit_entries_target ON audit_entries (target_id, at DESC, id DESC);
