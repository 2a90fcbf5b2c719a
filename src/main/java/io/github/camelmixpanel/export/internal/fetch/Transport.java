package io.github.camelmixpanel.export.internal.fetch;

import java.time.Duration;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * Holds how to reach the server. Names and meanings are those of camel-http.
 *
 * @param connectTimeout for opening a connection
 * @param responseTimeout between two bytes, and from the request to the first byte of the response
 * @param sslContextParameters or null for the JDK's trust
 * @param maxConnections at a time: one for each query
 * @param proxy or null for a direct connection
 */
public record Transport(
        Duration connectTimeout,
        Duration responseTimeout,
        int maxConnections,
        SSLContextParameters sslContextParameters,
        Proxy proxy) {

    /**
     * A proxy and the credentials for it, which {@link #toString} leaves out. All but host and port
     * may be null.
     *
     * @param nonProxyHosts hosts reached directly, separated by commas
     * @param authMethod Basic, Digest or NTLM
     */
    public record Proxy(
            String host,
            int port,
            String nonProxyHosts,
            String authScheme,
            String authMethod,
            String authUsername,
            String authPassword) {

        @Override
        public String toString() {
            return "Proxy[%s:%d]".formatted(host, port);
        }
    }
}
