/** Limit: admits queries within the quota of a project. */
package io.github.camelmixpanel.export.internal.limit;
