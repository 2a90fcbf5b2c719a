/** Durable: the few classes whose files survive a crash. JDK only. */
package io.github.camelmixpanel.export.internal.durable;
