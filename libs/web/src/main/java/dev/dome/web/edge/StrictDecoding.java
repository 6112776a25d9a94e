package dev.dome.web.edge;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.quarkus.arc.Arc;
import io.vertx.core.http.HttpServerOptions;

/**
 * Seats {@link StrictDecoder} and {@link UndecodedMessages} in every HTTP/1 connection a server of
 * this process accepts. Vert.x would ask a handler of the application what to answer to a request
 * that cannot be decoded (HttpServer.invalidRequestHandler), but Quarkus makes the server and lets
 * nobody at it, so Netty's own extension point is used. Netty loads it as a service once {@link
 * ServerLimits} has switched such extensions on.
 */
public final class StrictDecoding extends ChannelInitializerExtension {
  private static final String DECODER = "httpDecoder";
  private static final String ENCODER = "httpEncoder";
  private static final String HTTP_2_OR_CONNECTION = "handler";

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    ServerLimits limits = Arc.container().instance(ServerLimits.class).get();
    channel.pipeline().addFirst(new Waiting(limits.options()));
  }

  /**
   * Waits until Vert.x has seen from the first bytes which protocol is spoken. They are handed over
   * one by one until then, so that no request can be decoded before the handlers are in place. On a
   * TLS connection the protocol is known after the handshake.
   */
  private static final class Waiting extends ChannelInboundHandlerAdapter {
    private final HttpServerOptions limits;

    Waiting(HttpServerOptions limits) {
      this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      if (context.pipeline().get(SslHandler.class) == null) {
        while (!settled(context.pipeline()) && bytes.isReadable()) {
          context.fireChannelRead(bytes.readRetainedSlice(1));
        }
      }
      if (settled(context.pipeline())) {
        seat(context.pipeline());
        context.pipeline().remove(this);
      }
      if (bytes.isReadable()) {
        context.fireChannelRead(bytes);
      } else {
        bytes.release();
      }
    }

    private static boolean settled(ChannelPipeline pipeline) {
      return pipeline.get(DECODER) != null || pipeline.get(HTTP_2_OR_CONNECTION) != null;
    }

    private void seat(ChannelPipeline pipeline) {
      if (pipeline.get(DECODER) != null) {
        pipeline.addAfter(ENCODER, "undecoded", new UndecodedMessages());
        pipeline.replace(DECODER, DECODER, new StrictDecoder(limits));
      }
    }
  }
}
