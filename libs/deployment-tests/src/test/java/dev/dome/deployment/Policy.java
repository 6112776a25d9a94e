package dev.dome.deployment;

import java.util.List;

/** One rule about what a cluster may be given. */
@FunctionalInterface
interface Policy {
  /** What breaks the rule, in words that say where and what to do; empty when nothing does. */
  List<String> violations(Cluster cluster);
}
