-- Operators pause and resume breakers. A paused one is OPEN and has no end of its own.
ALTER TABLE breaker DROP CONSTRAINT breaker_check;
ALTER TABLE breaker
  ADD COLUMN steering text,  -- the last word of an operator, JSON
  ADD CHECK (phase = 'OPEN' OR until_ms IS NULL),
  ADD CHECK (phase <> 'OPEN' OR until_ms IS NOT NULL OR steering IS NOT NULL);
ALTER TABLE breaker_change ADD COLUMN steering text;

-- What was asked for under an idempotency key, so that a repeat changes nothing.
CREATE TABLE breaker_order (
  namespace      text NOT NULL,
  principal      text NOT NULL,
  operation      text NOT NULL,
  key            text NOT NULL,
  body_sha256    text NOT NULL,
  created_at_ms  bigint NOT NULL,
  PRIMARY KEY (namespace, principal, operation, key)
);
