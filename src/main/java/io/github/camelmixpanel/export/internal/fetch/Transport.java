package io.github.camelmixpanel.export.internal.fetch;

import java.time.Duration;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * How the server is reached. Names and meanings are those of camel-http.
 *
 * @param connectTimeout to open a connection
 * @param responseTimeout between two bytes, and from the request to the first byte of its answer
 * @param sslContextParameters or null for the JDK's trust
 * @param proxy or null for a direct connection
 */
public record Transport(
        Duration connectTimeout,
        Duration responseTimeout,
        SSLContextParameters sslContextParameters,
        Proxy proxy) {

    /**
     * A proxy, and who we are to it. All but host and port may be null.
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
            return "Proxy[" + host + ":" + port + "]";
        }
    }
}
