package dev.dome.cli.chaos;

import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.contracts.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Faults under load. */
@Command(
    name = "chaos",
    description = {
      "Hurts a stack of its own under load, never the one of ./dome up: kills and stops processes,",
      "cuts links, deletes a stream, fills a disk, overloads. Then holds everything that clients",
      "were answered against the sixteen invariants.",
      "Exits with 1 when anything was lost, doubled or written by a superseded owner, or when a",
      "fault took longer than it may; doc/reliability.md says what each fault is."
    },
    mixinStandardHelpOptions = true)
public final class ChaosCommand implements Callable<ExitCode> {
  private static final int FSYNC_SUBMISSIONS = 50;

  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--only",
      paramLabel = "FAULT",
      split = ",",
      description = "These faults only (default: most of them once, with --long all).")
  private List<String> only = List.of();

  @Option(names = "--list", description = "Names the faults and plays none.")
  private boolean list;

  @Option(
      names = "--long",
      arity = "0..1",
      fallbackValue = "30",
      paramLabel = "MINUTES",
      description =
          "Plays the faults again and again, in an order of chance, for so long"
              + " (${FALLBACK-VALUE} without a number).")
  private Integer longMinutes;

  @Option(
      names = "--soak",
      arity = "0..1",
      fallbackValue = "30",
      paramLabel = "MINUTES",
      description = {
        "Lets the load go on for so long (${FALLBACK-VALUE} without a number) and looks for what",
        "grows: heaps, files, streams, tables. Plays only the faults of --only, afterwards."
      })
  private Double soakMinutes;

  @Option(
      names = "--fsync",
      description = {
        "Plays nothing and shows, by strace on both servers, that every submission was on disk",
        "before it was answered."
      })
  private boolean fsync;

  @Option(
      names = "--seed",
      description = "Of the order in --long (default: one of chance, which the report names).")
  private Long seed;

  @Option(
      names = "--rate",
      paramLabel = "RUNS",
      defaultValue = "5",
      description = "Runs that are submitted in a second (default: ${DEFAULT-VALUE}).")
  private double runsPerSecond;

  @Option(
      names = "--takeover-seconds",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "What a change of lanes' owners may take (default: ${DEFAULT-VALUE}).")
  private int takeoverSeconds;

  @Option(
      names = "--recovery-seconds",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "What it may take until every lane serves again (default: ${DEFAULT-VALUE}).")
  private int recoverySeconds;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Leaves the report there as JSON, besides what is printed.")
  private Optional<Path> report = Optional.empty();

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (list) {
      Faults.all().forEach(fault -> out.printf("%-20s %s%n", fault.name(), fault.what()));
      out.flush();
      return ExitCode.OK;
    }
    if (fsync) {
      return proven(out);
    }
    ChaosReport played = played(chosen());
    if (output.isForPeople()) {
      ChaosTable.print(out, played);
    } else {
      output.print(out, Json.tree(played));
    }
    return played.violations().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private ExitCode proven(PrintWriter out) throws IOException {
    FsyncProof.Report proof =
        FsyncProof.of(FSYNC_SUBMISSIONS, spec.commandLine().getErr(), this::say);
    if (output.isForPeople()) {
      FsyncProof.print(out, proof);
    } else {
      output.print(out, Json.tree(proof));
    }
    if (!proof.notPossible().isEmpty()) {
      return ExitCode.TOOL_MISSING;
    }
    return proof.violations().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private List<Fault> chosen() {
    List<String> known = Faults.all().stream().map(Fault::name).toList();
    for (String name : only) {
      if (!known.contains(name)) {
        throw new CliException(
            ExitCode.USAGE, "there is no fault " + name, "./dome chaos --list names them");
      }
    }
    if (!only.isEmpty()) {
      return Faults.all().stream().filter(fault -> only.contains(fault.name())).toList();
    }
    if (soakMinutes != null && longMinutes == null) {
      return List.of();
    }
    return longMinutes == null ? Faults.brief() : Faults.all();
  }

  private ChaosReport played(List<Fault> faults) throws IOException, InterruptedException {
    long chance = seed == null ? new Random().nextLong(1_000_000) : seed;
    try (ChaosStack stack = ChaosStack.start(Map.of(), spec.commandLine().getErr());
        Load load = new Load(stack, runsPerSecond)) {
      ChaosRun run = new ChaosRun(stack, load, limits(), this::say);
      load.start();
      run.scene().recovery(System.nanoTime());
      SoakReport soaked = soakMinutes == null ? null : run.soak(soaked());
      if (longMinutes == null) {
        for (Fault fault : faults) {
          run.play(fault);
        }
      } else {
        again(run, faults, new Random(chance));
      }
      ChaosReport played = run.report(chance, runsPerSecond, soaked);
      if (report.isPresent()) {
        Files.write(report.get(), Json.write(played));
      }
      return played;
    } catch (Scene.NotRecoveredException e) {
      throw new CliException(
          ExitCode.FAILED, "the stack does not serve: " + e.getMessage(), "./dome chaos --list");
    }
  }

  /** Every fault once in each round, so that none is left out by chance. */
  private void again(ChaosRun run, List<Fault> faults, Random chance)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(longMinutes).toNanos();
    while (System.nanoTime() < deadline) {
      List<Fault> round = new ArrayList<>(faults);
      Collections.shuffle(round, chance);
      for (Fault fault : round) {
        if (System.nanoTime() < deadline) {
          run.play(fault);
        }
      }
    }
  }

  private Duration soaked() {
    return Duration.ofMillis((long) (soakMinutes * 60_000));
  }

  private ChaosRun.Limits limits() {
    return new ChaosRun.Limits(
        Duration.ofSeconds(takeoverSeconds), Duration.ofSeconds(recoverySeconds));
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("  " + line);
    err.flush();
  }
}
