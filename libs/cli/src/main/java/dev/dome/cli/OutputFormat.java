package dev.dome.cli;

/** How a command prints its data; picocli takes the lower-case names. */
public enum OutputFormat {
  table,
  json,
  yaml
}
