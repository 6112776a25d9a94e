package dev.dome.devstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What processes of this machine hold, as Linux and the JVM tell it. */
public final class ProcessUse {
  private static final Pattern GENERATION =
      Pattern.compile("(?i)(?:def ?new|tenured).*? used (\\d+)K");

  private ProcessUse() {}

  /** Files, sockets and the like that a process and those it started have open. */
  public static long openFiles(long pid) {
    return ProcessHandle.of(pid).map(ProcessUse::tree).orElse(0L);
  }

  private static long tree(ProcessHandle root) {
    try (Stream<ProcessHandle> below = root.descendants()) {
      return Stream.concat(Stream.of(root), below).mapToLong(ProcessUse::own).sum();
    }
  }

  /** 0 of one that ended in between. */
  private static long own(ProcessHandle process) {
    try (var files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return files.count();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * What of a JVM's heap is in use right after a full collection, in kilobytes: what its program
   * holds on to.
   *
   * @throws DevstackException when the JVM does not tell
   */
  public static long heapKb(long pid) {
    jcmd(pid, "GC.run");
    var told = jcmd(pid, "GC.heap_info");
    var kb =
        GENERATION.matcher(told).results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
    if (kb == 0) {
      throw new DevstackException("jcmd " + pid + " GC.heap_info is not of a serial heap: " + told);
    }
    return kb;
  }

  private static String jcmd(long pid, String command) {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var result = Executables.run(List.of(jcmd, Long.toString(pid), command));
    if (result.exitCode() != 0) {
      throw new DevstackException("jcmd " + pid + " " + command + ": " + result.output());
    }
    return result.output();
  }
}
