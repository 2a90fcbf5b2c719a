/**
 * The Camel face: options in, exchanges out, and how things stand, for Camel and for people.
 * Nothing else here knows Camel, save camel-http in {@code fetch}.
 */
package io.github.camelmixpanel.export;
