/** Model: records, enums and the few classes that write durable files; JDK only, no stage. */
package io.github.camelmixpanel.export.model;
