/** API: the enums that options and headers take. JDK only. */
package io.github.camelmixpanel.export.option;
