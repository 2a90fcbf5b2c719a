/** Model: the records that stages pass to each other. JDK only; knows no stage. */
package io.github.camelmixpanel.export.internal.model;
