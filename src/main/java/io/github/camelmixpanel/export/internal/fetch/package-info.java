/**
 * Fetch: one query of the raw export API as one HTTP request, whose body stays untouched. The only
 * stage that knows camel-http.
 */
package io.github.camelmixpanel.export.internal.fetch;
