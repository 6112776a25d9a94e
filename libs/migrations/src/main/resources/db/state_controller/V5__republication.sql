-- How often a lane was set back to be published again, so that the progress of a publisher that has
-- not heard of it, because it was stopped or is late, does not undo that.
ALTER TABLE journal_publication ADD COLUMN rewind bigint NOT NULL DEFAULT 0;
