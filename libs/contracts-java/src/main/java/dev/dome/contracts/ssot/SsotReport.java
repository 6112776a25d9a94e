package dev.dome.contracts.ssot;

import dev.dome.contracts.id.ReasonCode;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a check of an ssot directory found.
 *
 * @param schemas how many schemas were checked
 * @param documents how many examples and policies were validated against their schemas
 * @param reasonCodes how many codes the catalog holds
 * @param findings everything that is wrong, by file; empty when all is well
 */
public record SsotReport(int schemas, int documents, int reasonCodes, List<Finding> findings) {
  public SsotReport {
    findings = List.copyOf(findings);
  }

  /** This report and what a check of other documents found. */
  public SsotReport plus(int moreDocuments, List<Finding> more) {
    return new SsotReport(
        schemas,
        documents + moreDocuments,
        reasonCodes,
        Stream.concat(findings.stream(), more.stream()).toList());
  }

  public boolean ok() {
    return findings.isEmpty();
  }

  /**
   * One thing that is wrong.
   *
   * @param file relative to the ssot directory, with forward slashes
   * @param pointer RFC 6901 JSON pointer, empty for the whole file
   */
  public record Finding(String file, String pointer, ReasonCode reasonCode, String detail) {}
}
