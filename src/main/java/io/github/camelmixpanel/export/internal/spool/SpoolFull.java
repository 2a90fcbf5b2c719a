package io.github.camelmixpanel.export.internal.spool;

import java.io.IOException;

/**
 * Reports a block that does not fit into {@code maxSpoolSize}. Nothing of it was written: the same
 * block can be written again once another file of the spool is deleted.
 */
public final class SpoolFull extends IOException {

    private static final long serialVersionUID = 1L;

    SpoolFull(String message) {
        super(message);
    }
}
