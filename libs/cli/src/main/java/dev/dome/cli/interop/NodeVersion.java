package dev.dome.cli.interop;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Node.js, as {@code node --version} prints it. */
record NodeVersion(int major, int minor) {
  private static final Pattern PRINTED = Pattern.compile("v(\\d{1,4})\\.(\\d{1,4})\\..*");

  static Optional<NodeVersion> read(String printed) {
    Matcher matcher = PRINTED.matcher(printed.strip());
    return matcher.matches()
        ? Optional.of(
            new NodeVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** The oldest with everything that the worker uses. */
  boolean isEnough() {
    return major >= 20;
  }

  /** From 22.18 and 23.6 on, types are passed over without being asked for. */
  boolean runsTypeScript() {
    return major >= 24 || (major == 23 && minor >= 6) || (major == 22 && minor >= 18);
  }
}
