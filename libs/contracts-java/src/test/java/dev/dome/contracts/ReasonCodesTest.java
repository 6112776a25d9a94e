package dev.dome.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.ReasonCodes.Entry;
import dev.dome.contracts.ReasonCodes.ReasonClass;
import dev.dome.contracts.id.ReasonCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReasonCodesTest {
  private static final Pattern LITERAL = Pattern.compile("\"([A-Z]+(?:\\.[A-Z][A-Z0-9_]*)+)\"");
  private static final String TRANSITION_FAMILY = "STATE.INVALID_TRANSITION";

  private final ReasonCodes catalog = ReasonCodes.standard();

  @Test
  void everyCodeWrittenInASourceIsInTheCatalog() throws IOException {
    Set<String> missing = writtenInSources();
    missing.removeAll(codes(catalog.all().stream()));

    assertThat(missing).as("add these to ssot/policy/reason.codes.json").isEmpty();
  }

  @Test
  void everyCodeOfTheCatalogIsUsedGivenFromOutsideOrReserved() throws IOException {
    Set<String> unused =
        codes(
            catalog.all().stream()
                .filter(e -> e.family() == null)
                .filter(e -> e.reservedFor() == null && e.givenBy().isEmpty()));
    unused.removeAll(writtenInSources());

    assertThat(unused)
        .as("no source uses these: remove them, or say in reserved_for what will")
        .isEmpty();
  }

  @Test
  void nothingThatIsReservedIsUsedAlready() throws IOException {
    assertThat(codes(catalog.all().stream().filter(e -> e.reservedFor() != null)))
        .as("these are used: remove their reserved_for")
        .doesNotContainAnyElementsOf(writtenInSources());
  }

  @Test
  void theTransitionFamilyHoldsEveryMoveThatATableDoesNotHave() throws IOException {
    JsonNode tables =
        Json.mapper()
            .readTree(RepositoryRoot.path().resolve("ssot/policy/state.transitions.json").toFile());
    Set<String> illegal = new TreeSet<>(illegalMoves(tables.get("task")));
    illegal.addAll(illegalMoves(tables.get("run")));

    Set<String> family =
        codes(catalog.all().stream().filter(e -> TRANSITION_FAMILY.equals(e.family())));

    assertThat(family).isEqualTo(illegal);
  }

  @Test
  void everyEntryTellsWhatItMeansAndWhatToDo() {
    for (Entry entry : catalog.all()) {
      assertThat(entry.description()).as(entry.code().value()).endsWith(".");
      assertThat(entry.action()).as(entry.code().value()).endsWith(".");
      assertThat(entry.httpStatus()).as(entry.code().value()).isBetween(400, 599);
      if (entry.family() != null) {
        assertThat(entry.code().value()).startsWith(entry.family() + ".");
      }
      boolean isTransient = entry.reasonClass() == ReasonClass.TRANSIENT;
      assertThat(entry.code().isTransient())
          .as(entry.code().value())
          .isEqualTo(isTransient && !entry.code().value().startsWith("BREAKER."));
    }
  }

  @Test
  void aCodeTakesStatusAndRetryFromItsClassUnlessItSaysOtherwise() {
    Entry plain = entry("\"class\":\"TRANSIENT\"");
    Entry own = entry("\"class\":\"TRANSIENT\",\"http_status\":429,\"retryable\":false");

    assertThat(plain.httpStatus()).isEqualTo(503);
    assertThat(plain.retryable()).isTrue();
    assertThat(own.httpStatus()).isEqualTo(429);
    assertThat(own.retryable()).isFalse();
  }

  @Test
  void aCodeThatIsNotThereIsADefect() {
    assertThat(catalog.find(new ReasonCode("NO.SUCH"))).isEmpty();
    assertThatThrownBy(() -> catalog.get(new ReasonCode("NO.SUCH")))
        .hasMessageContaining("NO.SUCH");
  }

  @Test
  void aCatalogThatHoldsACodeTwiceIsRefused() {
    String row =
        "{\"code\":\"A.B\",\"class\":\"INFRA\",\"severity\":\"WARN\",\"description\":\"\"}";

    assertThatThrownBy(() -> read("{\"version\":\"1\",\"codes\":[" + row + "," + row + "]}"))
        .hasMessageContaining("A.B twice");
  }

  private static Entry entry(String fields) {
    ReasonCodes codes =
        read(
            "{\"version\":\"1\",\"codes\":[{\"code\":\"A.B\",\"severity\":\"WARN\","
                + "\"description\":\"\","
                + fields
                + "}]}");
    return codes.get(new ReasonCode("A.B"));
  }

  private static ReasonCodes read(String json) {
    return ReasonCodes.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Set<String> codes(Stream<Entry> entries) {
    return entries.map(e -> e.code().value()).collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> illegalMoves(JsonNode table) {
    Set<String> legal = new HashSet<>();
    table
        .get("transitions")
        .forEach(move -> legal.add(code(move.get("from").asText(), move.get("signal").asText())));
    List<String> illegal = new ArrayList<>();
    for (JsonNode state : table.get("states")) {
      for (JsonNode signal : table.get("signals")) {
        String code = code(state.asText(), signal.asText());
        if (!legal.contains(code)) {
          illegal.add(code);
        }
      }
    }
    return illegal;
  }

  private static String code(String state, String signal) {
    return TRANSITION_FAMILY + "." + state + "." + signal.toUpperCase(Locale.ROOT);
  }

  /** Every literal of a code's form in the main sources of every module. */
  private static Set<String> writtenInSources() throws IOException {
    Set<String> literals = new TreeSet<>();
    for (String folder : List.of("libs", "services")) {
      try (Stream<Path> files = Files.walk(RepositoryRoot.path().resolve(folder))) {
        for (Path file : files.filter(ReasonCodesTest::isMainSource).toList()) {
          Matcher matcher = LITERAL.matcher(Files.readString(file));
          while (matcher.find()) {
            literals.add(matcher.group(1));
          }
        }
      }
    }
    return literals;
  }

  private static boolean isMainSource(Path file) {
    String path = file.toString().replace('\\', '/');
    return path.endsWith(".java") && path.contains("/src/main/java/");
  }
}
