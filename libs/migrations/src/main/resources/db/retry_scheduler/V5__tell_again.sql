-- What DOME_INBOX held when it was lost has reached nobody, so it is told again.

-- The newest change of a breaker that every lane was told of twice.
ALTER TABLE breaker ADD COLUMN told_again_version bigint NOT NULL DEFAULT 0;
CREATE INDEX breaker_told_once ON breaker (breaker_id) WHERE told_again_version < version;

-- A timer that has fired and is still there was not heard, unless it is a retry: those stay until
-- their run completes, and their lane's owner minds them.
ALTER TABLE timer
  ADD COLUMN firings integer NOT NULL DEFAULT 0,
  ADD COLUMN again_at_ms bigint;
CREATE INDEX timer_again ON timer (again_at_ms) WHERE again_at_ms IS NOT NULL;
