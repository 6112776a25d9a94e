package dev.dome.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.dome.client.WorkerCalls.ClaimRequest;
import dev.dome.client.WorkerCalls.ItemAnswer;
import dev.dome.client.WorkerCalls.ReportedAt;
import dev.dome.client.model.Reported;
import dev.dome.contracts.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Brings results to the server until they are answered. A few are under way at a time; a result
 * that finds one of these ways free goes at once and alone, and claims the next task with it.
 * Results that had to wait go together, in one request. Nothing waits for others to come.
 */
final class Reporter {
  private static final System.Logger LOG = System.getLogger(Reporter.class.getName());
  private static final int MAX_SENDERS = 4;
  private static final int MAX_BATCH = 100;

  /** Half of what a request may hold. */
  private static final int MAX_BATCH_CHARS = 512 * 1024;

  private final Worker worker;
  private final Deque<Report> waiting = new ArrayDeque<>();
  private final Set<Thread> senders = new HashSet<>();
  private volatile boolean knowsBatches = true;

  Reporter(Worker worker) {
    this.worker = worker;
  }

  synchronized void submit(Report report) {
    if (senders.size() == MAX_SENDERS) {
      waiting.add(report);
      return;
    }
    Thread sender = Thread.ofVirtual().name("dome-results").unstarted(() -> send(report));
    senders.add(sender);
    sender.start();
  }

  /** Whether everything submitted was answered by then. */
  synchronized boolean awaitIdle(long deadlineNanos) throws InterruptedException {
    while (!senders.isEmpty()) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      if (leftMs <= 0) {
        return false;
      }
      wait(leftMs);
    }
    return true;
  }

  /** Wakes those that wait to try again; they see that the worker gave up. */
  synchronized void interrupt() {
    senders.forEach(Thread::interrupt);
  }

  private void send(Report first) {
    sendAlone(first);
    for (List<Report> next = next(); !next.isEmpty(); next = next()) {
      if (next.size() > 1) {
        sendTogether(next);
      } else {
        sendAlone(next.getFirst());
      }
    }
  }

  /** What is sent next; empty ends the sender. */
  private synchronized List<Report> next() {
    if (waiting.isEmpty() || worker.aborted()) {
      senders.remove(Thread.currentThread());
      notifyAll();
      return List.of();
    }
    return waiting.size() == 1 || !knowsBatches ? List.of(waiting.remove()) : batch();
  }

  /** What waits, as far as it fits one request. */
  private List<Report> batch() {
    List<Report> taken = new ArrayList<>();
    int chars = waiting.peek().body(null).length();
    do {
      taken.add(waiting.remove());
      chars += waiting.isEmpty() ? 0 : waiting.peek().body(null).length();
    } while (!waiting.isEmpty() && taken.size() < MAX_BATCH && chars <= MAX_BATCH_CHARS);
    return taken;
  }

  /** Sends the same bytes until they are answered; the server knows a repeat. */
  private void sendAlone(Report report) {
    ClaimRequest claimNext = worker.draining() ? null : report.work().newClaim(1, 0);
    String body = report.body(claimNext);
    for (int failures = 1; !worker.aborted(); failures++) {
      try {
        ReportedAt answer =
            worker
                .settings()
                .calls()
                .within(report.grant())
                .result(report.grant().attemptId(), body);
        heard(report, answer.reported());
        report.work().keep(answer.granted(), 1);
        return;
      } catch (DomeException e) {
        if (e.isFinal()) {
          refused(report, e);
          return;
        }
        patience(Patience.after(e, failures));
      }
    }
  }

  private void sendTogether(List<Report> reports) {
    List<Report> unanswered = reports;
    for (int failures = 1; !unanswered.isEmpty() && !worker.aborted(); failures++) {
      try {
        unanswered = judged(unanswered, worker.settings().calls().results(items(unanswered)));
        if (!unanswered.isEmpty()) {
          patience(Patience.after(failures));
        }
      } catch (DomeException e) {
        if (e.isFinal()) {
          // Refused as a whole, so none was taken: alone, each has an answer of its own.
          knowsBatches = knowsBatches && e.status() != 404 && e.status() != 405;
          unanswered.forEach(this::sendAlone);
          return;
        }
        patience(Patience.after(e, failures));
      }
    }
  }

  private static ArrayNode items(List<Report> reports) {
    ArrayNode items = Json.mapper().createArrayNode();
    reports.forEach(report -> items.add(report.item()));
    return items;
  }

  /** The reports that are to be sent again. */
  private List<Report> judged(List<Report> reports, List<ItemAnswer> answers) {
    List<Report> again = new ArrayList<>();
    for (int i = 0; i < reports.size(); i++) {
      Report report = reports.get(i);
      Optional<ItemAnswer> answer =
          i < answers.size() && answers.get(i).isAbout(report.grant())
              ? Optional.of(answers.get(i))
              : Optional.empty();
      Optional<DomeException> refusal = answer.flatMap(ItemAnswer::refusal);
      if (answer.flatMap(ItemAnswer::reported).isPresent()) {
        heard(report, answer.get().reported().get());
        report.work().freePlaces(1);
      } else if (refusal.filter(DomeException::isFinal).isPresent()) {
        refused(report, refusal.get());
      } else {
        again.add(report);
      }
    }
    return again;
  }

  private void heard(Report report, Reported answer) {
    worker.settings().listener().reported(report.attempt().context(), report.result(), answer);
  }

  private void refused(Report report, DomeException refusal) {
    worker.settings().listener().refused("result", refusal);
    report.work().freePlaces(1);
  }

  private static void patience(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "interrupted while waiting to report again");
    }
  }
}
