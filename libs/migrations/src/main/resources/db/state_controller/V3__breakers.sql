-- The newest state of each breaker that a lane was told of. Closed ones stay, so that an older change
-- that comes again is known for what it is.
CREATE TABLE lane_breaker (
  lane        integer NOT NULL REFERENCES lane,
  namespace   text NOT NULL,
  key         text NOT NULL,
  version     bigint NOT NULL,
  phase       text NOT NULL CHECK (phase IN ('CLOSED', 'OPEN', 'HALF_OPEN')),
  since_ms    bigint NOT NULL,
  until_ms    bigint,
  probes      integer,
  told_up_to  text,  -- open runs up to this uid know it; NULL once all do
  PRIMARY KEY (lane, namespace, key)
);
