/**
 * Exchange: turns events into exchanges and back, with headers, type converters and the JSON of
 * tasks. Knows Camel and the port {@code pipeline.route}; knows no stage's inside.
 */
package io.github.camelmixpanel.export.internal.exchange;
