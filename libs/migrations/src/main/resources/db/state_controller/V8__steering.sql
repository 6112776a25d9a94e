-- The last word of an operator on a breaker, JSON; NULL when none ever spoke. It goes along with what
-- runs are told, so that a run says who paused what it waits for.
ALTER TABLE lane_breaker ADD COLUMN steering text;
