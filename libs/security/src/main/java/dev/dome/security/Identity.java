package dev.dome.security;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.Actor;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A verified caller: the token's subject and its roles by namespace.
 *
 * @param roles only namespaces with at least one role
 */
public record Identity(String subject, Map<NamespaceId, Set<Role>> roles) {
  /** Subjects of dome's own services; a token may not carry one. */
  public static final String SYSTEM_PREFIX = "system:";

  // Visible text without blanks at the ends; it is shown to people and written to the journal.
  private static final Pattern SUBJECT =
      Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{P}\\p{S} ]{0,254}");

  public Identity {
    roles =
        roles.entrySet().stream()
            .filter(e -> !e.getValue().isEmpty())
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> Set.copyOf(e.getValue())));
  }

  /**
   * The identity of verified claims, or empty when the subject is missing, unprintable, longer than
   * 255 characters or one of dome's own. Namespaces and roles that dome does not know give nothing.
   *
   * @param domeRoles the claim {@code dome_roles}: role names by namespace; null for none
   */
  public static Optional<Identity> ofClaims(
      String subject, Map<String, ? extends Collection<String>> domeRoles) {
    if (subject == null
        || subject.startsWith(SYSTEM_PREFIX)
        || !SUBJECT.matcher(subject).matches()) {
      return Optional.empty();
    }
    Map<NamespaceId, Set<Role>> roles = new TreeMap<>();
    if (domeRoles != null) {
      domeRoles.forEach((namespace, names) -> {
        if (NamespaceId.PATTERN.matcher(namespace).matches()) {
          roles.put(new NamespaceId(namespace), known(names));
        }
      });
    }
    return Optional.of(new Identity(subject, roles));
  }

  public Set<Role> rolesIn(NamespaceId namespace) {
    return roles.getOrDefault(namespace, Set.of());
  }

  /** As whom the caller acts in a namespace. */
  public Actor actorIn(NamespaceId namespace) {
    return new Actor(subject, rolesIn(namespace).stream().map(Role::claim).toList());
  }

  private static Set<Role> known(Collection<String> names) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    names.forEach(name -> Role.ofClaim(name).ifPresent(roles::add));
    return roles;
  }
}
