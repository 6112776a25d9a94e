package dev.dome.web.edge;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Keeps the options of the HTTP server, whose limits the decoders of its connections have. */
@Singleton
class ServerLimits implements HttpServerOptionsCustomizer {
  private volatile HttpServerOptions options = new HttpServerOptions();

  /** Before anything of this process opens a connection, because Netty looks once. */
  void allowExtensions(@Observes @Initialized(ApplicationScoped.class) Object started) {
    System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
  }

  @Override
  public void customizeHttpServer(HttpServerOptions plain) {
    options = plain;
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions secured) {
    options = secured;
  }

  HttpServerOptions options() {
    return options;
  }
}
