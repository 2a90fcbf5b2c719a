package io.github.camelmixpanel.export.option;

import java.net.URI;

/**
 * Where Mixpanel keeps the data of a project; each region has its own host for exports
 * (documented).
 */
public enum Region {
    US("https://data.mixpanel.com"),
    EU("https://data-eu.mixpanel.com"),
    IN("https://data-in.mixpanel.com");

    private final URI baseUrl;

    Region(String baseUrl) {
        this.baseUrl = URI.create(baseUrl);
    }

    /** Scheme and host of this region's export API. */
    public URI baseUrl() {
        return baseUrl;
    }
}
