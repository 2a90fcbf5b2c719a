package io.github.camelmixpanel.export.internal.options;

import io.github.camelmixpanel.export.failure.InvalidOptionException;
import io.github.camelmixpanel.export.option.Region;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The options {@code region} and {@code baseUrl}: where queries go, as scheme, host and port only.
 */
final class BaseUrlReader {

    private static final String ALLOWED =
            "a scheme, a host and an optional port, such as https://mixpanel.example.com:8443";
    private static final Pattern LOOPBACK =
            Pattern.compile(
                    "localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

    private BaseUrlReader() {}

    /**
     * In lower case and without the scheme's own port, so that equal hosts are equal URLs.
     *
     * @param baseUrl null for that of the region
     * @throws IllegalArgumentException when it holds more than scheme, host and port, or is plain
     *     http to another host
     */
    static URI read(Region region, String baseUrl) {
        if (baseUrl == null) {
            if (region == null) {
                throw new InvalidOptionException("region", null, "US, EU or IN");
            }
            return region.baseUrl();
        }
        if (baseUrl.indexOf('@') >= 0 || baseUrl.indexOf('?') >= 0 || baseUrl.indexOf('#') >= 0) {
            // such a value may hold a secret, so it is not shown
            throw InvalidOptionException.hidingValues(
                    "Option baseUrl holds user info, a query or a fragment; allowed is " + ALLOWED);
        }
        URI url = parse(baseUrl);
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        String host = url.getHost().toLowerCase(Locale.ROOT);
        int defaultPort = scheme.equals("https") ? 443 : 80;
        if (scheme.equals("http") && !LOOPBACK.matcher(host).matches()) {
            throw new InvalidOptionException(
                    "baseUrl",
                    baseUrl,
                    "https; plain http would show the credentials, except to localhost, 127.x.x.x and [::1]");
        }
        String port = url.getPort() < 0 || url.getPort() == defaultPort ? "" : ":" + url.getPort();
        return URI.create(scheme + "://" + host + port);
    }

    private static URI parse(String baseUrl) {
        URI url;
        try {
            url = new URI(baseUrl);
        } catch (URISyntaxException e) {
            throw new InvalidOptionException("baseUrl", baseUrl, ALLOWED);
        }
        boolean http =
                "https".equalsIgnoreCase(url.getScheme())
                        || "http".equalsIgnoreCase(url.getScheme());
        boolean hostOnly =
                url.getHost() != null && (url.getPath().isEmpty() || url.getPath().equals("/"));
        if (!http || !hostOnly || url.getPort() == 0 || url.getPort() > 65_535) {
            throw new InvalidOptionException("baseUrl", baseUrl, ALLOWED);
        }
        return url;
    }
}
