package dev.dome.auditexport.retention.api;

import dev.dome.auditexport.retention.Purge;
import dev.dome.auditexport.retention.PurgeObserver;
import dev.dome.auditexport.retention.PurgeStore;
import dev.dome.contracts.id.ReasonCode;
import dev.dome.security.Operation;
import dev.dome.web.Authorized;
import dev.dome.web.Caller;
import dev.dome.web.ProblemException;
import dev.dome.web.StrictBody;
import dev.dome.web.WebReason;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.YearMonth;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Removing what has expired, for operators of dome itself. */
@Path("/v1/audit/purges")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "retention")
public class PurgesResource {
  private static final ReasonCode NOT_EXPIRED = new ReasonCode("RETENTION.NOT_EXPIRED");
  private static final Pattern MONTH = Pattern.compile("(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])");

  /** Shorter than the entrance waits. The purge goes on without its caller. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  /** As many records as are counted in a second or two, far from what the entrance waits. */
  private static final long MOST_COUNTED = 500_000;

  private static final Logger LOG = Logger.getLogger(PurgesResource.class);

  private final PurgeStore store;
  private final PurgeObserver observer;
  private final Caller caller;

  @Inject
  PurgesResource(PurgeStore store, PurgeObserver observer, Caller caller) {
    this.store = store;
    this.observer = observer;
    this.caller = caller;
  }

  @GET
  @Authorized(value = Operation.READ_EXPIRED, namespace = Authorized.SYSTEM_NAMESPACE)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "listExpiring",
      summary = "What has an end, by class and month, and what a purge would do now",
      description =
          "At most 500,000 records are counted. A month beyond that has estimated_records, from the"
              + " database's statistics, and its runs are all that have records there.")
  public Uni<ExpiringPage> list() {
    return store.expiring(MOST_COUNTED).map(ExpiringPage::of);
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @StrictBody
  @Authorized(value = Operation.PURGE_AUDIT, namespace = Authorized.SYSTEM_NAMESPACE)
  @org.eclipse.microprofile.openapi.annotations.Operation(
      operationId = "purgeAudit",
      summary = "Removes what has expired of one class and month and is not held",
      description =
          "One transaction: either tombstones stand for all that is gone, or nothing is gone. One"
              + " that takes longer than eight seconds is answered with UNDER_WAY and goes on; the"
              + " list shows its end.")
  @APIResponse(responseCode = "200", description = "What came of it")
  @APIResponse(responseCode = "409", description = "The time is not over, or the class has no end")
  @APIResponse(responseCode = "422", description = "The body does not fit; errors names the places")
  public Uni<PurgeView> purge(PurgeRequest request) {
    PurgeRequest given = request == null ? new PurgeRequest(null, null, null, null) : request;
    Words words = new Words();
    words.needed(given.retentionClass(), "retention_class");
    words.needed(given.month(), "month");
    words.needed(given.reason(), "reason");
    words.needed(given.authority(), "authority");
    words.check();
    return begun(
            new Purge.Order(
                given.retentionClass(),
                month(given.month()),
                caller.identity().subject(),
                given.authority(),
                given.reason()))
        .ifNoItem()
        .after(PATIENCE)
        .recoverWithItem(new Purge.Result(Purge.Outcome.UNDER_WAY, 0, 0, 0))
        .map(result -> {
          if (result.outcome() == Purge.Outcome.NOT_EXPIRED) {
            throw ProblemException.of(
                409, NOT_EXPIRED, "expected a class and month whose days are over");
          }
          return PurgeView.of(result);
        });
  }

  /** It has a listener of its own, so that it is told of whether its caller waits or not. */
  private Uni<Purge.Result> begun(Purge.Order order) {
    Uni<Purge.Result> purge = store.purge(order).invoke(observer::purged).memoize().indefinitely();
    purge
        .subscribe()
        .with(
            result -> {
              if (result.outcome() == Purge.Outcome.PURGED) {
                LOG.infof(
                    "purge outcome=%s class=%s month=%s runs=%d records=%d kept=%d",
                    result.outcome(),
                    order.retentionClass(),
                    order.month(),
                    result.runs(),
                    result.records(),
                    result.keptRecords());
              }
            },
            failure -> LOG.warn("purge failed", failure));
    return purge;
  }

  private static YearMonth month(String text) {
    if (!MONTH.matcher(text).matches()) {
      throw ProblemException.badRequest(
          WebReason.BAD_PARAMETER, "month expected a month such as 2026-11");
    }
    return YearMonth.parse(text);
  }
}
