package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.NamespaceRetention;
import dev.dome.auditexport.retention.RetentionClass;
import dev.dome.contracts.Timestamps;
import dev.dome.contracts.id.NamespaceId;
import java.util.List;

/**
 * How long the records of what begins in a namespace now are kept.
 *
 * @param days after the month of a run's first record, and after its last one; absent for ever
 * @param setAt RFC 3339 UTC; absent while the namespace has the class of every namespace
 * @param classes those there are
 */
public record RetentionView(
    NamespaceId namespace,
    String retentionClass,
    Integer days,
    String setAt,
    String setBy,
    List<ClassView> classes) {

  /**
   * A class.
   *
   * @param days absent for ever
   */
  public record ClassView(String name, Integer days) {}

  static RetentionView of(NamespaceRetention retention, List<RetentionClass> classes) {
    return new RetentionView(
        retention.namespace(),
        retention.retentionClass(),
        retention.days(),
        retention.setAtMs() == null ? null : Timestamps.format(retention.setAtMs()),
        retention.setBy(),
        classes.stream().map(each -> new ClassView(each.name(), each.days())).toList());
  }
}
