package dev.dome.devstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prometheus's own checker of rules: {@code $DOME_PROMTOOL}, else PATH, else the cache, else the
 * package of this machine's own sources or of Debian's.
 */
public final class Promtool {
  private static final String PROGRAM = "promtool";
  private static final String PACKAGE = "prometheus";

  private final Path binary;

  /**
   * What it said.
   *
   * @param output both streams together
   */
  public record Verdict(boolean ok, String output) {}

  private Promtool(Path binary) {
    this.binary = binary;
  }

  /**
   * The program of this machine.
   *
   * @throws DevstackException when none can be had; the message says what was tried
   */
  public static Promtool find() {
    return new Promtool(
        Optional.ofNullable(System.getenv("DOME_PROMTOOL"))
            .filter(configured -> !configured.isBlank())
            .map(Path::of)
            .or(() -> Executables.onPath(PROGRAM))
            .orElseGet(Promtool::fetched));
  }

  private static Path fetched() {
    return Cache.ofThisMachine().directory(PROGRAM, Promtool::fetch).resolve(PROGRAM);
  }

  private static void fetch(Path directory) {
    var refusals = new ArrayList<String>();
    for (var source :
        List.of(
            DebianPackage.ofThisMachine(PACKAGE, PROGRAM), DebianPackage.of(PACKAGE, PROGRAM))) {
      try {
        source.fetch(directory);
        return;
      } catch (DevstackException e) {
        refusals.add(source.name() + ": " + e.getMessage());
        PrivateFiles.deleteTree(directory.resolve("apt"));
      }
    }
    throw new DevstackException(
        "no promtool: put one on PATH or name it in DOME_PROMTOOL. Tried "
            + String.join("; ", refusals));
  }

  /** {@code promtool test rules} with a file, whose rule files are named relative to it. */
  public Verdict testRules(Path file) {
    return run("test", "rules", file.toAbsolutePath().toString());
  }

  /** {@code promtool check rules}. */
  public Verdict checkRules(Path file) {
    return run("check", "rules", file.toAbsolutePath().toString());
  }

  private Verdict run(String... arguments) {
    var command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(List.of(arguments));
    var result = Executables.run(command);
    return new Verdict(result.exitCode() == 0, result.output());
  }
}
