/** Model: records, enums and the few classes that write files; JDK only, no stage. */
package io.github.camelmixpanel.export.model;
