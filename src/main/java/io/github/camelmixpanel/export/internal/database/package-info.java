/**
 * Database: keeps the state of exports in a database, of which the state directory then holds a
 * working copy, and knows which process owns it.
 */
package io.github.camelmixpanel.export.internal.database;
