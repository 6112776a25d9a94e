package dev.dome.web.identity;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.security.Identity;
import dev.dome.security.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a deployment grants to subjects whose issuer knows nothing of dome. The file is {@code
 * {"grants": [{"subject": "…", "roles": {"<namespace>": ["worker"]}, "queues": {"<namespace>":
 * ["build"]}}]}}; a subject is whole, or {@code serviceaccount:<namespace>:*} for every account of
 * a Kubernetes namespace. A subject may stand once.
 */
final class Grants {
  static final Grants NONE = new Grants(Map.of());
  private static final String EVERY = "*";

  private final Map<String, Identity> bySubject;

  private Grants(Map<String, Identity> bySubject) {
    this.bySubject = bySubject;
  }

  /** The file. */
  record Document(List<Entry> grants) {}

  /** One subject; queues may be null. */
  record Entry(
      String subject,
      Map<NamespaceId, Set<String>> roles,
      Map<NamespaceId, Set<QueueName>> queues) {}

  /**
   * Reads the file.
   *
   * @throws IOException when it cannot be read, or a role, a namespace or a field is not known
   */
  static Grants in(Path file) throws IOException {
    try {
      Document document = Json.read(Files.readAllBytes(file), Document.class);
      return new Grants(
          document.grants().stream()
              .collect(Collectors.toUnmodifiableMap(Entry::subject, Grants::identity)));
    } catch (RuntimeException e) {
      throw new IOException(file + " is not a file of grants: " + e.getMessage(), e);
    }
  }

  private static Identity identity(Entry entry) {
    String subject = entry.subject();
    boolean wild = subject.endsWith(EVERY);
    if (wild && !subject.matches(KubernetesSubjects.PREFIX + "[a-z0-9-]+:\\*")) {
      throw new IllegalArgumentException("only serviceaccount:<namespace>:* may end in a star");
    }
    Map<NamespaceId, Set<Role>> roles = new HashMap<>();
    entry.roles().forEach((namespace, names) -> roles.put(namespace, all(names, Grants::role)));
    return new Identity(subject, roles, entry.queues() == null ? Map.of() : entry.queues());
  }

  private static <T> Set<T> all(Set<String> names, Function<String, T> read) {
    return names.stream().map(read).collect(Collectors.toUnmodifiableSet());
  }

  private static Role role(String name) {
    return Role.ofClaim(name)
        .orElseThrow(() -> new IllegalArgumentException("there is no role " + name));
  }

  /** The identity with what is granted to its subject, and to its Kubernetes namespace. */
  Identity applyTo(Identity identity) {
    Identity granted = with(identity, bySubject.get(identity.subject()));
    int account = identity.subject().lastIndexOf(':');
    boolean isAccount = identity.subject().startsWith(KubernetesSubjects.PREFIX);
    return isAccount
        ? with(granted, bySubject.get(identity.subject().substring(0, account + 1) + EVERY))
        : granted;
  }

  private static Identity with(Identity identity, Identity granted) {
    return granted == null ? identity : identity.with(granted);
  }
}
