package io.github.camelmixpanel.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** A spooled body that changes on disk while its events go to the route. */
class ChangedBodyTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";
    private static final int EVENTS = 6_000;

    @Test
    void isAskedForAgainAndWhatTheRouteHasHadIsNotRepeated() throws Exception {
        String[] lines = linesThatDoNotCompress();
        mixpanel.addEvents(lines);
        handle(uri(DAY, DAY, "maxInMemorySize=0"), this::receive);
        context.start();
        await().until(() -> ledger().contains("\"type\":\"committed\""));

        assertThat(mixpanel.queries()).hasSize(2);
        assertThat(bodies()).containsExactlyInAnyOrder(lines);
        assertThat(ledger())
                .contains("2026-10-05.g1.gz: it has changed since it was verified, from byte ");
    }

    @Test
    void isReadToItsEndAsItWasVerifiedWhereItIsInMemory() throws Exception {
        String[] lines = linesThatDoNotCompress();
        mixpanel.addEvents(lines);
        handle(uri(DAY, DAY), this::receive);
        context.start();
        await().until(() -> ledger().contains("\"type\":\"committed\""));

        assertThat(mixpanel.queries()).hasSize(1);
        assertThat(bodies()).containsExactlyInAnyOrder(lines);
    }

    @Test
    void isReadAgainWhenItWasOutOfReachForAMoment() throws Exception {
        mixpanel.addEvents(lines(DAY, 300));
        Path spool = exportFolder().resolve("spool");
        Path away = exportFolder().resolve("away");
        AtomicBoolean moved = new AtomicBoolean();
        handle(
                uri(DAY, DAY, "retryDelay=100", "maxRetries=30"),
                e -> {
                    if (moved.compareAndSet(false, true)) {
                        Files.move(spool, away);
                        throw new IllegalStateException("refused, to have the body read twice");
                    }
                    received.add(Received.of(e));
                });
        context.start();
        await().until(() -> consumer().trouble().toString().contains("found no file"));
        Files.move(away, spool);
        await().until(() -> ledger().contains("\"type\":\"committed\""));

        assertThat(mixpanel.queries()).hasSize(1);
        assertThat(bodies()).containsExactlyInAnyOrder(lines(DAY, 300));
    }

    private void receive(Exchange exchange) throws IOException {
        if (received.isEmpty()) {
            changeTheEnd(exportFolder().resolve("spool/2026-10-05.g1.gz"));
        }
        received.add(Received.of(exchange));
    }

    /** So that the end of the body cannot have been read with its beginning. */
    private static String[] linesThatDoNotCompress() {
        Random random = new Random(5);
        String[] lines = lines(DAY, EVENTS);
        for (int i = 0; i < EVENTS; i++) {
            byte[] bytes = new byte[500];
            random.nextBytes(bytes);
            String noise = HexFormat.of().formatHex(bytes);
            lines[i] = lines[i].replace("\"n\":", "\"x\":\"" + noise + "\",\"n\":");
        }
        return lines;
    }
}
