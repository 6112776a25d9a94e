package dev.dome.web.edge;

import dev.dome.web.ProblemResponses;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import jakarta.ws.rs.core.Response;
import java.nio.channels.ClosedChannelException;
import java.util.List;

/**
 * What happens to messages of one connection that cannot be decoded. A request is handed on as
 * {@link Undecoded}, in its turn among those before it; the application answers and the connection
 * ends. A body that breaks off in a bad chunk is answered here, unless an answer has begun or is
 * owed to an earlier request: then the connection is closed, as the server does by itself.
 */
final class UndecodedMessages extends ChannelDuplexHandler {
  /** Requests whose last word of an answer was not written yet. */
  private int unanswered;

  private boolean answerBegun;
  private boolean deaf;
  private boolean mute;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (deaf) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof HttpRequest request) {
      unanswered++;
      Throwable cause = request.decoderResult().cause();
      if (cause == null && !framedPlainly(request)) {
        cause = new IllegalArgumentException("Transfer-Encoding is not chunked");
      }
      if (cause == null) {
        context.fireChannelRead(request);
      } else {
        handOn(context, request, cause);
      }
    } else if (message instanceof HttpContent content
        && content.decoderResult().isFailure()
        && unanswered == 1
        && !answerBegun) {
      content.release();
      refuse(context);
    } else {
      context.fireChannelRead(message);
    }
  }

  /**
   * RFC 9112 section 6.3: a request's length is unknown unless chunked is its last coding, and none
   * but chunked is understood here.
   */
  private static boolean framedPlainly(HttpRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return codings.isEmpty()
        || (codings.size() == 1
            && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst().strip()));
  }

  /** Nothing of the request is trusted but whether its answer may have a body. */
  private void handOn(ChannelHandlerContext context, HttpRequest request, Throwable cause) {
    deaf = true;
    request.setDecoderResult(new Undecoded(cause));
    request.setProtocolVersion(HttpVersion.HTTP_1_1);
    request.setUri("/");
    if (!request.method().equals(HttpMethod.HEAD)) {
      request.setMethod(HttpMethod.GET);
    }
    request.headers().clear();
    request.headers().set(HttpHeaderNames.HOST, "undecoded");
    request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.fireChannelRead(request);
    context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void refuse(ChannelHandlerContext context) {
    deaf = true;
    mute = true;
    Response problem = ProblemResponses.of(Undecoded.badFraming(), null);
    byte[] body = (byte[]) problem.getEntity();
    FullHttpResponse answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(problem.getStatus()),
            Unpooled.wrappedBuffer(body));
    answer
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, problem.getMediaType().toString())
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("X-Content-Type-Options", "nosniff")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // It is the promise, which its maker looks after.
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (mute) {
      ReferenceCountUtil.release(message);
      promise.tryFailure(new ClosedChannelException());
      return;
    }
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (message instanceof HttpResponse && !interim) {
      answerBegun = true;
    }
    if (message instanceof LastHttpContent && !interim) {
      answerBegun = false;
      unanswered--;
    }
    context.write(message, promise);
  }
}
