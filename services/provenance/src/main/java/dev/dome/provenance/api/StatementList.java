package dev.dome.provenance.api;

import java.util.List;

/** The statements of a run and of its replays, in the order of the log. */
public record StatementList(List<StatementView> items) {}
