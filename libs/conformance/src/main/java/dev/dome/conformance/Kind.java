package dev.dome.conformance;

/** What a worker may ask of the server. */
enum Kind {
  CLAIM,
  HEARTBEAT,
  RESULT,
  BATCH,
  RELEASE,
  UPLOAD,
  OPERATION,
  OTHER;

  static Kind ofAttempt(String verb) {
    return switch (verb) {
      case "heartbeat" -> HEARTBEAT;
      case "result" -> RESULT;
      case "release" -> RELEASE;
      default -> OTHER;
    };
  }
}
