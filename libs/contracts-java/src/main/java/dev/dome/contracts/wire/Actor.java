package dev.dome.contracts.wire;

import java.util.List;

/**
 * Who asks: the token's subject and the roles it holds in the namespace asked for, sorted. Services
 * of dome act as {@code system:<service>} with no roles.
 */
public record Actor(String subject, List<String> roles) {
  public Actor {
    roles = roles.stream().sorted().distinct().toList();
  }

  public boolean has(String role) {
    return roles.contains(role);
  }
}
