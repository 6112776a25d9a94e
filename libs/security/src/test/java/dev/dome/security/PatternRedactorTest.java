package dev.dome.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.Json;
import dev.dome.security.Redactor.Finding;
import dev.dome.security.Redactor.Redaction;
import dev.dome.security.SampleSecrets.Planted;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternRedactorTest {
  private static final long SEED = 20261122;
  private static final double MIN_RECALL = 0.99;
  private static final double MAX_FALSE_POSITIVES = 0.001;

  private final Redactor redactor = PatternRedactor.standard();

  @Test
  @SuppressWarnings("SystemOut")
  void findsAtLeastNinetyNineOfAHundredPlantedSecrets() {
    assertThat(SampleSecrets.kinds()).isGreaterThanOrEqualTo(20);
    List<Planted> planted = new SampleSecrets(SEED).sample(100);

    List<Planted> missed =
        planted.stream()
            .filter(p -> redactor.redactText(p.text()).text().contains(p.secret()))
            .toList();

    System.out.printf(
        "redaction: %.2f %% of %d planted secrets found%n",
        100.0 * (planted.size() - missed.size()) / planted.size(), planted.size());
    assertThat((double) missed.size())
        .as("seed %d missed %s", SEED, missed)
        .isLessThanOrEqualTo((1 - MIN_RECALL) * planted.size());
  }

  @Test
  @SuppressWarnings("SystemOut")
  void leavesOrdinaryTextAlone() throws IOException {
    List<String> lines = new ArrayList<>(ordinaryLines());
    assertThat(lines).hasSizeGreaterThan(2000);
    lines.addAll(new OrdinaryLogs(SEED).lines(20_000));

    List<String> touched =
        lines.stream().filter(line -> !redactor.redactText(line).text().equals(line)).toList();

    System.out.printf(
        "redaction: %.3f %% of %d ordinary lines touched%n",
        100.0 * touched.size() / lines.size(), lines.size());
    assertThat((double) touched.size())
        .as("touched %s", touched)
        .isLessThanOrEqualTo(MAX_FALSE_POSITIVES * lines.size());
  }

  @Test
  void leavesDigestsIdentifiersAndCountsAlone() {
    for (String text :
        List.of(
            "commit 2d916cf0aab34c1d9d7c1b7e5a0f4f3b2c1d0e9f",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "\"integrity\":"
                + " \"sha512-R3k1vQ9ZtXyB8mLpWcD4eF6gH7jKqN2sTuVwAz5bCdEfGhJkLmNpQrStUvWxYz1A==\"",
            "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
            "used 5000 of max_tokens: 8192",
            "the token: a short piece of text",
            "password: required",
            "token = parser.nextToken()",
            "export API_KEY=$VAULT_VALUE",
            "password=${PASSWORD}",
            "SomeVeryLongCamelCaseClassNameForHttp2Transport",
            "libs/contracts-java/src/main/java/dev/dome/contracts/ReasonCodes2.java")) {
      assertThat(redactor.redactText(text).text()).isEqualTo(text);
    }
  }

  @Test
  void whatWasRedactedIsNotFoundAgain() {
    for (Planted planted : new SampleSecrets(SEED).sample(5)) {
      String once = redactor.redactText(planted.text()).text();
      assertThat(redactor.redactText(once).text()).isEqualTo(once);
    }
  }

  @Test
  void keepsTheStructureAndNamesPlaceAndRule() {
    JsonNode tree =
        json(
            """
            {"notes":"used DB_PASSWORD=swordfish","evidence":{"githubToken":"abc",
            "nested":[{"credentials":{"user":"robot","pin":123456}}],"max_tokens":4096,
            "ok":true}}
            """);

    Redaction redaction = redactor.redact(tree);

    assertThat(redaction.tree())
        .isEqualTo(
            json(
                """
                {"notes":"used DB_PASSWORD=[REDACTED:assignment]",
                "evidence":{"githubToken":"[REDACTED:sensitive-key]",
                "nested":[{"credentials":{"user":"[REDACTED:sensitive-key]",
                "pin":"[REDACTED:sensitive-key]"}}],"max_tokens":4096,"ok":true}}
                """));
    assertThat(redaction.findings())
        .containsExactly(
            new Finding("/notes", "assignment"),
            new Finding("/evidence/githubToken", "sensitive-key"),
            new Finding("/evidence/nested/0/credentials/user", "sensitive-key"),
            new Finding("/evidence/nested/0/credentials/pin", "sensitive-key"));
    assertThat(redaction.mustRefuse()).isFalse();
    assertThat(redactor.redact(redaction.tree()).findings()).isEmpty();
  }

  @Test
  void aSecretThatSteersIsReportedAndNotRewritten() {
    JsonNode tree =
        json(
            """
            {"tasks":[{"task_id":"t","command":["deploy","--token=hunter2hunter2"]}]}
            """);

    Redaction redaction = redactor.redact(tree);

    assertThat(redaction.mustRefuse()).isTrue();
    assertThat(redaction.steering())
        .containsExactly(new Finding("/tasks/0/command/1", "assignment"));
    assertThat(redaction.tree()).isEqualTo(tree);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://receiver.example.org/hook?token=abc",
        "https://receiver.example.org/hook?a=1&access_token=%7B%7D",
        "https://receiver.example.org/hook?note=password%3Dhunter2-and-more",
        "https://receiver.example.org/hook/ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "https://receiver.example.org/%70assword%3Dhunter2-and-more"
      })
  void aUrlHoldsASecretInItsEscapesAndInWhatItsParametersAreCalled(String url) {
    assertThat(redactor.secretInUrl(URI.create(url))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://receiver.example.org",
        "https://receiver.example.org:8443/hooks/dome?team=payments&max_tokens=5&token="
      })
  void anOrdinaryUrlHoldsNone(String url) {
    assertThat(redactor.secretInUrl(URI.create(url))).isFalse();
  }

  @Test
  void aSecretInAFieldsNameIsReportedWithoutTellingIt() {
    String secret = "ghp_" + "a1B2".repeat(9);
    ObjectNode tree = Json.mapper().createObjectNode();
    tree.putObject("evidence").put(secret, 1);

    Redaction redaction = redactor.redact(tree);

    assertThat(redaction.steering()).containsExactly(new Finding("/evidence", "github-token"));
  }

  @Test
  void idsAndDigestsAreExemptFromEntropyButNotFromKnownForms() {
    String random = "Zk3vQ9XtYb8mLpWcD4eF6gH7jKqN2sTu";
    ObjectNode tree = Json.mapper().createObjectNode();
    tree.put("claim_id", random).put("policy_ref", random).put("notes", random);
    ObjectNode known = Json.mapper().createObjectNode();
    known.put("claim_id", "ghp_" + "a1B2".repeat(9));

    assertThat(redactor.redact(tree).findings())
        .containsExactly(new Finding("/notes", "high-entropy"));
    assertThat(redactor.redact(tree).steering()).isEmpty();
    assertThat(redactor.redact(known).mustRefuse()).isTrue();
  }

  @Test
  void theExamplesOfTheContractsHoldNoSecret() throws IOException {
    try (Stream<Path> files = Files.list(root().resolve("ssot/examples"))) {
      for (Path file : files.filter(f -> !f.toString().contains("secure_defaults")).toList()) {
        Redaction redaction = redactor.redact(json(Files.readString(file)));
        assertThat(redaction.findings()).as(file.toString()).isEmpty();
        assertThat(redaction.steering()).as(file.toString()).isEmpty();
      }
    }
  }

  /**
   * This repository's own prose, code and data; tests aside, which hold what looks like secrets.
   */
  private static List<String> ordinaryLines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String folder : List.of("libs", "services", "ssot", "doc")) {
      Path start = root().resolve(folder);
      if (Files.exists(start)) {
        try (Stream<Path> files = Files.walk(start)) {
          for (Path file : files.filter(PatternRedactorTest::isOrdinary).toList()) {
            lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
          }
        }
      }
    }
    return lines.stream().map(String::strip).filter(line -> line.length() > 3).toList();
  }

  private static boolean isOrdinary(Path file) {
    String path = file.toString().replace('\\', '/');
    boolean text =
        path.endsWith(".java")
            || path.endsWith(".json")
            || path.endsWith(".md")
            || path.endsWith(".sql");
    boolean ours =
        !path.contains("/target/")
            && !path.contains("/node_modules/")
            && !path.contains("/src/test/");
    return text && ours && !path.contains("secure_defaults") && !path.contains("/security/");
  }

  private static Path root() {
    return Path.of(System.getProperty("dome.root"));
  }

  private static JsonNode json(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }
}
