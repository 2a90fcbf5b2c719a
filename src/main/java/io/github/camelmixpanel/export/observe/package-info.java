/**
 * API: shows how exports stand, by JMX, health check, dev console, meters, status page and events.
 * Reads snapshots only; changes nothing but through the operations of an export.
 */
package io.github.camelmixpanel.export.observe;
