-- Who is told of a namespace's events, and what came of it.

-- A receiver. topics is empty for all of them, otherwise names between spaces, with one on each
-- side. The secret is sealed under a key that the database does not have.
CREATE TABLE webhook (
  webhook_id     text PRIMARY KEY,
  namespace      text NOT NULL,
  url            text NOT NULL,
  topics         text NOT NULL,
  sealed_secret  text NOT NULL,
  status         text NOT NULL CHECK (status IN ('ACTIVE', 'DISABLED')),
  created_by     text NOT NULL,
  created_at_ms  bigint NOT NULL
);
CREATE INDEX webhook_listing ON webhook (namespace, created_at_ms, webhook_id);

-- One event for one receiver, stored in the transaction of its lane's cursor. While it is PENDING
-- due_at_ms says when it may be taken next; whoever takes it counts the attempt and puts the time
-- off, so that what a process took which died is taken again.
CREATE TABLE webhook_delivery (
  delivery_id         text PRIMARY KEY,
  webhook_id          text NOT NULL REFERENCES webhook ON DELETE CASCADE,
  event_id            text NOT NULL,
  topic               text NOT NULL,
  run_id              text NOT NULL,
  run_sequence        bigint NOT NULL,
  body                text NOT NULL,
  status              text NOT NULL CHECK (status IN ('PENDING', 'DELIVERED', 'DEAD')),
  attempts            integer NOT NULL DEFAULT 0,
  due_at_ms           bigint,
  last_fault          text,
  last_http_status    integer,
  last_attempt_at_ms  bigint,
  created_at_ms       bigint NOT NULL,
  CHECK ((status = 'PENDING') = (due_at_ms IS NOT NULL))
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at_ms, delivery_id)
  WHERE status = 'PENDING';
CREATE INDEX webhook_delivery_dead ON webhook_delivery (webhook_id) WHERE status = 'DEAD';
CREATE INDEX webhook_delivery_listing
  ON webhook_delivery (webhook_id, created_at_ms DESC, delivery_id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (last_attempt_at_ms)
  WHERE status <> 'PENDING';
