/** Settings: what an export was asked to do, as small immutable records. JDK only. */
package io.github.camelmixpanel.export.internal.settings;
