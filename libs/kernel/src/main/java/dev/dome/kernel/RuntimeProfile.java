package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A profile of the {@code runtime.config} artifact (v0.2) that a run was submitted under, as its
 * namespace had it then. What a document says itself wins over it.
 *
 * @param name of the profile
 * @param configSha256 over the canonical JSON of the whole runtime.config
 * @param models who plans, implements and checks; no decision uses it
 * @param pattern may be null, as all that follow; no decision uses them
 */
public record RuntimeProfile(
    String name,
    String configSha256,
    Budgets budgets,
    JsonNode models,
    String pattern,
    String patternCatalogRef,
    String rankPolicyRef,
    String profileCatalogMapRef) {

  /**
   * What a run may spend.
   *
   * @param maxRetries of each task
   * @param riskThreshold 0..100: from this risk on a human decides, and promotion asks for one
   * @param maxWorkers what a pre-contract's own plan is held to; a work queue says its own
   * @param iterationBudget for documents that name none; today's schemas ask for one
   * @param timeMinutes of a run whose document has no time budget
   */
  public record Budgets(
      int maxRetries, int riskThreshold, int maxWorkers, int iterationBudget, int timeMinutes) {}
}
