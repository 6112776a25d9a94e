package dev.dome.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build and of the Java that runs it. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    var properties = new Properties();
    try (var stream = VersionProvider.class.getResourceAsStream("/dome-version.properties")) {
      properties.load(stream);
    }
    return new String[] {
      "dome " + properties.getProperty("version"), "Java " + Runtime.version(),
    };
  }
}
