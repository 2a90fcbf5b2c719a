package io.github.camelmixpanel.export.bench;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * The route that a Camel user writes without this component, all settings as they are by default: a
 * timer, a request, a split by lines, JSON, a filter. No quota, verification, deduplication or
 * ledger. Usage: {@code TodaysRoute <port> <day>}
 */
final class TodaysRoute {

    private static final String REQUEST =
            "http://127.0.0.1:%s/api/2.0/export?from_date=%s&to_date=%s"
                    + "&authMethod=Basic&authUsername=bench&authPassword=bench";

    private TodaysRoute() {}

    public static void main(String[] args) throws Exception {
        Result result = new Result();
        CountDownLatch done = new CountDownLatch(1);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.disableJMX();
            context.addRoutes(
                    new RouteBuilder() {
                        @Override
                        public void configure() {
                            onException(Exception.class)
                                    .process(exchange -> Runtime.getRuntime().halt(1));
                            from("timer:once?repeatCount=1&delay=0")
                                    .to(String.format(REQUEST, args[0], args[1], args[1]))
                                    .split(body().tokenize("\n"))
                                    .streaming()
                                    .unmarshal()
                                    .json()
                                    .filter()
                                    .simple("${body[event]} == '" + PreparedDay.CHOSEN + "'")
                                    .process(exchange -> add(exchange, result))
                                    .end()
                                    .end()
                                    .process(exchange -> done.countDown());
                        }
                    });
            context.start();
            done.await();
        }
        System.out.println(result);
    }

    private static void add(Exchange exchange, Result result) {
        Map<?, ?> event = exchange.getMessage().getBody(Map.class);
        Map<?, ?> properties = (Map<?, ?>) event.get("properties");
        result.add(
                Sum.ofHeaders(
                        (String) event.get("event"),
                        (String) properties.get("distinct_id"),
                        (String) properties.get("$insert_id"),
                        ((Number) properties.get("time")).longValue()));
    }
}
