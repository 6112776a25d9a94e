package dev.dome.security;

import static dev.dome.security.Role.APPROVER;
import static dev.dome.security.Role.AUDITOR;
import static dev.dome.security.Role.OPERATOR;
import static dev.dome.security.Role.SUBMITTER;
import static dev.dome.security.Role.WORKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.QueueName;
import dev.dome.contracts.wire.Actor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessPolicyTest {
  private static final NamespaceId OURS = new NamespaceId("ours");
  private static final NamespaceId THEIRS = new NamespaceId("theirs");

  @Test
  void theTableIsTheOneThatIsDocumented() {
    Map<Operation, Set<Role>> expected =
        Map.ofEntries(
            Map.entry(Operation.SUBMIT_RUN, Set.of(SUBMITTER)),
            Map.entry(Operation.CANCEL_RUN, Set.of(SUBMITTER, OPERATOR)),
            Map.entry(Operation.PAUSE_RUN, Set.of(SUBMITTER, OPERATOR)),
            Map.entry(Operation.RESUME_RUN, Set.of(SUBMITTER, OPERATOR)),
            Map.entry(Operation.DECIDE_APPROVAL, Set.of(APPROVER)),
            Map.entry(Operation.PAUSE_BREAKER, Set.of(OPERATOR)),
            Map.entry(Operation.RESUME_BREAKER, Set.of(OPERATOR)),
            Map.entry(Operation.REDRIVE, Set.of(OPERATOR)),
            Map.entry(Operation.DRAIN_WORKERS, Set.of(OPERATOR)),
            Map.entry(Operation.CLAIM_TASKS, Set.of(WORKER)),
            Map.entry(Operation.HEARTBEAT, Set.of(WORKER)),
            Map.entry(Operation.REPORT_RESULT, Set.of(WORKER)),
            Map.entry(Operation.RELEASE_TASK, Set.of(WORKER)),
            Map.entry(Operation.PUT_EVIDENCE, Set.of(WORKER, SUBMITTER)),
            Map.entry(Operation.READ, Set.of(SUBMITTER, WORKER, APPROVER, OPERATOR, AUDITOR)),
            Map.entry(Operation.REPLAY_RUN, Set.of(SUBMITTER, APPROVER, OPERATOR, AUDITOR)),
            Map.entry(Operation.READ_LANE, Set.of(OPERATOR, AUDITOR)),
            Map.entry(Operation.READ_OPERATIONS, Set.of(OPERATOR, AUDITOR)),
            Map.entry(Operation.REBUILD_STREAMS, Set.of(OPERATOR)),
            Map.entry(Operation.MANAGE_WEBHOOKS, Set.of(OPERATOR)),
            Map.entry(Operation.READ_WEBHOOKS, Set.of(OPERATOR)),
            Map.entry(Operation.SET_LIMIT, Set.of(OPERATOR)),
            Map.entry(Operation.READ_AUDIT, Set.of(AUDITOR)),
            Map.entry(Operation.EXPORT_AUDIT, Set.of(AUDITOR)),
            Map.entry(Operation.READ_RETENTION, Set.of(OPERATOR, AUDITOR)),
            Map.entry(Operation.SET_RETENTION, Set.of(OPERATOR)),
            Map.entry(Operation.PLACE_HOLD, Set.of(OPERATOR, AUDITOR)),
            Map.entry(Operation.RELEASE_HOLD, Set.of(OPERATOR)),
            Map.entry(Operation.READ_EXPIRED, Set.of(OPERATOR, AUDITOR)),
            Map.entry(Operation.PURGE_AUDIT, Set.of(OPERATOR)));

    for (Operation operation : Operation.values()) {
      assertThat(AccessPolicy.rolesFor(operation)).isEqualTo(expected.get(operation));
    }
  }

  @Test
  void everyRoleIsJudgedByTheTableAlone() {
    for (Operation operation : Operation.values()) {
      for (Role role : Role.values()) {
        Access access =
            AccessPolicy.decide(new Identity("ada", Map.of(OURS, Set.of(role))), OURS, operation);

        boolean allowed = access instanceof Access.Allowed;
        assertThat(allowed).isEqualTo(AccessPolicy.rolesFor(operation).contains(role));
      }
    }
  }

  @Test
  void whoHoldsNoRoleInANamespaceDoesNotLearnThatItExists() {
    Identity identity = new Identity("ada", Map.of(OURS, Set.of(OPERATOR)));

    for (Operation operation : Operation.values()) {
      assertThat(AccessPolicy.decide(identity, THEIRS, operation)).isEqualTo(new Access.Hidden());
    }
  }

  @Test
  void aRefusalNamesTheRolesThatWouldDo() {
    Identity identity = new Identity("ada", Map.of(OURS, Set.of(AUDITOR)));

    assertThat(AccessPolicy.decide(identity, OURS, Operation.CANCEL_RUN))
        .isEqualTo(new Access.Forbidden(List.of("operator", "submitter")));
  }

  @Test
  void theActorCarriesTheRolesOfThisNamespaceOnly() {
    Identity identity =
        Identity.ofClaims(
                "ada",
                Map.of(
                    "ours", List.of("worker", "submitter", "emperor"),
                    "theirs", List.of("operator"),
                    "No Namespace", List.of("operator")),
                Map.of())
            .orElseThrow();

    assertThat(AccessPolicy.decide(identity, OURS, Operation.SUBMIT_RUN))
        .isEqualTo(new Access.Allowed(new Actor("ada", List.of("submitter", "worker"))));
    assertThat(identity.roles()).containsOnlyKeys(OURS, THEIRS);
  }

  @Test
  void whoIsBoundToQueuesClaimsFromNoOthersAndWhoIsNotFromAll() {
    Map<String, List<String>> worker =
        Map.of("ours", List.of("worker"), "theirs", List.of("worker"));
    Identity bound =
        Identity.ofClaims("ada", worker, Map.of("ours", List.of("build", "No Queue")))
            .orElseThrow();

    assertThat(bound.mayClaimFrom(OURS, new QueueName("build"))).isTrue();
    assertThat(bound.mayClaimFrom(OURS, new QueueName("deploy"))).isFalse();
    assertThat(bound.mayClaimFrom(THEIRS, new QueueName("deploy"))).isTrue();
    Identity empty = Identity.ofClaims("ada", worker, Map.of("ours", List.of())).orElseThrow();
    assertThat(empty.mayClaimFrom(OURS, new QueueName("build"))).isFalse();
  }

  @Test
  void aSubjectThatIsNobodyOrOneOfUsIsNoIdentity() {
    for (String subject :
        new String[] {null, "", " ada", "system:ingest", "a\nb", "x".repeat(300)}) {
      assertThat(Identity.ofClaims(subject, Map.of(), Map.of())).isEmpty();
    }
    assertThat(Identity.ofClaims("ada@example.org", Map.of(), Map.of())).isPresent();
    assertThat(Identity.ofClaims("system-tests", Map.of(), Map.of())).isPresent();
  }
}
