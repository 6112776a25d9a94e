package dev.dome.ingest;

import dev.dome.testkit.TestStack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of the running service with the controllers played by a double. */
abstract class ServiceTest {
  String namespace;
  ControllerDouble controller;

  @BeforeEach
  void connect() {
    namespace = Requests.namespace();
    controller = new ControllerDouble(TestStack.shared().nats().url());
    ReadyState.await();
  }

  @AfterEach
  void disconnect() {
    controller.close();
  }
}
