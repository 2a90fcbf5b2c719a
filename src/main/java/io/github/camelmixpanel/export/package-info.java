/**
 * The API of the component: what a route author meets. Component, endpoint, consumer and producer
 * as Camel expects them, the configuration with every option, the headers, and {@code
 * MixpanelEvent}, the body of an exchange.
 */
package io.github.camelmixpanel.export;
