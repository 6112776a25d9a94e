package dev.dome.devstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The TCP addresses a process of this Linux machine listens on, as /proc tells. */
final class Listeners {
  private static final String LISTEN = "0A";

  private Listeners() {}

  /** Local addresses in the kernel's hexadecimal form. */
  static List<String> of(long pid) throws IOException {
    var sockets = socketsOf(pid);
    try (var v4 = Files.lines(Path.of("/proc/net/tcp"));
        var v6 = Files.lines(Path.of("/proc/net/tcp6"))) {
      return Stream.concat(v4.skip(1), v6.skip(1))
          .map(line -> line.strip().split("\\s+"))
          .filter(fields -> fields[3].equals(LISTEN) && sockets.contains(fields[9]))
          .map(fields -> fields[1].substring(0, fields[1].indexOf(':')))
          .toList();
    }
  }

  static boolean isLoopback(String address) {
    return address.equals("0100007F")
        || address.equals("00000000000000000000000001000000")
        || address.equals("0000000000000000FFFF00000100007F");
  }

  private static Set<String> socketsOf(long pid) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return descriptors
          .map(Listeners::targetOf)
          .filter(target -> target.startsWith("socket:["))
          .map(target -> target.substring(8, target.length() - 1))
          .collect(Collectors.toSet());
    }
  }

  private static String targetOf(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // The descriptor was closed between the listing and this look.
      return "";
    }
  }
}
