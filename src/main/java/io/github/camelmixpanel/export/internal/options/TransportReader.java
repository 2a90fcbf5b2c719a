package io.github.camelmixpanel.export.internal.options;

import io.github.camelmixpanel.export.MixpanelExportConfiguration;
import io.github.camelmixpanel.export.internal.fetch.Transport;
import java.time.Duration;

/** Turns the transport options of an endpoint into the settings of the fetch stage. */
public final class TransportReader {

    private TransportReader() {}

    public static Transport read(MixpanelExportConfiguration options) {
        return new Transport(
                Duration.ofMillis(options.getConnectTimeout()),
                Duration.ofMillis(options.getResponseTimeout()),
                options.getMaxConcurrentQueries(),
                options.getSslContextParameters(),
                proxy(options));
    }

    private static Transport.Proxy proxy(MixpanelExportConfiguration options) {
        // SettingsReader requires host and port together
        String host = OptionText.given(options.getProxyHost());
        if (host == null) {
            return null;
        }
        return new Transport.Proxy(
                host,
                options.getProxyPort(),
                options.getNonProxyHosts(),
                options.getProxyAuthScheme(),
                options.getProxyAuthMethod(),
                options.getProxyAuthUsername(),
                options.getProxyAuthPassword());
    }
}
