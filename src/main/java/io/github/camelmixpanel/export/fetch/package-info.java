/** Fetch: one query of the raw export API, as one HTTP request whose body is not touched. */
package io.github.camelmixpanel.export.fetch;
