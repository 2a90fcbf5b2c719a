package com.example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camelmixpanel.export.simulator.FirstPoll;
import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.main.Main;

/** Three days from a simulated Mixpanel to a receiver that refuses every tenth call. */
public final class Simulated {

    private final Map<String, String> received = new LinkedHashMap<>();
    private int calls;
    private int refused;

    public static void main(String[] args) {
        int exitCode = 1;
        try {
            new Simulated().run();
            exitCode = 0;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(exitCode);
    }

    private void run() throws Exception {
        SimulatedAccount.standIn();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/events", this::receive);
        server.start();
        System.setProperty(
                "WEBHOOK_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/events");
        FirstPoll.run(new Main());
        System.out.println(received.size() + " events received, " + refused + " calls refused");
        System.out.println("the first: " + received.values().iterator().next());
    }

    private synchronized void receive(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls++;
        boolean refuse = calls % 10 == 0;
        if (refuse) {
            refused++;
        } else {
            received.put(call.getRequestHeaders().getFirst("Idempotency-Key"), body);
        }
        call.sendResponseHeaders(refuse ? 503 : 204, -1);
        call.close();
    }
}
