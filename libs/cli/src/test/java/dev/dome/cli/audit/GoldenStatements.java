package dev.dome.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dome.contracts.CanonicalJson;
import dev.dome.contracts.Json;
import dev.dome.devstack.DevKeys;
import dev.dome.transparency.Bundle;
import dev.dome.transparency.Checkpoint;
import dev.dome.transparency.CheckpointSigner;
import dev.dome.transparency.Envelope;
import dev.dome.transparency.FileLogStore;
import dev.dome.transparency.Growth;
import dev.dome.transparency.KeyFile;
import dev.dome.transparency.StatementSigner;
import dev.dome.transparency.Tree;
import dev.dome.transparency.TrustedRoot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What provenance would sign of the golden run, with a log of its own.
 *
 * @param bundles by the statement's name
 */
record GoldenStatements(Map<String, byte[]> bundles, TrustedRoot trusted) {
  static final String REPLAY = "0193-replay";

  /** Of what is left of the run, which is not among its own; the last of the log. */
  static final String TOMBSTONE = "~tombstone";

  private static final String ORIGIN = "dome.test/log";

  /** The three statements of a run, one of a replay, and one of what is left of the golden run. */
  static GoldenStatements in(Path folder, ObjectNode manifest) throws Exception {
    return in(folder, manifest, GoldenRun.tombstone().path("digest").asText());
  }

  /**
   * The same with the statement of another tombstone.
   *
   * @param folder of keys, which are made when they are not there, and of the log
   */
  static GoldenStatements in(Path folder, ObjectNode manifest, String tombstone) throws Exception {
    DevKeys keys = DevKeys.in(folder.resolve("keys"));
    StatementSigner signer =
        new StatementSigner(KeyFile.load(keys.statementKeyFile(), Optional.empty()));
    CheckpointSigner logSigner =
        new CheckpointSigner(ORIGIN, KeyFile.load(keys.logKeyFile(), Optional.empty()));
    Map<String, Envelope> signed = new TreeMap<>();
    statements(manifest, tombstone)
        .forEach(
            (name, statement) -> signed.put(name, signer.sign(CanonicalJson.bytes(statement))));
    List<byte[]> entries = new ArrayList<>(List.of(new byte[] {1}));
    signed.values().forEach(envelope -> entries.add(envelope.entry(signer.key())));
    Map<String, byte[]> bundles = new TreeMap<>();
    try (FileLogStore store = FileLogStore.in(folder.resolve("log-" + System.nanoTime()))) {
      store.grow(Growth.of(store.head(), store, entries));
      String checkpoint = new Checkpoint(ORIGIN, store.head()).signed(List.of(logSigner));
      Tree tree = new Tree(entries.size(), store);
      int index = 1;
      for (Map.Entry<String, Envelope> one : signed.entrySet()) {
        bundles.put(
            one.getKey(),
            Json.write(
                Bundle.of(
                    one.getValue(),
                    index,
                    entries.get(index),
                    checkpoint,
                    tree.inclusion(index),
                    logSigner.key())));
        index++;
      }
    }
    return new GoldenStatements(
        bundles, new TrustedRoot(List.of(logSigner.key()), List.of(signer.key())));
  }

  private static Map<String, JsonNode> statements(ObjectNode manifest, String tombstone) {
    Map<String, JsonNode> statements = new TreeMap<>();
    String sha256 = CanonicalJson.sha256(manifest);
    statements.put("provenance", statement("https://slsa.dev/provenance/v1", sha256));
    statements.put("run-gate", statement("https://dome.local/predicates/run-gate/v1", sha256));
    statements.put("vsa", statement("https://slsa.dev/verification_summary/v1", sha256));
    ObjectNode replay = statement("https://dome.local/predicates/replay/v1", "0".repeat(64));
    replay
        .putObject("predicate")
        .put("replay_id", REPLAY)
        .put("namespace", GoldenRun.NAMESPACE)
        .put("run_id", GoldenRun.RUN_ID);
    statements.put(REPLAY, replay);
    statements.put(TOMBSTONE, statement("https://dome.local/predicates/tombstone/v1", tombstone));
    return statements;
  }

  private static ObjectNode statement(String predicate, String sha256) {
    ObjectNode statement = Json.mapper().createObjectNode();
    statement.put("_type", "https://in-toto.io/Statement/v1").put("predicateType", predicate);
    statement.putArray("subject").addObject().putObject("digest").put("sha256", sha256);
    statement.putObject("predicate");
    return statement;
  }

  /** The bundles that an export of the run has. */
  Map<String, byte[]> ofTheRun() {
    Map<String, byte[]> own = new TreeMap<>(bundles);
    own.remove(TOMBSTONE);
    return own;
  }

  /** As provenance lists them. */
  JsonNode listed() {
    ObjectNode list = Json.mapper().createObjectNode();
    for (String name : ofTheRun().keySet()) {
      boolean replay = name.equals(REPLAY);
      list.withArray("items")
          .addObject()
          .put("statement", replay ? "replay" : name)
          .put("subject", replay ? name : "");
    }
    return list;
  }
}
