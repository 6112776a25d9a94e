package dev.dome.statecontroller.api;

import dev.dome.statecontroller.application.read.SummaryView.AlertLimits;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Above which values a run's summary raises an alert. */
@ConfigMapping(prefix = "dome.summary")
public interface SummaryLimits {
  /** Failed tasks in relation to all, 0..1. */
  @WithDefault("0.05")
  double maxFailedRatio();

  /** Attempts beyond the first, of all tasks together. */
  @WithDefault("10")
  int maxRetries();

  default AlertLimits toLimits() {
    return new AlertLimits(maxFailedRatio(), maxRetries());
  }
}
