package dev.dome.cli.security;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.ProgressLines;
import dev.dome.cli.audit.AuditCommand;
import dev.dome.contracts.Json;
import dev.dome.devstack.LocalStack;
import dev.dome.devstack.RepoRoot;
import dev.dome.devstack.RolePrivileges;
import dev.dome.migrations.Database;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Attacks a dome of its own. */
@Command(
    name = "security",
    description = {
      "Attacks a stack of its own and says what came of it: every operation is sent all that it"
          + " must refuse, secrets of every kind are planted through every entrance and looked for"
          + " wherever something is kept, and services' credentials are tried on what is not"
          + " theirs.",
      "Exits with 1 when an attack succeeded. doc/security says what each line means."
    },
    mixinStandardHelpOptions = true)
public final class SecurityCommand implements Callable<ExitCode> {
  private static final List<String> ROLES =
      List.of("submitter", "worker", "approver", "operator", "auditor");
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
  private static final double MIN_RECALL = 0.99;

  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--seed",
      defaultValue = "20261126",
      description = "Of the secrets that are planted (default: ${DEFAULT-VALUE}).")
  private long seed;

  /**
   * One line.
   *
   * @param held attacks that came to nothing
   */
  private record Line(String attack, String what, long tried, long held) {}

  private final List<Line> lines = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private double recall;

  @Override
  public ExitCode call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Path directory = Files.createTempDirectory("dome-sec");
    try (TraceSink traces = TraceSink.start();
        LocalStack stack =
            LocalStack.start(
                LocalStack.Options.in(directory).withEnvironment(traces.environment()),
                new ProgressLines(err))) {
      say(err, "bad input");
      badInput(stack);
      say(err, "planted secrets");
      leaks(stack, directory, traces);
      say(err, "privileges");
      privileges(stack, directory);
    } finally {
      LocalStack.forget(directory);
    }
    print();
    return findings.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void badInput(LocalStack stack) throws IOException {
    String namespace = "bad-input";
    String token =
        stack
            .issuer()
            .mint("mallory", Map.of(namespace, ROLES, "dome-system", ROLES), TOKEN_LIFETIME);
    Path root = RepoRoot.find();
    BadInputTable table = new BadInputTable(stack, root, namespace, token);
    for (String operation : BadInputTable.operations(root)) {
      table.attack(operation).forEach(finding -> findings.add(finding.toString()));
    }
    table
        .rows()
        .forEach(row -> lines.add(new Line("bad input", row.kind(), row.sent(), row.refused())));
    Database admin = stack.infrastructure().postgres().orElseThrow().admin();
    Set<String> kept = Kept.of(namespace, admin, stack.connections().natsUrl());
    hold("bad input", "nothing refused is kept", kept, !kept.isEmpty());
  }

  private void hold(String attack, String what, Iterable<String> places, boolean broken) {
    lines.add(new Line(attack, what, 1, broken ? 0 : 1));
    if (broken) {
      findings.add(what + ": " + places);
    }
  }

  private void leaks(LocalStack stack, Path directory, TraceSink traces) throws IOException {
    LeakScan scan = new LeakScan(stack, "leaks", seed);
    Path work = Files.createDirectories(directory.resolve("commands"));
    scan.plant("00-" + "1".repeat(32) + "-" + "2".repeat(16) + "-01", work);
    LeakScan.Report report =
        scan.look(
            (runId, target) -> export(directory, runId, target),
            Files.createDirectories(directory.resolve("bags")),
            traces::content);
    recall = report.recall();
    report
        .rows()
        .forEach(row ->
            lines.add(
                new Line(
                    "planted secret",
                    row.entrance(),
                    row.planted(),
                    row.planted() - row.leaked())));
    if (recall < MIN_RECALL) {
      report.leaks().forEach(leak -> findings.add(leak.toString()));
    }
  }

  /** As a person would, by the command; one of its own, for a command line runs one at a time. */
  private void export(Path directory, String runId, Path target) throws IOException {
    int code =
        new CommandLine(new AuditCommand())
            .setOut(new PrintWriter(Writer.nullWriter()))
            .setErr(spec.commandLine().getErr())
            .execute(
                "export",
                runId,
                "--dir",
                directory.toString(),
                "-n",
                "leaks",
                "--to",
                target.toString(),
                "-o",
                "json",
                "--without-manifest");
    if (code != 0) {
      throw new CliException(ExitCode.FAILED, "no export of " + runId, "its message is above");
    }
  }

  private void privileges(LocalStack stack, Path directory) throws IOException {
    Database admin = stack.infrastructure().postgres().orElseThrow().admin();
    List<RolePrivileges.Attempt> roles =
        RolePrivileges.tried(admin, stack.connections().passwords());
    roles.stream()
        .filter(attempt -> !attempt.refused())
        .forEach(attempt -> findings.add(attempt.role() + " may " + attempt.statement()));
    long held = roles.stream().filter(RolePrivileges.Attempt::refused).count();
    lines.add(new Line("privileges", "roles of PostgreSQL", roles.size(), held));
    List<NatsPrivileges.Attempt> users =
        NatsPrivileges.tried(RepoRoot.find(), directory.resolve("users"));
    users.stream()
        .filter(attempt -> !attempt.refused())
        .forEach(attempt -> findings.add(attempt.user() + " may " + attempt.what()));
    held = users.stream().filter(NatsPrivileges.Attempt::refused).count();
    lines.add(new Line("privileges", "users of NATS", users.size(), held));
  }

  private static void say(PrintWriter err, String what) {
    err.println("  …  " + what);
    err.flush();
  }

  private void print() {
    PrintWriter out = spec.commandLine().getOut();
    ArrayNode table = Json.mapper().createArrayNode();
    lines.forEach(line -> table.add(Json.tree(line)));
    if (output.isForPeople()) {
      output.print(out, table);
      out.printf(
          Locale.ROOT, "%n%.2f %% of the planted secrets were found nowhere%n", 100 * recall);
      findings.forEach(finding -> out.println("found: " + finding));
      out.flush();
      return;
    }
    ObjectNode report = Json.mapper().createObjectNode();
    report.set("lines", table);
    report.put("recall", recall);
    findings.forEach(report.withArrayProperty("findings")::add);
    output.print(out, report);
  }
}
