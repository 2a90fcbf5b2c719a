/**
 * Route: the port towards Camel. The pipeline hands it events, tasks and notices; {@code
 * internal.exchange} implements it.
 */
package io.github.camelmixpanel.export.internal.pipeline.route;
