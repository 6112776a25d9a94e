package dev.dome.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dome.contracts.id.Lane;
import dev.dome.contracts.wire.Subjects;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsTest {
  private static final Lane LANE = new Lane(3);

  @TempDir Path directory;

  @Test
  void streams_are_files_with_bounds_that_push_back_and_take_atomic_batches() throws Exception {
    try (Rig rig = Rig.start(directory, new StreamsConfig(1 << 20, 2 << 20, 1))) {
      var management = rig.link.connection().jetStreamManagement();

      var inbox = management.getStreamInfo(Subjects.INBOX_STREAM).getConfiguration();
      var journal = management.getStreamInfo(Subjects.JOURNAL_STREAM).getConfiguration();

      assertThat(inbox.getStorageType()).isEqualTo(StorageType.File);
      assertThat(inbox.getRetentionPolicy()).isEqualTo(RetentionPolicy.Limits);
      assertThat(inbox.getDiscardPolicy()).isEqualTo(DiscardPolicy.New);
      assertThat(inbox.getMaxBytes()).isEqualTo(1 << 20);
      assertThat(inbox.getMaxMsgs()).isEqualTo(-1);
      assertThat(inbox.getSubjects()).containsExactly("dome.inbox.*");
      assertThat(journal.getMaxBytes()).isEqualTo(2 << 20);
      assertThat(journal.getAllowAtomicPublish()).isTrue();
      assertThat(journal.getAllowDirect()).isTrue();
    }
  }

  @Test
  void ensuring_again_keeps_content_and_incarnation_and_applies_a_new_size() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      Rig.stored(rig.link.inboxPublisher().publish(LANE, Inputs.message(1)));

      var again = rig.streams.ensure(new StreamsConfig(1 << 24, 1 << 24, 1));

      assertThat(again).isEqualTo(rig.incarnations);
      assertThat(rig.streams.usage(Subjects.INBOX_STREAM).messages()).isEqualTo(1);
      assertThat(rig.streams.usage(Subjects.INBOX_STREAM).maxBytes()).isEqualTo(1 << 24);
    }
  }

  @Test
  void a_stream_keeps_its_incarnation_over_kill_9_and_gets_another_when_made_anew()
      throws Exception {
    try (Rig rig = Rig.start(directory)) {
      rig.killAndRestart();
      Connected.await(rig.link);
      assertThat(rig.streams.incarnation(Subjects.INBOX_STREAM))
          .isEqualTo(rig.incarnations.inbox());

      rig.link.connection().jetStreamManagement().deleteStream(Subjects.INBOX_STREAM);
      var anew = rig.streams.ensure(StreamsConfig.DEFAULT);

      assertThat(anew.inbox()).isNotEqualTo(rig.incarnations.inbox());
      assertThat(anew.journal()).isEqualTo(rig.incarnations.journal());
    }
  }

  @Test
  void purging_one_lane_up_to_a_sequence_leaves_later_messages_and_other_lanes() throws Exception {
    try (Rig rig = Rig.start(directory)) {
      var publisher = rig.link.inboxPublisher();
      Rig.stored(publisher.publish(LANE, Inputs.message(1)));
      Rig.stored(publisher.publish(new Lane(4), Inputs.message(2)));
      long second = Rig.stored(publisher.publish(LANE, Inputs.message(3)));
      Rig.stored(publisher.publish(LANE, Inputs.message(4)));

      long purged = rig.streams.purgeUpTo(Subjects.INBOX_STREAM, Subjects.inbox(LANE), second);

      assertThat(purged).isEqualTo(2);
      assertThat(rig.streams.usage(Subjects.INBOX_STREAM).messages()).isEqualTo(2);
      assertThat(rig.streams.usage(Subjects.INBOX_STREAM).lastSequence()).isEqualTo(4);
    }
  }
}
