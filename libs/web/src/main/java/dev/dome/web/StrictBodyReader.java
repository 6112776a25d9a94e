package dev.dome.web;

import dev.dome.contracts.ReasonCodes;
import dev.dome.contracts.StrictJson;
import dev.dome.contracts.artifact.Problem.FieldError;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** Refuses a body that is no strict JSON, before the mapper sees it. */
@Provider
@StrictBody
public final class StrictBodyReader implements ReaderInterceptor {
  @Override
  public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
    byte[] body = context.getInputStream().readAllBytes();
    return switch (StrictJson.parse(body)) {
      case StrictJson.Result.Parsed parsed -> {
        if (!parsed.tree().isObject()) {
          throw ProblemException.of(
              422,
              WebReason.WRONG_TYPE,
              "The body does not fit; errors names the place.",
              List.of(new FieldError("", WebReason.WRONG_TYPE, "expected a JSON object")));
        }
        context.setInputStream(new ByteArrayInputStream(body));
        yield context.proceed();
      }
      case StrictJson.Result.Refused refused ->
          throw ProblemException.of(
              ReasonCodes.standard().get(refused.reasonCode()).httpStatus(),
              refused.reasonCode(),
              "The body is not acceptable JSON; errors names the place.",
              refused.problems());
    };
  }
}
