package io.github.camelmixpanel.export.internal.fetch;

import io.github.camelmixpanel.export.internal.model.Window;
import io.github.camelmixpanel.export.internal.settings.Credentials;
import io.github.camelmixpanel.export.internal.settings.ExportSettings.Source;
import io.github.camelmixpanel.export.internal.text.Mask;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.socket.ConnectionSocketFactory;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.Registry;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Sends exactly one HTTP request per query: camel-http's client without its hidden retries,
 * redirects, cookies and decompression. Puts the credentials into the {@code Authorization} header
 * only. Thread-safe.
 */
public final class ExportClient implements Closeable {

    /** Documented in Mixpanel's OpenAPI description of the raw event export. */
    private static final String PATH = "/api/2.0/export";

    private static final String USER_AGENT =
            "camel-mixpanel-export/"
                    + Objects.requireNonNullElse(
                            ExportClient.class.getPackage().getImplementationVersion(), "dev");

    /** Several times what servers and proxies send; of each connection, in 3 MB of the heap. */
    private static final Http1Config BOUNDS =
            Http1Config.custom().setMaxLineLength(16_384).setMaxHeaderCount(100).build();

    private final HttpComponent component;
    private final HttpEndpoint endpoint;
    private final String exportUrl;
    private final Source source;
    private final Mask mask;

    public ExportClient(CamelContext camelContext, Transport transport, Source source)
            throws Exception {
        this.exportUrl = source.baseUrl() + PATH;
        this.source = source;
        this.mask = mask(source.credentials(), transport.proxy());
        this.component = component(camelContext, transport);
        // NAT gateways drop connections that are silent for minutes
        this.endpoint =
                (HttpEndpoint)
                        component.createEndpoint(exportUrl + "?httpConnection.soKeepAlive=true");
        ServiceHelper.startService(component, endpoint);
    }

    private static Mask mask(Credentials credentials, Transport.Proxy proxy) {
        List<String> secrets = new ArrayList<>(credentials.secrets());
        if (proxy != null && proxy.authPassword() != null) {
            secrets.add(proxy.authPassword());
            secrets.add(proxy.authUsername() + ":" + proxy.authPassword());
        }
        return new Mask(secrets);
    }

    private static HttpComponent component(CamelContext camelContext, Transport transport) {
        HttpComponent http = new BoundedHttp();
        http.setCamelContext(camelContext);
        http.setAutomaticRetriesDisabled(true);
        http.setContentCompressionDisabled(true);
        http.setFollowRedirects(false);
        http.setRedirectHandlingDisabled(true);
        http.setCookieManagementDisabled(true);
        http.setUserAgent(USER_AGENT);
        http.setMaxTotalConnections(transport.maxConnections());
        http.setConnectionsPerRoute(transport.maxConnections());
        http.setHttpClientConfigurer(
                builder ->
                        builder.setConnectionReuseStrategy(ExportClient::mayReuse)
                                .addExecInterceptorBefore(
                                        ChainElement.MAIN_TRANSPORT.name(),
                                        "sent",
                                        ExportRequest::sending));
        // by name: the setters of Camel 4.10 take a Timeout, those of 4.14 milliseconds
        PropertyConfigurer options =
                PluginHelper.getConfigurerResolver(camelContext)
                        .resolvePropertyConfigurer("http-component", camelContext);
        Map.of(
                        "connectTimeout", transport.connectTimeout(),
                        "connectionRequestTimeout", transport.connectTimeout(),
                        "responseTimeout", transport.responseTimeout(),
                        "soTimeout", transport.responseTimeout())
                .forEach(
                        (option, timeout) ->
                                options.configure(
                                        camelContext,
                                        http,
                                        option,
                                        Long.toString(timeout.toMillis()),
                                        false));
        http.setSslContextParameters(transport.sslContextParameters());
        Transport.Proxy proxy = transport.proxy();
        if (proxy != null) {
            http.setProxyHost(proxy.host());
            http.setProxyPort(proxy.port());
            http.setNonProxyHosts(proxy.nonProxyHosts());
            http.setProxyAuthScheme(proxy.authScheme());
            http.setProxyAuthMethod(proxy.authMethod());
            http.setProxyAuthUsername(proxy.authUsername());
            http.setProxyAuthPassword(proxy.authPassword());
        }
        return http;
    }

    /** camel-http's component; no head, chunk line or trailer of an answer fills the heap. */
    @SuppressWarnings("deprecation") // of HttpClient's, in the signatures of camel-http
    private static final class BoundedHttp extends HttpComponent {

        @Override
        protected HttpClientConnectionManager createConnectionManager(
                Registry<ConnectionSocketFactory> sockets,
                int max,
                int perRoute,
                SocketConfig each) {
            PoolingHttpClientConnectionManager connections =
                    new PoolingHttpClientConnectionManager(
                            sockets,
                            ManagedHttpClientConnectionFactory.builder()
                                    .http1Config(BOUNDS)
                                    .build());
            connections.setMaxTotal(getMaxTotalConnections());
            connections.setDefaultMaxPerRoute(getConnectionsPerRoute());
            connections.setDefaultSocketConfig(each);
            return connections;
        }
    }

    /**
     * A query on an idle connection that a server, proxy or NAT gateway has dropped would fail and
     * count, so each has its own. Only the steps of a proxy's authentication share one.
     */
    private static boolean mayReuse(
            HttpRequest request, HttpResponse response, HttpContext context) {
        return response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED
                && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(
                        request, response, context);
    }

    /**
     * Creates a request for the events of {@code window} without sending it.
     *
     * @param sent run when the connection is open, just before the query is written to it, by the
     *     thread that sends; the query leaves only if it returns
     */
    public ExportRequest request(Window window, Runnable sent) {
        Credentials credentials = source.credentials();
        String parameters = QueryParameters.of(window, source.query(), credentials.projectId());
        HttpGet get = new HttpGet(exportUrl + "?" + parameters);
        get.setHeader("Authorization", credentials.authorization());
        get.setHeader("Accept", "text/plain, */*");
        get.setHeader("Accept-Encoding", "gzip");
        return new ExportRequest(endpoint.getHttpClient(), get, window, sent, mask);
    }

    /** Ends every connection at once. */
    @Override
    public void close() {
        ServiceHelper.stopAndShutdownServices(endpoint, component);
    }
}
