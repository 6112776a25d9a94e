package dev.dome.cli.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.PosixWords;
import dev.dome.contracts.StrictJson;
import dev.dome.contracts.id.AttemptId;
import dev.dome.security.PathGuard;
import dev.dome.security.PatternRedactor;
import dev.dome.security.Redactor;
import dev.dome.security.SampleSecrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Parsers keep their promises for whatever comes. The same 4,000 inputs in a usual run; {@code
 * -Ddome.fuzz.seconds} and {@code -Ddome.fuzz.seed} for more. An input that was found stands in
 * src/test/resources/fuzz, one a line in hexadecimal, and is tried in every run.
 */
class ParsersFuzzTest {
  private static final long SEED = Long.getLong("dome.fuzz.seed", 20261126);
  private static final long INPUTS = 4_000;
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("dome.fuzz.seconds", 0));
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final Redactor redactor = PatternRedactor.standard();

  @TempDir Path root;

  @Test
  void everyPromiseHoldsForWhateverComes(TestReporter reporter) throws IOException {
    Mutator mutator = new Mutator(SEED, sound());
    PathGuard guard = new PathGuard(root);
    long end = System.nanoTime() + TIME.toNanos();
    long tried = 0;
    while (tried < INPUTS || System.nanoTime() < end) {
      promisesHold(mutator.next(), guard);
      tried++;
    }
    reporter.publishEntry("inputs", tried + " of seed " + SEED);
    assertThat(tried).isPositive();
  }

  @Test
  void whatWasFoundOnceHoldsNow() throws IOException {
    PathGuard guard = new PathGuard(root);
    Path found = Path.of(System.getProperty("dome.root"), "libs/cli/src/test/resources/fuzz");
    List<String> lines = Files.readAllLines(found.resolve("parsers.txt"));
    assertThat(lines).isNotEmpty();
    for (String line : lines) {
      promisesHold(HexFormat.of().parseHex(line), guard);
    }
  }

  private void promisesHold(byte[] input, PathGuard guard) {
    String hex = HexFormat.of().formatHex(input);
    long began = System.nanoTime();
    json(input, hex);
    String text = new String(input, StandardCharsets.UTF_8);
    String once = redactor.redactText(text).text();
    assertThat(redactor.redactText(once).text()).as("redacted again: %s", hex).isEqualTo(once);
    assertThat(PosixWords.split(text)).as(hex).isNotNull();
    assertThat(AttemptId.PATTERN.matcher(text).matches() && text.length() > 200).as(hex).isFalse();
    if (guard.resolve(text) instanceof PathGuard.Result.Inside inside) {
      assertThat(inside.path().startsWith(real(root))).as(hex).isTrue();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).as(hex).isLessThan(LONGEST);
  }

  /**
   * What is taken has one canonical form, which is taken for the same; redaction keeps its shape.
   */
  private void json(byte[] input, String hex) {
    if (StrictJson.parse(input) instanceof StrictJson.Result.Parsed(JsonNode tree)) {
      byte[] canonical = CanonicalJson.bytes(tree);
      assertThat(StrictJson.parse(canonical))
          .as(hex)
          .isInstanceOfSatisfying(
              StrictJson.Result.Parsed.class,
              again -> assertThat(CanonicalJson.bytes(again.tree())).as(hex).isEqualTo(canonical));
      assertThat(shape(redactor.redact(tree).tree())).as(hex).isEqualTo(shape(tree));
    }
  }

  private static String shape(JsonNode tree) {
    StringBuilder shape = new StringBuilder();
    if (tree.isObject()) {
      tree.properties()
          .forEach(field -> shape.append(field.getKey()).append(shape(field.getValue())));
      return "{" + shape + "}";
    }
    if (tree.isArray()) {
      tree.forEach(element -> shape.append(shape(element)).append(','));
      return "[" + shape + "]";
    }
    return "";
  }

  private static Path real(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<byte[]> sound() throws IOException {
    List<byte[]> sound = new ArrayList<>();
    Path examples = Path.of(System.getProperty("dome.root"), "ssot/examples");
    try (Stream<Path> files = Files.list(examples)) {
      for (Path file : files.sorted().toList()) {
        if (Files.size(file) < 1 << 13) {
          sound.add(Files.readAllBytes(file));
        }
      }
    }
    JsonSuite.rejected().stream()
        .map(JsonSuite.Document::bytes)
        .filter(bytes -> bytes.length < 1 << 10)
        .forEach(sound::add);
    new SampleSecrets(SEED)
        .sample(2)
        .forEach(planted -> sound.add(planted.text().getBytes(StandardCharsets.UTF_8)));
    sound.add("a/b/c.txt".getBytes(StandardCharsets.UTF_8));
    sound.add("run 'one two' \"three\" --x=y".getBytes(StandardCharsets.UTF_8));
    return sound;
  }
}
