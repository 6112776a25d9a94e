package dev.dome.cli.chaos;

import java.io.PrintWriter;

final class SoakTable {
  private SoakTable() {}

  static void print(PrintWriter out, SoakReport soak) {}
}
