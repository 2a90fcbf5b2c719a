/**
 * Text that others chose, such as names of events and answers of servers: made safe to print, and
 * searched in its bytes.
 */
package io.github.camelmixpanel.export.internal.text;
