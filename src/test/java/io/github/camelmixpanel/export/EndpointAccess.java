package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.internal.fetch.ExportClient;
import io.github.camelmixpanel.export.internal.settings.ExportSettings;
import org.apache.camel.CamelContext;

/** Options read as the component reads them, for tests that run an export without a route. */
public final class EndpointAccess {

    private final MixpanelExportEndpoint endpoint;

    public EndpointAccess(CamelContext context, String uri) {
        endpoint = context.getEndpoint(uri, MixpanelExportEndpoint.class);
    }

    public ExportSettings settings() {
        return endpoint.settings();
    }

    public ExportClient newClient() throws Exception {
        return endpoint.newClient();
    }
}
