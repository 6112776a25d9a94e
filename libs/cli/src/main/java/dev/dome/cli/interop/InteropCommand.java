package dev.dome.cli.interop;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.conformance.ConformanceSuite;
import dev.dome.conformance.Verdict;
import dev.dome.conformance.WorkerProgram;
import dev.dome.devstack.RepoRoot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds a worker of another language against the worker protocol. */
@Command(
    name = "interop",
    description = {
      "Plays the conformance suite to a worker: the TypeScript worker of libs/client-ts, or the",
      "COMMAND, which is started for each scenario with DOME_URL, DOME_NAMESPACE, DOME_QUEUE,",
      "DOME_TOKEN and DOME_CONCURRENCY. No running dome is needed. What a worker must offer is in",
      "doc/workers.md."
    },
    mixinStandardHelpOptions = true)
public final class InteropCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "Only this one; may be given several times (default: all of them).")
  private List<String> scenarios = List.of();

  @Option(
      names = "--at-once",
      defaultValue = "4",
      description = "How many scenarios at the same time (default: ${DEFAULT-VALUE}).")
  private int atOnce;

  @Option(names = "--list", description = "Names the scenarios and plays none.")
  private boolean list;

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "Another worker, behind --: a program and its arguments.")
  private List<String> command = List.of();

  @Override
  public ExitCode call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (list) {
      ConformanceSuite.scenarios().forEach(out::println);
      out.flush();
      return ExitCode.OK;
    }
    checkOptions();
    List<Verdict> verdicts =
        ConformanceSuite.run(program(), scenarios, atOnce, verdict -> show(out, verdict));
    long passed = verdicts.stream().filter(Verdict::passed).count();
    if (output.isForPeople()) {
      out.printf("%d of %d rules kept%n", passed, verdicts.size());
      out.flush();
    } else {
      output.print(out, verdicts);
    }
    return passed == verdicts.size() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void checkOptions() {
    List<String> known = ConformanceSuite.scenarios();
    for (String name : scenarios) {
      if (!known.contains(name)) {
        throw new CliException(
            ExitCode.USAGE, "there is no scenario " + name, "./dome interop --list");
      }
    }
    if (atOnce < 1) {
      throw new CliException(
          ExitCode.USAGE, "--at-once expected 1 or more but was " + atOnce, "leave it out");
    }
  }

  private WorkerProgram program() {
    return command.isEmpty()
        ? new TypeScriptWorker(RepoRoot.find()).program()
        : new WorkerProgram(command, Path.of("").toAbsolutePath());
  }

  /** Verdicts fall on several threads; a line of one is not to be cut by another's. */
  private synchronized void show(PrintWriter out, Verdict verdict) {
    if (!output.isForPeople()) {
      return;
    }
    out.printf(
        "%-6s %s  %.1f s%n",
        verdict.passed() ? "ok" : "BROKEN", verdict.scenario(), verdict.tookMs() / 1000.0);
    if (!verdict.passed()) {
      out.printf("       rule: %s%n", verdict.rule());
      verdict.findings().forEach(finding -> out.printf("       %s%n", finding));
    }
    out.flush();
  }
}
