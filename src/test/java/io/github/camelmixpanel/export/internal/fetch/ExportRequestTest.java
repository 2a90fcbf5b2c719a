package io.github.camelmixpanel.export.internal.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.EndpointAccess;
import io.github.camelmixpanel.export.failure.UnreachableException;
import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class ExportRequestTest {

    private static final Window DAY = Window.ofDay(LocalDate.parse("2026-10-20"));

    private final CamelContext context = new DefaultCamelContext();

    private ExportClient client(String baseUrl) throws Exception {
        return new EndpointAccess(
                        context,
                        "mixpanel-export:one?accessToken=any&projectId=1&baseUrl=" + baseUrl)
                .newClient();
    }

    @Test
    void failsAsAnyOtherWhenTheClientIsClosedBeforeItIsSent() throws Exception {
        ExportClient client = client("http://127.0.0.1:1");
        try (ExportRequest request = client.request(DAY, () -> {})) {
            client.close();

            assertThatThrownBy(() -> request.send(() -> Instant.EPOCH, Duration.ofHours(2)))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("Window 2026-10-20: no answer from 127.0.0.1:1");
        }
    }

    @Test
    void tellsThatItIsOnItsWayBeforeItIsAnswered() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        try (MixpanelSimulator mixpanel = MixpanelSimulator.builder().accessToken("any").start();
                ExportClient client = client(mixpanel.baseUrl());
                ExportRequest request = client.request(DAY, sent::countDown)) {
            mixpanel.answer(Answer.blockUntil(sent));

            request.send(() -> Instant.EPOCH, Duration.ofSeconds(30)).close();
        }
        assertThat(sent.getCount()).isZero();
    }

    @Test
    void tellsNothingWhenThereIsNoConnection() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        try (ExportClient client = client("http://127.0.0.1:1");
                ExportRequest request = client.request(DAY, sent::countDown)) {
            assertThatThrownBy(() -> request.send(() -> Instant.EPOCH, Duration.ofHours(2)))
                    .isInstanceOf(UnreachableException.class);
        }
        assertThat(sent.getCount()).isEqualTo(1);
    }
}
