package dev.dome.cli.security;

import dev.dome.contracts.wire.Subjects;
import dev.dome.messaging.LinkOptions;
import dev.dome.messaging.NatsLink;
import dev.dome.messaging.StreamContent;
import dev.dome.migrations.Database;
import dev.dome.migrations.DatabaseContent;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Whether anything is kept of a namespace in which every request was refused. */
public final class Kept {
  /** Who was refused is recorded, and that is all that may be. */
  private static final String RECORDS_OF_ACCESS = "audit_export.";

  private Kept() {}

  /** The columns and streams that name the namespace. */
  public static Set<String> of(String namespace, Database database, String natsUrl) {
    Set<String> places = new TreeSet<>();
    try (DatabaseContent content = DatabaseContent.of(database)) {
      content.read((column, value) -> {
        if (!column.startsWith(RECORDS_OF_ACCESS) && names(value, namespace)) {
          places.add(column);
        }
      });
    }
    try (NatsLink link = NatsLink.open(LinkOptions.of(natsUrl, "dome-security"))) {
      for (String stream : Set.of(Subjects.INBOX_STREAM, Subjects.JOURNAL_STREAM)) {
        new StreamContent(link)
            .read(
                stream,
                (sequence, subject, headers, body) -> {
                  if (names(body, namespace)) {
                    places.add(stream);
                  }
                });
      }
    }
    return places;
  }

  private static boolean names(byte[] value, String namespace) {
    return new String(value, StandardCharsets.UTF_8).contains(namespace);
  }
}
