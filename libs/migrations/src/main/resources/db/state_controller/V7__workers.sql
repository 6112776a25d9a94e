-- Workers as their claims and signs of life show them, one row for each queue that one works. Written
-- beside the lanes, about once a second; a worker not seen for a day is forgotten.
CREATE TABLE worker (
  namespace           text NOT NULL,
  worker_id           text NOT NULL,
  queue               text NOT NULL,
  deployment_version  text,
  labels              text,  -- JSON object; NULL until the worker claimed
  last_seen_ms        bigint NOT NULL,
  PRIMARY KEY (namespace, worker_id, queue)
);
CREATE INDEX worker_queue ON worker (namespace, queue, deployment_version);
CREATE INDEX worker_age ON worker (last_seen_ms);

-- Who is to take nothing more: a worker, or every worker of a deployment version of a queue.
CREATE TABLE drain (
  namespace           text NOT NULL,
  worker_id           text NOT NULL DEFAULT '',
  queue               text NOT NULL DEFAULT '',
  deployment_version  text NOT NULL DEFAULT '',
  since_ms            bigint NOT NULL,
  actor               text NOT NULL,
  PRIMARY KEY (namespace, worker_id, queue, deployment_version),
  CHECK (CASE WHEN worker_id = '' THEN queue <> '' AND deployment_version <> ''
    ELSE queue = '' AND deployment_version = '' END)
);
