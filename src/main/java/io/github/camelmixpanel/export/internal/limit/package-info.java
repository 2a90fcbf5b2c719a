/** Limit: permits to start a query, inside the quota of a project. */
package io.github.camelmixpanel.export.internal.limit;
