/**
 * Database: keeps the state of exports in a database, with a working copy in the state directory,
 * and leases it to one process at a time.
 */
package io.github.camelmixpanel.export.internal.database;
