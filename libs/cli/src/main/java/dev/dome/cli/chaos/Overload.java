package dev.dome.cli.chaos;

import dev.dome.cli.chaos.Fault.Outcome;

final class Overload {
  private Overload() {}

  static Outcome play(Scene scene) {
    return new Outcome.NotPossible("later");
  }
}
