package dev.dome.cli.security;

import dev.dome.cli.Patience;
import dev.dome.cli.admin.LiveSystem;
import dev.dome.cli.admin.LiveVerification;
import dev.dome.cli.run.ServerOption;
import dev.dome.cli.security.BadInput.Draft;
import dev.dome.cli.security.Entrances.Entrance;
import dev.dome.cli.security.RawHttp.Answer;
import dev.dome.client.DomeClient;
import dev.dome.devstack.DomeService;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.ServiceProcess;
import dev.dome.security.SampleSecrets;
import dev.dome.security.SampleSecrets.Planted;
import dev.dome.verification.invariant.Invariant;
import dev.dome.verification.invariant.PlantedSecrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Plants secrets of every kind through every entrance, one of each kind through each, and looks for
 * them wherever something is kept or shown: tables, streams, logs of services and servers, the API,
 * evidence, export bags, metrics and traces.
 */
public final class LeakScan {
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
  private static final Duration CATCH_UP = Duration.ofMinutes(2);
  private static final Pattern NUMBER = Pattern.compile("no\\. (\\d+)");
  private static final int BAGS = 3;

  private final LocalStack stack;
  private final String namespace;
  private final long seed;
  private final String token;
  private final List<Sent> sent = new ArrayList<>();
  private final List<String> runs = new ArrayList<>();
  private final List<String> digests = new ArrayList<>();

  /**
   * Nothing is planted yet.
   *
   * @param namespace that nothing else is in
   * @param seed of the secrets
   */
  public LeakScan(LocalStack stack, String namespace, long seed) {
    this.stack = stack;
    this.namespace = namespace;
    this.seed = seed;
    List<String> roles = List.of("submitter", "worker", "approver", "operator", "auditor");
    this.token = stack.issuer().mint("leaky", Map.of(namespace, roles), TOKEN_LIFETIME);
  }

  /** A secret, which way it went in, and the status it was answered with. */
  private record Sent(Planted planted, Entrance entrance, int status) {}

  /** Where a planted secret was found; never the secret. */
  public record Leak(String kind, String entrance, String place) {
    @Override
    public String toString() {
      return kind + " through " + entrance + ": " + place;
    }
  }

  /**
   * One entrance.
   *
   * @param refused how many requests that carried one were turned down
   * @param leaked how many secrets were found somewhere
   */
  public record Row(String entrance, int planted, int refused, int leaked) {}

  /**
   * What came of it.
   *
   * @param recall the share of secrets that were found nowhere
   */
  public record Report(int planted, int kinds, double recall, List<Row> rows, List<Leak> leaks) {}

  /** Writes a run's export bag into a directory that is not there yet. */
  @FunctionalInterface
  public interface Exporter {
    /**
     * Writes the bag.
     *
     * @throws IOException when it cannot be written
     */
    void export(String runId, Path target) throws IOException;
  }

  /**
   * Sends every secret in.
   *
   * @param traceparent of every request
   * @param directory for commands' working directories
   * @throws IOException when an entrance does not answer
   */
  public void plant(String traceparent, Path directory) throws IOException {
    int kinds = SampleSecrets.kinds();
    int entrances = Entrance.values().length;
    List<Planted> secrets = new SampleSecrets(seed).sample(entrances);
    int port = stack.service(DomeService.INGEST).orElseThrow().port();
    try (RawHttp http = new RawHttp(port)) {
      for (int kind = 0; kind < kinds; kind++) {
        String runId = "leak-" + namespace + "-" + kind;
        Entrances run = new Entrances(http, namespace, token, traceparent, directory, runId);
        runs.add(runId);
        // Each entrance has secrets of its own, kind by kind; the last entrance ends the run.
        int next = kind;
        for (Entrance entrance : Entrance.values()) {
          plant(run, entrance, secrets.get(next));
          next += kinds;
        }
        digests.addAll(run.digests());
      }
    }
  }

  private void plant(Entrances run, Entrance entrance, Planted planted) throws IOException {
    Answer answer = run.plant(entrance, planted.text());
    sent.add(new Sent(planted, entrance, answer.status()));
  }

  /**
   * Looks for what was planted.
   *
   * @param directory for export bags
   * @param traces whatever was exported of traces; asked for last, for spans are exported late
   * @throws IOException when something cannot be read
   */
  public Report look(Exporter exporter, Path directory, Supplier<byte[]> traces)
      throws IOException {
    PlantedSecrets planted =
        new PlantedSecrets(sent.stream().map(each -> each.planted().secret()).toList());
    Map<Integer, String> places = new TreeMap<>();
    system(planted, places);
    servers(planted, places);
    for (ServiceProcess service : stack.services()) {
      note(planted.in(metrics(service)), "metrics of " + service.name(), places);
    }
    evidence(planted, places);
    for (String runId : runs.subList(0, BAGS)) {
      bag(exporter, runId, directory.resolve(runId), planted, places);
    }
    byte[] spans = traces.get();
    if (spans.length == 0) {
      throw new IOException("no trace was exported, so that nothing can be said of traces");
    }
    note(planted.in(spans), "traces", places);
    for (Sent each : sent) {
      if (each.status() >= 500 || each.status() == 0) {
        throw new IOException(
            each.planted().kind() + " through " + each.entrance() + ": " + each.status());
      }
    }
    return report(places);
  }

  private void system(PlantedSecrets planted, Map<Integer, String> places) {
    URI api = URI.create(stack.apiUrl());
    Path services = stack.services().getFirst().log().getParent().getParent();
    String system =
        stack
            .issuer()
            .mint(
                "leaky", Map.of(ServerOption.SYSTEM_NAMESPACE, List.of("auditor")), TOKEN_LIFETIME);
    try (DomeClient client = DomeClient.of(api, namespace, () -> token);
        DomeClient dome = DomeClient.of(api, ServerOption.SYSTEM_NAMESPACE, () -> system)) {
      LiveVerification.run(
              new LiveSystem(client, dome),
              new LiveVerification.Scope(
                  Optional.empty(),
                  planted,
                  Optional.empty(),
                  Optional.of(services),
                  Optional.of(stack.infrastructure().postgres().orElseThrow().admin()),
                  Optional.of(stack.connections().natsUrl())),
              Patience.whileSomethingComes(CATCH_UP, line -> {}),
              (done, of) -> {})
          .violations()
          .stream()
          .filter(found -> found.invariant() == Invariant.NO_SECRETS)
          .forEach(found -> {
            Matcher number = NUMBER.matcher(found.detail());
            if (number.find()) {
              places.putIfAbsent(Integer.parseInt(number.group(1)), found.subject());
            }
          });
    }
  }

  private void servers(PlantedSecrets planted, Map<Integer, String> places) throws IOException {
    for (Path log :
        List.of(
            stack.infrastructure().nats().orElseThrow().log(),
            stack.infrastructure().postgres().orElseThrow().log())) {
      try (InputStream content = Files.newInputStream(log)) {
        note(planted.in(content), "log " + log.getFileName(), places);
      }
    }
  }

  private static String metrics(ServiceProcess service) throws IOException {
    try (RawHttp http = new RawHttp(service.port())) {
      Answer answer = http.send(new Draft("GET", "/q/metrics").header("Accept: text/plain").wire());
      if (answer.status() != 200) {
        throw new IOException(service.name() + " shows no metrics but " + answer.status());
      }
      return answer.body();
    }
  }

  /** What is stored under a digest that no result names is in no other place. */
  private void evidence(PlantedSecrets planted, Map<Integer, String> places) throws IOException {
    try (DomeClient client = DomeClient.of(URI.create(stack.apiUrl()), namespace, () -> token)) {
      for (String digest : digests) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        client.evidence().get(digest, content);
        note(planted.in(content.toByteArray()), "evidence " + digest, places);
      }
    }
  }

  private static void bag(
      Exporter exporter,
      String runId,
      Path target,
      PlantedSecrets planted,
      Map<Integer, String> places)
      throws IOException {
    exporter.export(runId, target);
    try (Stream<Path> files = Files.walk(target)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (InputStream content = Files.newInputStream(file)) {
          note(planted.in(content), "export bag " + target.relativize(file), places);
        }
      }
    }
  }

  private static void note(Set<Integer> numbers, String place, Map<Integer, String> places) {
    numbers.forEach(found -> places.putIfAbsent(found, place));
  }

  private Report report(Map<Integer, String> places) {
    Map<Entrance, int[]> counts = new EnumMap<>(Entrance.class);
    List<Leak> leaks = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      Sent each = sent.get(i);
      int[] count = counts.computeIfAbsent(each.entrance(), entrance -> new int[3]);
      count[0]++;
      count[1] += each.status() >= 400 ? 1 : 0;
      String place = places.get(i + 1);
      if (place != null) {
        count[2]++;
        leaks.add(new Leak(each.planted().kind(), each.entrance().title(), place));
      }
    }
    List<Row> rows = new ArrayList<>();
    counts.forEach(
        (entrance, count) -> rows.add(new Row(entrance.title(), count[0], count[1], count[2])));
    return new Report(
        sent.size(),
        SampleSecrets.kinds(),
        1 - (double) leaks.size() / sent.size(),
        rows,
        List.copyOf(leaks));
  }
}
