-- Which run a run redrives, so that both can name each other.
ALTER TABLE run ADD COLUMN redrive_of text;
CREATE INDEX run_redrives ON run (namespace, redrive_of) WHERE redrive_of IS NOT NULL;
