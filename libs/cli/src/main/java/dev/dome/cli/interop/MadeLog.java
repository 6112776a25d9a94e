package dev.dome.cli.interop;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** A log with keys of its own, for verifiers of others to judge. */
final class MadeLog {
  private static final String ORIGIN = "dome.local/interop";
  private static final int SIGNED = 3;

  private final Path folder;
  private final StatementSigner signer;
  private final CheckpointSigner logSigner;

  MadeLog(Path folder) throws IOException {
    DevKeys keys = DevKeys.in(folder.resolve("keys"));
    this.folder = folder;
    this.signer = new StatementSigner(KeyFile.load(keys.statementKeyFile(), Optional.empty()));
    this.logSigner =
        new CheckpointSigner(ORIGIN, KeyFile.load(keys.logKeyFile(), Optional.empty()));
  }

  Path directory() {
    return folder.resolve("log");
  }

  String vkey() {
    return logSigner.key().vkey();
  }

  TrustedRoot trusted() {
    return new TrustedRoot(List.of(logSigner.key()), List.of(signer.key()));
  }

  /** Fills the log, and gives the bundles of its first, a middle and its last statement. */
  List<JsonNode> bundles(int leaves) throws IOException {
    List<Envelope> signed = new ArrayList<>();
    List<Long> places = List.of(0L, leaves / 2L, leaves - 1L);
    for (int i = 0; i < SIGNED; i++) {
      byte[] statement = Json.write(Json.mapper().createObjectNode().put("number", i));
      signed.add(signer.sign(statement));
    }
    List<byte[]> entries =
        LongStream.range(0, leaves)
            .mapToObj(i ->
                places.contains(i)
                    ? signed.get(places.indexOf(i)).entry(signer.key())
                    : ("entry " + i).getBytes(StandardCharsets.UTF_8))
            .toList();
    try (FileLogStore log = FileLogStore.in(directory())) {
      log.grow(Growth.of(log.head(), log, entries));
      String checkpoint = new Checkpoint(ORIGIN, log.head()).signed(List.of(logSigner));
      log.publish(checkpoint);
      List<JsonNode> bundles = new ArrayList<>();
      for (int i = 0; i < SIGNED; i++) {
        long index = places.get(i);
        bundles.add(
            Bundle.of(
                signed.get(i),
                index,
                entries.get((int) index),
                checkpoint,
                new Tree(leaves, log).inclusion(index),
                logSigner.key()));
      }
      return bundles;
    }
  }
}
