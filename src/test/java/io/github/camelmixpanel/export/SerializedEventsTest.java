package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultExchangeHolder;
import org.junit.jupiter.api.Test;

/**
 * What is left of events in repositories and queues that keep an exchange by Java's serialization.
 */
class SerializedEventsTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    /** The default of Camel's repositories. */
    private static final String FILTER = "java.**;org.apache.camel.**;!*";

    private final List<Exchange> restored = Collections.synchronizedList(new ArrayList<>());

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    @Test
    void anEventIsItsText() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        handle(uri(DAY, DAY), e -> restored.add(restore(store(e))));
        context.start();
        Patiently.await().until(() -> restored.size() == 3);

        assertThat(restored)
                .extracting(e -> e.getMessage().getBody())
                .containsExactly((Object[]) lines(DAY, 3));
        assertThat(restored.get(2).getMessage().getHeaders())
                .containsEntry(MixpanelExportConstants.DAY, DAY)
                .containsKeys(MixpanelExportConstants.TIME, MixpanelExportConstants.DEDUPE_KEY);
    }

    @Test
    void aBatchIsItsLines() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        handle(uri(DAY, DAY, "batchSize=3"), e -> restored.add(restore(store(e))));
        context.start();
        Patiently.await().until(() -> restored.size() == 1);

        assertThat(restored.get(0).getMessage().getBody())
                .isEqualTo(String.join("\n", lines(DAY, 3)) + "\n");
    }

    @Test
    void anAggregatedListIsAListOfTexts() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        String uri = uri(DAY, DAY);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(uri)
                                .aggregate(constant(true), AggregationStrategies.groupedBody())
                                .completionSize(3)
                                .process(e -> restored.add(restore(store(e))));
                    }
                });
        context.start();
        Patiently.await().until(() -> restored.size() == 1);

        assertThat(restored.get(0).getMessage().getBody()).isEqualTo(List.of(lines(DAY, 3)));
    }

    private static byte[] store(Exchange exchange) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(DefaultExchangeHolder.marshal(exchange, true, true));
        }
        return bytes.toByteArray();
    }

    private Exchange restore(byte[] stored) throws IOException, ClassNotFoundException {
        Exchange exchange = new DefaultExchange(context);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(stored))) {
            in.setObjectInputFilter(ObjectInputFilter.Config.createFilter(FILTER));
            DefaultExchangeHolder.unmarshal(exchange, (DefaultExchangeHolder) in.readObject());
        }
        return exchange;
    }
}
