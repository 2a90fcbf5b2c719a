package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.fetch.Transport;
import java.time.Duration;

/** Turns the transport options of an endpoint into what the fetch stage takes. */
final class TransportReader {

    private TransportReader() {}

    static Transport read(MixpanelExportConfiguration options) {
        return new Transport(
                Duration.ofMillis(options.getConnectTimeout()),
                Duration.ofMillis(options.getResponseTimeout()),
                options.getSslContextParameters(),
                proxy(options));
    }

    private static Transport.Proxy proxy(MixpanelExportConfiguration options) {
        if (options.getProxyHost() == null && options.getProxyPort() == null) {
            return null;
        }
        if (options.getProxyHost() == null || options.getProxyPort() == null) {
            throw new IllegalArgumentException(
                    "proxyHost and proxyPort belong together: found proxyHost="
                            + options.getProxyHost()
                            + ", proxyPort="
                            + options.getProxyPort());
        }
        return new Transport.Proxy(
                options.getProxyHost(),
                options.getProxyPort(),
                options.getNonProxyHosts(),
                options.getProxyAuthScheme(),
                options.getProxyAuthMethod(),
                options.getProxyAuthUsername(),
                options.getProxyAuthPassword());
    }
}
