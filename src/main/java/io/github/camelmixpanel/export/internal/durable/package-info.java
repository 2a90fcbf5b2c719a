/** Durable: the few classes that make a file survive a crash. JDK only. */
package io.github.camelmixpanel.export.internal.durable;
