package io.github.camelmixpanel.export.testkit;

import io.github.camelmixpanel.export.MixpanelEvent;
import java.lang.reflect.Field;

/** Whether the JSON of an event was parsed: nothing else can see it, since parsing is lazy. */
public final class Parsed {

    private Parsed() {}

    public static boolean isParsed(MixpanelEvent event) {
        try {
            Field parsed = event.getClass().getDeclaredField("parsed");
            parsed.setAccessible(true);
            return parsed.get(event) != null;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
