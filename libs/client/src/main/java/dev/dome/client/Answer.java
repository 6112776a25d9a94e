package dev.dome.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A settled answer below 300.
 *
 * @param body a missing node when there is none
 * @param serverTimeMs epoch milliseconds of the server's Date header (whole seconds), or of this
 *     machine when it sent none
 */
record Answer(int status, JsonNode body, long serverTimeMs) {
  <T> T as(Class<T> type) {
    return ClientJson.read(body, type);
  }
}
