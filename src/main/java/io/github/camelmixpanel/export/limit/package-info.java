/** Limit: leave to start a query, inside the quota of a project. */
package io.github.camelmixpanel.export.limit;
