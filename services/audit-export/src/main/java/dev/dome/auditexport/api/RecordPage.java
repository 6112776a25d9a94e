package dev.dome.auditexport.api;

import java.util.List;

/**
 * One page of records.
 *
 * @param nextCursor where the list goes on, absent at its end
 */
public record RecordPage(List<RecordView> items, String nextCursor) implements AuditPage {}
