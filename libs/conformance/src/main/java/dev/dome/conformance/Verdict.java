package dev.dome.conformance;

import java.util.List;

/**
 * What one scenario found.
 *
 * @param rule what a worker must do
 * @param findings what it did instead; empty when it kept the rule
 */
public record Verdict(String scenario, String rule, List<String> findings, long tookMs) {
  public Verdict {
    findings = List.copyOf(findings);
  }

  public boolean passed() {
    return findings.isEmpty();
  }
}
