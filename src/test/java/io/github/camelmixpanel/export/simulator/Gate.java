package io.github.camelmixpanel.export.simulator;

/** Something an answer waits for; asked again and again by the connection's thread until open. */
@FunctionalInterface
interface Gate {

    boolean open();
}
