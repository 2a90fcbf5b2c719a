package io.github.camelmixpanel.export.fetch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelmixpanel.export.EndpointAccess;
import io.github.camelmixpanel.export.model.ExportSettings;
import io.github.camelmixpanel.export.model.TransientExportException;
import io.github.camelmixpanel.export.model.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class ExportRequestTest {

    @Test
    void failsAsAnyOtherWhenTheClientIsClosedBeforeItIsSent() throws Exception {
        CamelContext context = new DefaultCamelContext();
        EndpointAccess endpoint =
                new EndpointAccess(
                        context,
                        "mixpanel-export:closed?accessToken=any&baseUrl=http://127.0.0.1:1");
        ExportSettings settings = endpoint.settings();
        ExportClient client =
                new ExportClient(
                        context,
                        endpoint.transport(),
                        settings.baseUrl(),
                        settings.credentials(),
                        settings.query());
        try (ExportRequest request = client.request(Window.ofDay(LocalDate.parse("2026-10-20")))) {
            client.close();

            assertThatThrownBy(() -> request.send(() -> Instant.EPOCH, Duration.ofHours(2)))
                    .isInstanceOf(TransientExportException.class)
                    .hasMessageContaining("Window 2026-10-20: no answer from 127.0.0.1:1");
        }
    }
}
