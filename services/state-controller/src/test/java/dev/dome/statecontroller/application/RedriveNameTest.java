package dev.dome.statecontroller.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.id.RunId;
import dev.dome.contracts.id.RunUid;
import dev.dome.kernel.RunStatus;
import dev.dome.statecontroller.application.read.RedriveName;
import dev.dome.statecontroller.application.read.RunRecord;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedriveNameTest {
  private static final RunId ROOT = new RunId("pay");

  private static RunRecord run(String id, RunStatus status, RunId redriveOf) {
    return new RunRecord(
        RunUid.derive(new NamespaceId("team-a"), new RunId(id), "op"),
        new NamespaceId("team-a"),
        new RunId(id),
        status,
        false,
        1,
        "",
        "",
        1,
        "",
        "olga",
        null,
        0,
        0,
        redriveOf);
  }

  private static String next(RunRecord... taken) {
    return RedriveName.next(RedriveName.candidates("pay", 1), List.of(taken), null)
        .orElseThrow()
        .value();
  }

  @Test
  void theFirstRedriveIsNumberOne() {
    assertThat(next()).isEqualTo("pay.r1");
  }

  @Test
  void anOpenOrPromotedRedriveIsMetAgain() {
    assertThat(next(run("pay.r1", RunStatus.RUNNING, ROOT))).isEqualTo("pay.r1");
    assertThat(
            next(run("pay.r1", RunStatus.REJECTED, ROOT), run("pay.r2", RunStatus.PROMOTED, ROOT)))
        .isEqualTo("pay.r2");
  }

  @Test
  void afterOneThatDidNotSucceedComesTheNextNumber() {
    assertThat(
            next(
                run("pay.r1", RunStatus.REJECTED, ROOT),
                run("pay.r2", RunStatus.CANCELLED, new RunId("pay.r1"))))
        .isEqualTo("pay.r3");
  }

  @Test
  void aRunThatIsNoRedriveOnlyTakesItsNameAway() {
    assertThat(next(run("pay.r1", RunStatus.RUNNING, null))).isEqualTo("pay.r2");
    assertThat(next(run("pay.r1", RunStatus.RUNNING, ROOT), run("pay.r2", RunStatus.RUNNING, null)))
        .isEqualTo("pay.r1");
  }

  @Test
  void aChainLongerThanOneLookUpGoesOnBehindIt() {
    List<RunId> first = RedriveName.candidates("pay", 1);
    List<RunRecord> taken =
        first.stream().map(id -> run(id.value(), RunStatus.REJECTED, ROOT)).toList();
    assertThat(RedriveName.next(first, taken, null)).isEmpty();
    RunRecord newest = RedriveName.newest(first, taken, null);
    assertThat(newest.runId()).isEqualTo(first.getLast());
    assertThat(
            RedriveName.next(
                RedriveName.candidates("pay", 1 + RedriveName.WINDOW), List.of(), newest))
        .contains(new RunId("pay.r" + (1 + RedriveName.WINDOW)));
  }

  @Test
  void theChainKeepsTheNameOfItsFirstRun() {
    assertThat(RedriveName.root(new RunId("pay.r2"), new RunId("pay.r1"))).isEqualTo("pay");
    assertThat(RedriveName.root(new RunId("pay.r2"), null)).isEqualTo("pay.r2");
  }

  @Test
  void aNameThatNoRunCanHaveIsNotProposed() {
    String longest = "p" + "a".repeat(124);
    assertThat(RedriveName.candidates(longest, 1))
        .hasSize(9)
        .isEqualTo(
            IntStream.rangeClosed(1, 9).mapToObj(n -> new RunId(longest + ".r" + n)).toList());
  }
}
