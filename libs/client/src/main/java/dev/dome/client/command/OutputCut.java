package dev.dome.client.command;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Keeps the first and the last half of what a command writes, in constant memory. The cut falls on
 * line ends where there are any, so that it does not halve a secret that redaction would know.
 */
final class OutputCut {
  private static final Pattern TERMINAL_SEQUENCE = Pattern.compile("\u001B\\[[0-9;?]*+[A-Za-z]");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

  private final byte[] head;
  private final byte[] tail;
  private long total;

  OutputCut(int limitBytes) {
    this.head = new byte[limitBytes / 2];
    this.tail = new byte[limitBytes / 2];
  }

  synchronized void add(byte[] bytes, int count) {
    for (int i = 0; i < count; i++, total++) {
      if (total < head.length) {
        head[(int) total] = bytes[i];
      } else {
        tail[(int) ((total - head.length) % tail.length)] = bytes[i];
      }
    }
  }

  synchronized long totalBytes() {
    return total;
  }

  synchronized boolean isCut() {
    return total > head.length + tail.length;
  }

  /** What is kept, without terminal sequences and control characters. */
  synchronized String text() {
    String first = decode(head, 0, (int) Math.min(total, head.length));
    if (total <= head.length) {
      return printable(first);
    }
    String last = tailText();
    if (!isCut()) {
      return printable(first + last);
    }
    String kept = upToLineEnd(first);
    String rest = fromLineStart(last);
    long cutBytes = total - kept.length() - rest.length();
    return printable(kept + "\n[about " + cutBytes + " bytes cut]\n" + rest);
  }

  private String tailText() {
    long inTail = total - head.length;
    if (inTail <= tail.length) {
      return decode(tail, 0, (int) inTail);
    }
    int start = (int) (inTail % tail.length);
    byte[] ordered = new byte[tail.length];
    System.arraycopy(tail, start, ordered, 0, tail.length - start);
    System.arraycopy(tail, 0, ordered, tail.length - start, start);
    return decode(ordered, 0, ordered.length);
  }

  private static String decode(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  private static String upToLineEnd(String text) {
    int end = text.lastIndexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static String fromLineStart(String text) {
    int start = text.indexOf('\n');
    return start < 0 ? text : text.substring(start + 1);
  }

  private static String printable(String text) {
    String plain = TERMINAL_SEQUENCE.matcher(text).replaceAll("");
    return CONTROL.matcher(plain).replaceAll("");
  }
}
