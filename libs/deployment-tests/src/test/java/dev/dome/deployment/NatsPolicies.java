package dev.dome.deployment;

import dev.dome.devstack.NatsServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the NATS servers are configured with. */
final class NatsPolicies {
  private static final Pattern USER =
      Pattern.compile("(?s)user: ([a-z-]+)\\s+password: (\\$?\\S+)(.*?)(?=\\n    \\{|\\z)");

  private static final Map<String, String> STREAM_SUBJECTS =
      Map.of(
          "DOME_INBOX", "\"dome.inbox.*\"",
          "DOME_JOURNAL", "\"dome.journal.*\"",
          "DOME_ACCESS", "\"dome.access\"");

  private NatsPolicies() {}

  private static Map<String, String> files(Cluster cluster) {
    return cluster.configMap("nats").map(ConfigMap::getData).orElse(Map.of());
  }

  /** Acknowledged means on disk. */
  static List<String> syncsAlways(Cluster cluster) {
    Findings findings = new Findings();
    if (cluster.workload("nats").isPresent()) {
      findings.require(
          files(cluster)
              .getOrDefault("nats.conf", "")
              .lines()
              .anyMatch(line -> line.strip().equals("sync_interval: always")),
          "nats.conf must say sync_interval: always");
    }
    return findings.all();
  }

  /** The program itself accepts the files. */
  static List<String> isAccepted(Cluster cluster) {
    if (cluster.workload("nats").isEmpty()) {
      return List.of();
    }
    try {
      Path directory = Files.createTempDirectory("dome-nats-config");
      Path config = Files.createDirectories(directory.resolve("config"));
      for (Map.Entry<String, String> file : files(cluster).entrySet()) {
        // Certificates are cert-manager's to make; without them the program refuses to look on.
        Files.writeString(config.resolve(file.getKey()), withoutTls(file.getValue()));
      }
      StringBuilder passwords = new StringBuilder();
      users(cluster)
          .values()
          .forEach(
              user -> passwords.append(user.password().substring(1)).append(": \"something\"\n"));
      Files.writeString(
          Files.createDirectories(directory.resolve("secrets")).resolve("passwords.conf"),
          passwords.toString());
      Path start =
          Files.writeString(
              config.resolve("start.conf"), "server_name: nats-0\ninclude \"nats.conf\"\n");
      return NatsServer.objectionTo(start).map(List::of).orElse(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutTls(String text) {
    return text.replaceAll("(?s)tls \\{.*?}", "");
  }

  private record User(String password, String permissions) {
    boolean may(String subject) {
      return permissions.contains(subject);
    }
  }

  private static Map<String, User> users(Cluster cluster) {
    Map<String, User> users = new TreeMap<>();
    Matcher found = USER.matcher(files(cluster).getOrDefault("users.conf", ""));
    while (found.find()) {
      users.put(found.group(1), new User(found.group(2), found.group(3)));
    }
    return users;
  }

  /** One user per service, who writes and reads the streams that the graph says. */
  static List<String> users(Set<String> services, Cluster cluster) {
    Findings findings = new Findings();
    Map<String, User> users = users(cluster);
    findings.require(
        users.keySet().equals(services), "users %s for services %s", users.keySet(), services);
    Set<String> passwords = new TreeSet<>();
    users.forEach((name, user) -> {
      findings.require(
          user.password().startsWith("$") && passwords.add(user.password()),
          "user %s needs a password of its own from the Secret",
          name);
      findings.require(
          !user.may("STREAM.DELETE") && !user.may("\">\"") && !user.may("$JS.API.>"),
          "user %s may delete a stream",
          name);
      findings.require(
          name.equals("state-controller") == user.may("STREAM.PURGE"),
          "only state-controller may purge a stream, and it must: %s",
          name);
      findings.require(
          user.may("\"_INBOX." + name + ".>\""), "user %s hears no answers of its own", name);
      if (services.contains(name)) {
        streams(name, user, findings);
      }
    });
    return findings.all();
  }

  private static void streams(String service, User user, Findings findings) {
    STREAM_SUBJECTS.forEach((stream, subject) -> {
      findings.require(
          Repository.edges(service, "publishes").contains(stream) == user.may(subject),
          "user %s and writing to %s: the graph says otherwise",
          service,
          stream);
      findings.require(
          Repository.edges(service, "consumes").contains(stream)
              == user.may("CONSUMER.MSG.NEXT." + stream + "."),
          "user %s and reading %s: the graph says otherwise",
          service,
          stream);
    });
  }

  static List<String> usersOfTheGraph(Cluster cluster) {
    return cluster.workload("nats").isEmpty() ? List.of() : users(Repository.services(), cluster);
  }
}
