package dev.dome.cli;

import dev.dome.devstack.DevKeys;
import dev.dome.devstack.TokenIssuer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a token that the local stack accepts. */
@Command(
    name = "token",
    description = "Prints a bearer token for the local stack.",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<ExitCode> {
  @Spec private CommandSpec spec;
  @Mixin private StackDirectory directory;

  @Option(
      names = "--sub",
      defaultValue = "developer",
      description = "Who the token speaks for (default: developer).")
  private String subject;

  @Option(
      names = "--role",
      split = ",",
      defaultValue = "submitter,worker,approver,operator,auditor",
      description = "Roles in the namespace (default: all five).")
  private List<String> roles;

  @Option(
      names = "--namespace",
      defaultValue = "default",
      description = "Where the roles are held (default: default).")
  private String namespace;

  @Option(
      names = "--minutes",
      defaultValue = "480",
      description = "How long the token is valid (default: 480).")
  private long minutes;

  @Override
  public ExitCode call() {
    directory.running();
    var issuer = new TokenIssuer(DevKeys.in(directory.path().resolve("keys")));
    spec.commandLine()
        .getOut()
        .println(issuer.mint(subject, Map.of(namespace, roles), Duration.ofMinutes(minutes)));
    return ExitCode.OK;
  }
}
