/** Text that others chose, such as names of events and answers of servers, made safe to print. */
package io.github.camelmixpanel.export.internal.text;
