package dev.dome.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dome.contracts.PosixWords;
import java.util.List;

/** Reads a command: an argument vector as it is, or one text split into words. */
final class CommandReader {
  private CommandReader() {}

  /** The argument vector, or empty with an error noted. */
  static List<String> read(DocumentReader object, String field) {
    JsonNode value = object.raw(field);
    List<String> words = value.isTextual() ? split(object, field) : object.texts(field);
    boolean refused = words.isEmpty() && value.isTextual() && !value.textValue().isBlank();
    if (!refused && (words.isEmpty() || words.getFirst().isBlank())) {
      object.error(KernelReasonCodes.PLAN_BAD_COMMAND, field, "expected a program and its words");
      return List.of();
    }
    if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      object.error(KernelReasonCodes.PLAN_BAD_COMMAND, field, "expected words without a NUL");
      return List.of();
    }
    return List.copyOf(words);
  }

  private static List<String> split(DocumentReader object, String field) {
    return switch (PosixWords.split(object.raw(field).textValue())) {
      case PosixWords.Words words -> words.words();
      case PosixWords.Refused refused -> {
        object.error(KernelReasonCodes.PLAN_SHELL_OPERATOR, field, refused.detail());
        yield List.of();
      }
    };
  }
}
