package dev.dome.security;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.wire.Actor;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A verified caller: the token's subject, its roles by namespace and the queues it is bound to.
 *
 * @param roles only namespaces with at least one role
 * @param queues where the caller may claim from no others than these; a namespace that is not named
 *     binds to none
 */
public record Identity(
    String subject, Map<NamespaceId, Set<Role>> roles, Map<NamespaceId, Set<QueueName>> queues) {
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
    queues =
        queues.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> Set.copyOf(e.getValue())));
  }

  /** An identity that no queue binds. */
  public Identity(String subject, Map<NamespaceId, Set<Role>> roles) {
    this(subject, roles, Map.of());
  }

  /**
   * The identity of verified claims, or empty when the subject is missing, unprintable, longer than
   * 255 characters or one of dome's own. Namespaces and roles that dome does not know give nothing;
   * a name that no queue can have binds like one that is never asked for.
   *
   * @param domeRoles the claim {@code dome_roles}: role names by namespace
   * @param domeQueues the claim {@code dome_queues}: queue names by namespace
   */
  public static Optional<Identity> ofClaims(
      String subject,
      Map<String, ? extends Collection<String>> domeRoles,
      Map<String, ? extends Collection<String>> domeQueues) {
    if (subject == null
        || subject.startsWith(SYSTEM_PREFIX)
        || !SUBJECT.matcher(subject).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Identity(
            subject,
            byNamespace(domeRoles, Identity::known),
            byNamespace(domeQueues, Identity::queues)));
  }

  /**
   * The same caller with what a deployment grants besides. Who is bound to queues by either is
   * bound to those that both name together.
   */
  public Identity with(Identity granted) {
    return new Identity(subject, union(roles, granted.roles), union(queues, granted.queues));
  }

  /** Whether the caller's claims may name the queue; its role is asked for elsewhere. */
  public boolean mayClaimFrom(NamespaceId namespace, QueueName queue) {
    Set<QueueName> bound = queues.get(namespace);
    return bound == null || bound.contains(queue);
  }

  public Set<Role> rolesIn(NamespaceId namespace) {
    return roles.getOrDefault(namespace, Set.of());
  }

  /** As whom the caller acts in a namespace. */
  public Actor actorIn(NamespaceId namespace) {
    return new Actor(subject, rolesIn(namespace).stream().map(Role::claim).toList());
  }

  private static <T> Map<NamespaceId, Set<T>> byNamespace(
      Map<String, ? extends Collection<String>> claim, Function<Collection<String>, Set<T>> read) {
    Map<NamespaceId, Set<T>> values = new TreeMap<>();
    claim.forEach((namespace, names) -> {
      if (NamespaceId.PATTERN.matcher(namespace).matches()) {
        values.put(new NamespaceId(namespace), read.apply(names));
      }
    });
    return values;
  }

  private static <T> Map<NamespaceId, Set<T>> union(
      Map<NamespaceId, Set<T>> one, Map<NamespaceId, Set<T>> other) {
    Map<NamespaceId, Set<T>> both = new TreeMap<>(one);
    other.forEach((namespace, values) -> both.merge(namespace, values, Identity::together));
    return both;
  }

  private static <T> Set<T> together(Set<T> one, Set<T> other) {
    Set<T> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  private static Set<QueueName> queues(Collection<String> names) {
    return names.stream()
        .filter(name -> QueueName.PATTERN.matcher(name).matches())
        .map(QueueName::new)
        .collect(Collectors.toSet());
  }

  private static Set<Role> known(Collection<String> names) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    names.forEach(name -> Role.ofClaim(name).ifPresent(roles::add));
    return roles;
  }
}
