package io.github.camelmixpanel.export.simulator;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import java.util.Arrays;

/**
 * Writes control characters in strings as they are, as Mixpanel does (observed of 0x06, assumed of
 * the others); a line feed, which would end the line, is escaped.
 */
final class RawControls extends CharacterEscapes {

    private static final long serialVersionUID = 1L;

    private final int[] escapes = standardAsciiEscapesForJSON();

    RawControls() {
        Arrays.fill(escapes, 0, ' ', ESCAPE_NONE);
        escapes['\n'] = 'n';
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return escapes.clone();
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
        return null; // none of its own
    }
}
