package dev.dome.cli.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.cli.OutputOption;
import dev.dome.cli.run.ServerOption;
import dev.dome.client.DomeClient;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.transparency.BundleCheck;
import dev.dome.transparency.TrustedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks signed statements, of a run or of a file. */
@Command(
    name = "verify",
    description = {
      "Checks statements: signature, the log's entry, its proof and the checkpoint's signature.",
      "With --bundle no server is asked, and --trusted-root is needed. For a RUN every statement is",
      "checked, and that those of the run are about its manifest; without --trusted-root the",
      "server's own keys are believed."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Exits with 14 when something does not hold."})
final class VerifyCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private OutputOption output;

  @ArgGroup(multiplicity = "1")
  private Subject subject;

  @Option(
      names = "--trusted-root",
      paramLabel = "FILE",
      description = "The log's keys, a trusted_root.json that came from elsewhere.")
  private Optional<Path> trustedRoot = Optional.empty();

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "The keys of statements (default: keys.json beside the trusted root).")
  private Optional<Path> keys = Optional.empty();

  /** One of the two. */
  static final class Subject {
    @Parameters(paramLabel = "RUN", description = "The run's id.")
    private String runId;

    @Option(names = "--bundle", paramLabel = "FILE", description = "A Sigstore bundle.")
    private Path bundle;
  }

  @Override
  public ExitCode call() {
    List<Map<String, Object>> found = subject.bundle == null ? ofRun() : ofFile();
    output.print(spec.commandLine().getOut(), found);
    return found.stream().allMatch(row -> row.get("result").equals("VERIFIED"))
        ? ExitCode.OK
        : ExitCode.DIFFERENCE;
  }

  private List<Map<String, Object>> ofFile() {
    if (trustedRoot.isEmpty()) {
      throw new CliException(
          ExitCode.USAGE,
          "--bundle needs --trusted-root: without a server there are no other keys",
          "./dome provenance trust DIR writes the files");
    }
    BundleCheck check = new BundleCheck(TrustFiles.read(trustedRoot.get(), keys));
    try {
      byte[] bundle = Files.readAllBytes(subject.bundle);
      return List.of(row(subject.bundle.getFileName().toString(), check.check(bundle)));
    } catch (IOException e) {
      throw new CliException(
          ExitCode.USAGE,
          subject.bundle + " cannot be read: " + e.getClass().getSimpleName(),
          "./dome provenance bundle RUN STATEMENT > " + subject.bundle);
    }
  }

  private List<Map<String, Object>> ofRun() {
    try (DomeClient client = server.client("auditor")) {
      TrustedRoot trusted =
          trustedRoot
              .map(file -> TrustFiles.read(file, keys))
              .orElseGet(() -> TrustFiles.ofServer(client));
      BundleCheck check = new BundleCheck(trusted);
      String statements = "runs/" + subject.runId + "/statements";
      JsonNode manifest = client.read("runs/" + subject.runId + "/manifest", Map.of());
      List<Map<String, Object>> rows = new ArrayList<>();
      for (JsonNode item : client.read(statements, Map.of()).path("items")) {
        String kind = item.path("statement").asText();
        String name = kind.equals("replay") ? item.path("subject").asText() : kind;
        BundleCheck.Verdict verdict =
            check.check(Json.write(client.read(statements + "/" + name, Map.of())));
        rows.add(row(name, kind.equals("replay") ? verdict : about(verdict, manifest)));
      }
      if (rows.isEmpty()) {
        throw new CliException(
            ExitCode.FAILED,
            "the run has a manifest and no statements yet",
            "try again in a moment; ./dome admin fsck says whether the log holds");
      }
      return rows;
    }
  }

  /** A statement of another run verifies as well: this run's is about this run's manifest. */
  private static BundleCheck.Verdict about(BundleCheck.Verdict verdict, JsonNode manifest) {
    return switch (verdict) {
      case BundleCheck.Verdict.Accepted accepted
          when !accepted
              .statement()
              .at("/subject/0/digest/sha256")
              .asText()
              .equals(CanonicalJson.sha256(manifest)) ->
          new BundleCheck.Verdict.Refused(
              BundleCheck.Reason.ENTRY_DIFFERS, "the statement is about another manifest");
      case BundleCheck.Verdict.Accepted accepted -> accepted;
      case BundleCheck.Verdict.Refused refused -> refused;
    };
  }

  private static Map<String, Object> row(String name, BundleCheck.Verdict verdict) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("statement", name);
    switch (verdict) {
      case BundleCheck.Verdict.Accepted accepted -> {
        row.put("result", "VERIFIED");
        row.put("predicate_type", accepted.statement().path("predicateType").asText());
        row.put("log_index", accepted.logIndex());
        row.put("log_size", accepted.checkpoint().head().size());
        row.put("key_id", accepted.keyId());
      }
      case BundleCheck.Verdict.Refused refused -> {
        row.put("result", "REFUSED");
        row.put("reason_code", refused.reason().code());
        row.put("message", refused.message());
      }
    }
    return row;
  }
}
