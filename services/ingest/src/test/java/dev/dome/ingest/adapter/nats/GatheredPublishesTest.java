package dev.dome.ingest.adapter.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.Json;
import dev.dome.contracts.id.Lane;
import dev.dome.contracts.id.NamespaceId;
import dev.dome.contracts.wire.InboxKind;
import dev.dome.contracts.wire.InboxMessage;
import dev.dome.messaging.AtomicBatchPublisher;
import dev.dome.messaging.InboxPublisher.Addressed;
import dev.dome.messaging.Publication;
import dev.dome.messaging.Publication.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatheredPublishesTest {
  private static final Publication STORED = new Publication.Stored(1);

  private final List<List<String>> groups = new ArrayList<>();
  private final List<CompletableFuture<Publication>> underWay = new ArrayList<>();
  private final GatheredPublishes gathered = new GatheredPublishes(this::batch);

  @Test
  void oneAloneGoesAtOnceAndWhatComesMeanwhileGoesTogether() {
    List<CompletableFuture<Publication>> publications = publish(0, 4);
    assertThat(groups).containsExactly(List.of("0"));
    assertThat(publications).noneMatch(CompletableFuture::isDone);

    underWay.get(0).complete(STORED);

    assertThat(publications.getFirst()).isCompletedWithValue(STORED);
    assertThat(groups).containsExactly(List.of("0"), List.of("1", "2", "3"));
    underWay.get(1).complete(STORED);
    assertThat(publications).allMatch(each -> each.join().stored());

    publish(4, 5);
    assertThat(groups).hasSize(3).last().isEqualTo(List.of("4"));
  }

  @Test
  void aGroupHoldsWhatABatchMay() {
    publish(0, AtomicBatchPublisher.MAX_MESSAGES + 2);
    underWay.get(0).complete(STORED);
    underWay.get(1).complete(STORED);
    assertThat(groups)
        .extracting(List::size)
        .containsExactly(1, AtomicBatchPublisher.MAX_MESSAGES, 1);
  }

  @Test
  void aMessageThatIsTooLargeHarmsNoOther() {
    List<CompletableFuture<Publication>> publications = publish(0, 3);
    underWay.get(0).complete(STORED);
    underWay.get(1).complete(new Publication.Failed(Cause.TOO_LARGE, "1"));

    assertThat(groups).containsExactly(List.of("0"), List.of("1", "2"), List.of("1"), List.of("2"));
    underWay.get(2).complete(new Publication.Failed(Cause.TOO_LARGE, "1"));
    underWay.get(3).complete(STORED);
    assertThat(publications.get(1).join().stored()).isFalse();
    assertThat(publications.get(2).join().stored()).isTrue();
  }

  @Test
  void aFullStreamRefusesTheWholeGroup() {
    List<CompletableFuture<Publication>> publications = publish(0, 3);
    underWay.get(0).complete(STORED);
    Publication full = new Publication.Failed(Cause.STREAM_FULL, "full");
    underWay.get(1).complete(full);
    assertThat(publications.subList(1, 3)).allMatch(each -> each.join().equals(full));
    assertThat(groups).hasSize(2);
  }

  private List<CompletableFuture<Publication>> publish(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> gathered.publish(new Lane(i % 16), message(i)))
        .toList();
  }

  private CompletableFuture<Publication> batch(List<Addressed> messages) {
    groups.add(messages.stream().map(each -> each.message().operationId()).toList());
    underWay.add(new CompletableFuture<>());
    return underWay.getLast();
  }

  private static InboxMessage message(int number) {
    return new InboxMessage(
        Integer.toString(number),
        InboxKind.REPORT_RESULT,
        new NamespaceId("demo"),
        null,
        null,
        null,
        null,
        0,
        null,
        null,
        Json.mapper().createObjectNode());
  }
}
