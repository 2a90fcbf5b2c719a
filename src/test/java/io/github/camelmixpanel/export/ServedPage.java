package io.github.camelmixpanel.export;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camelmixpanel.export.observe.MixpanelExportStatusPage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.LifecycleStrategySupport;

/** The status page of a CamelContext with its buttons, on loopback, until the context stops. */
final class ServedPage {

    private final CamelContext context;
    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    ServedPage(CamelContext context) throws IOException {
        this.context = context;
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        context.addLifecycleStrategy(
                new LifecycleStrategySupport() {
                    @Override
                    public void onContextStopping(CamelContext stopping) {
                        server.stop(0);
                    }
                });
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** The paths that a browser asked for. */
    List<String> asked() {
        return asked;
    }

    private void answer(HttpExchange request) throws IOException {
        asked.add(request.getRequestURI().toString());
        Exchange exchange = context.getEndpoint("direct:page").createExchange();
        Message message = exchange.getMessage();
        request.getRequestHeaders()
                .forEach(
                        (name, values) -> {
                            if (!new MixpanelExportStatusPage()
                                    .applyFilterToExternalHeaders(name, values, exchange)) {
                                message.setHeader(name, values.get(0));
                            }
                        });
        message.setHeader(Exchange.HTTP_URL, url());
        message.setHeader(Exchange.HTTP_METHOD, request.getRequestMethod());
        message.setHeader(Exchange.HTTP_URI, request.getRequestURI().getPath());
        message.setBody(request.getRequestBody());
        new MixpanelExportStatusPage().serve(exchange, true);
        byte[] body = message.getBody(String.class).getBytes(StandardCharsets.UTF_8);
        message.getHeaders()
                .forEach(
                        (name, value) -> {
                            if (!name.startsWith("Camel")) {
                                request.getResponseHeaders().set(name, value.toString());
                            }
                        });
        request.sendResponseHeaders(
                message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class), body.length);
        request.getResponseBody().write(body);
        request.close();
    }
}
