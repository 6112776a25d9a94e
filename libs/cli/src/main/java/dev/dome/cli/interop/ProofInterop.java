package dev.dome.cli.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.cli.CliException;
import dev.dome.cli.ExitCode;
import dev.dome.contracts.Json;
import dev.dome.transparency.TrustedRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has verifiers that dome's authors did not write judge its bundles and its log: npm's
 * {@code @sigstore/verify} and Go's {@code x/mod/sumdb}, each in the version named here and
 * unmodified. What is fetched goes into a folder of the cache.
 */
final class ProofInterop {
  private static final String SIGSTORE = "@sigstore/verify@4.1.3";
  private static final String GO_MODULE = "golang.org/x/mod@v0.30.0";
  private static final String ENTRY = "/verificationMaterial/tlogEntries/0";
  private static final String CHECKPOINT = ENTRY + "/inclusionProof/checkpoint/envelope";

  private final Path cache;

  ProofInterop(Path cache) {
    this.cache = cache;
  }

  /**
   * One bundle or log and what was made of it.
   *
   * @param expected whether it should be accepted
   */
  record Judged(String verifier, String what, boolean expected, boolean accepted, String said) {
    boolean right() {
      return expected == accepted;
    }
  }

  /** The bundles, and each of them with one byte changed in one place after the other. */
  List<Judged> sigstore(TrustedRoot trusted, List<JsonNode> bundles) {
    if (!ForeignTool.exists("node", "--version") || !ForeignTool.exists("npm", "--version")) {
      throw missing("Node.js with npm");
    }
    ForeignTool node = new ForeignTool(cache.resolve("sigstore-verify-4.1.3"));
    node.place("verify.mjs", "verify.mjs");
    node.place("package.json", "{\"private\":true}".getBytes(StandardCharsets.UTF_8));
    if (!node.folder().resolve("node_modules/@sigstore/verify/package.json").toFile().exists()) {
      node.must(List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", SIGSTORE));
    }
    node.place("trusted_root.json", Json.write(trusted.trustedRootJson()));
    node.place("keys.json", Json.write(trusted.keysJson()));
    Map<String, JsonNode> files = variants(bundles);
    List<String> command = new ArrayList<>(List.of("node", "verify.mjs", "."));
    files.forEach((name, bundle) -> {
      node.place(name + ".json", Json.write(bundle));
      command.add(name + ".json");
    });
    List<String> said = node.run(command).output().lines().toList();
    if (said.size() != files.size()) {
      throw new CliException(
          ExitCode.FAILED, "the verifier broke off: " + said, "run it in " + node.folder());
    }
    List<Judged> judged = new ArrayList<>();
    for (String name : files.keySet()) {
      String line = said.get(judged.size());
      judged.add(
          new Judged(SIGSTORE, name, name.endsWith("-whole"), line.equals("ACCEPTED"), line));
    }
    return judged;
  }

  private static Map<String, JsonNode> variants(List<JsonNode> bundles) {
    Map<String, JsonNode> files = new LinkedHashMap<>();
    for (int i = 0; i < bundles.size(); i++) {
      JsonNode whole = bundles.get(i);
      files.put(i + "-whole", whole);
      files.put(i + "-payload", flipped(whole, "/dsseEnvelope/payload"));
      files.put(i + "-signature", flipped(whole, "/dsseEnvelope/signatures/0/sig"));
      files.put(i + "-entry", flipped(whole, ENTRY + "/canonicalizedBody"));
      if (whole.at(ENTRY + "/inclusionProof/hashes").size() > 0) {
        files.put(i + "-proof", flipped(whole, ENTRY + "/inclusionProof/hashes/0"));
      }
      files.put(
          i + "-checkpoint-root",
          changed(whole, whole.at(CHECKPOINT).asText().indexOf("\n\n") - 6));
      files.put(
          i + "-checkpoint-signature", changed(whole, whole.at(CHECKPOINT).asText().length() - 12));
    }
    return files;
  }

  /** The bundle with one bit of a Base64 text changed. */
  private static JsonNode flipped(JsonNode bundle, String pointer) {
    byte[] bytes = Base64.getDecoder().decode(bundle.at(pointer).asText());
    bytes[bytes.length / 2] ^= 1;
    return with(bundle, pointer, Base64.getEncoder().encodeToString(bytes));
  }

  /** The bundle with one letter of its checkpoint changed. */
  private static JsonNode changed(JsonNode bundle, int at) {
    StringBuilder note = new StringBuilder(bundle.at(CHECKPOINT).asText());
    note.setCharAt(at, note.charAt(at) == 'A' ? 'B' : 'A');
    return with(bundle, CHECKPOINT, note.toString());
  }

  private static JsonNode with(JsonNode bundle, String pointer, String text) {
    JsonNode copy = bundle.deepCopy();
    int slash = pointer.lastIndexOf('/');
    String last = pointer.substring(slash + 1);
    switch (copy.at(pointer.substring(0, slash))) {
      case ObjectNode parent -> parent.put(last, text);
      case ArrayNode parent -> parent.set(Integer.parseInt(last), Json.tree(text));
      default -> throw new IllegalArgumentException("nothing is at " + pointer);
    }
    return copy;
  }

  /** The log in the directory, under its key and under another one. */
  List<Judged> tlog(Path directory, String vkey, String otherVkey) {
    if (!ForeignTool.exists("go", "version")) {
      throw missing("Go");
    }
    ForeignTool go = new ForeignTool(cache.resolve("sumdb-tlog"));
    go.place("verify.go.txt", "main.go");
    if (!go.folder().resolve("go.sum").toFile().exists()) {
      go.place("go.mod", "module verify\n\ngo 1.24\n".getBytes(StandardCharsets.UTF_8));
      go.must(List.of("go", "get", GO_MODULE));
    }
    go.must(List.of("go", "build", "-o", "verify", "."));
    String program = go.folder().resolve("verify").toString();
    String log = directory.toAbsolutePath().toString();
    List<Judged> judged = new ArrayList<>();
    for (boolean own : List.of(true, false)) {
      ForeignTool.Ended ended = go.run(List.of(program, log, own ? vkey : otherVkey));
      judged.add(
          new Judged(
              GO_MODULE,
              own ? "log" : "log-other-key",
              own,
              ended.exitCode() == 0 && ended.output().startsWith("ACCEPTED"),
              ended.output()));
    }
    return judged;
  }

  /** A log made for this, judged by both; one that is not installed is said to be missing. */
  List<Judged> all(Path work, int leaves) throws IOException {
    MadeLog made = new MadeLog(work.resolve("made"));
    MadeLog other = new MadeLog(work.resolve("other"));
    List<JsonNode> bundles = made.bundles(leaves);
    List<Judged> judged = new ArrayList<>(sigstore(made.trusted(), bundles));
    judged.addAll(tlog(made.directory(), made.vkey(), other.vkey()));
    return judged;
  }

  private static CliException missing(String tool) {
    return new CliException(
        ExitCode.TOOL_MISSING,
        "not run: " + tool + " was not found",
        "install it and run it again");
  }
}
