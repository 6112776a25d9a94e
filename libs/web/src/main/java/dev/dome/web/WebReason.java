package dev.dome.web;

import dev.dome.contracts.id.ReasonCode;

/** The reason codes that the HTTP boundary itself gives; each is in the catalog. */
public final class WebReason {
  public static final ReasonCode NO_TOKEN = new ReasonCode("AUTH.NO_TOKEN");
  public static final ReasonCode BAD_TOKEN = new ReasonCode("AUTH.BAD_TOKEN");
  public static final ReasonCode BAD_ALG = new ReasonCode("AUTH.BAD_ALG");
  public static final ReasonCode TOKEN_TIME = new ReasonCode("AUTH.TOKEN_TIME");
  public static final ReasonCode BAD_AUDIENCE = new ReasonCode("AUTH.BAD_AUDIENCE");
  public static final ReasonCode UNKNOWN_KEY = new ReasonCode("AUTH.UNKNOWN_KEY");
  public static final ReasonCode QUEUE = new ReasonCode("AUTH.QUEUE");
  public static final ReasonCode ISSUER_UNAVAILABLE = new ReasonCode("INFRA.ISSUER_UNAVAILABLE");
  public static final ReasonCode SCOPE = new ReasonCode("AUTH.SCOPE");

  public static final ReasonCode BAD_IDENTIFIER = new ReasonCode("REQUEST.BAD_IDENTIFIER");
  public static final ReasonCode BAD_PATH = new ReasonCode("REQUEST.BAD_PATH");
  public static final ReasonCode URI_TOO_LONG = new ReasonCode("REQUEST.URI_TOO_LONG");
  public static final ReasonCode HEADERS_TOO_LARGE = new ReasonCode("REQUEST.HEADERS_TOO_LARGE");
  public static final ReasonCode BAD_CURSOR = new ReasonCode("REQUEST.BAD_CURSOR");
  public static final ReasonCode BAD_PARAMETER = new ReasonCode("REQUEST.BAD_PARAMETER");
  public static final ReasonCode MALFORMED_JSON = new ReasonCode("REQUEST.MALFORMED_JSON");
  public static final ReasonCode UNKNOWN_FIELD = new ReasonCode("SCHEMA.UNKNOWN_FIELD");
  public static final ReasonCode WRONG_TYPE = new ReasonCode("SCHEMA.TYPE");
  public static final ReasonCode SECRET_IN_STEERING_FIELD =
      new ReasonCode("REDACTION.SECRET_IN_STEERING_FIELD");
  public static final ReasonCode NOT_FOUND = new ReasonCode("REQUEST.NOT_FOUND");
  public static final ReasonCode METHOD_NOT_ALLOWED = new ReasonCode("REQUEST.METHOD_NOT_ALLOWED");
  public static final ReasonCode NOT_ACCEPTABLE = new ReasonCode("REQUEST.NOT_ACCEPTABLE");
  public static final ReasonCode BODY_TIMEOUT = new ReasonCode("REQUEST.BODY_TIMEOUT");
  public static final ReasonCode BODY_TOO_LARGE = new ReasonCode("REQUEST.BODY_TOO_LARGE");
  public static final ReasonCode UNSUPPORTED_MEDIA_TYPE =
      new ReasonCode("REQUEST.UNSUPPORTED_MEDIA_TYPE");

  public static final ReasonCode RUN_NOT_FOUND = new ReasonCode("RUN.NOT_FOUND");
  public static final ReasonCode ATTEMPT_NOT_FOUND = new ReasonCode("ATTEMPT.NOT_FOUND");
  public static final ReasonCode OPERATION_NOT_FOUND = new ReasonCode("OPERATION.NOT_FOUND");
  public static final ReasonCode EVIDENCE_NOT_FOUND = new ReasonCode("EVIDENCE.NOT_FOUND");

  public static final ReasonCode POSTGRES_UNAVAILABLE =
      new ReasonCode("INFRA.POSTGRES_UNAVAILABLE");
  public static final ReasonCode READ_BEHIND = new ReasonCode("INFRA.READ_BEHIND");
  public static final ReasonCode INTERNAL = new ReasonCode("INTERNAL.ERROR");

  private WebReason() {}
}
