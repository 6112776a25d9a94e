package dev.dome.ingest.adapter.evidence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Content in its own staging directory, under {@link #CONTENT}. */
final class StagedContent implements Closeable {
  static final String CONTENT = "content";

  private final Path directory;
  private final FileChannel channel;

  private StagedContent(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  static StagedContent begin(Staging staging) throws IOException {
    Path directory = staging.fresh();
    return new StagedContent(directory, Durable.create(directory.resolve(CONTENT)));
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Ends the writing; the content is on disk on return. */
  Path finish() throws IOException {
    channel.force(true);
    channel.close();
    return directory;
  }

  /** Removes what is still here. */
  @Override
  public void close() throws IOException {
    channel.close();
    Staging.delete(directory);
  }
}
