/**
 * Fetch: sends each query of the raw export API as one HTTP request and leaves its body untouched.
 * The only stage that knows camel-http.
 */
package io.github.camelmixpanel.export.internal.fetch;
