package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.internal.model.Sleeper;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.camel.CamelContext;

/** A clock that goes as fast as the system's and is ahead of it, for applications under test. */
public final class ShiftedTime {

    private ShiftedTime() {}

    public static InstantSource ahead(Duration by) {
        return () -> InstantSource.system().instant().plus(by);
    }

    /** Makes all exports of a context go by such a clock; before any route is started. */
    public static void shift(CamelContext context, Duration by) {
        context.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setTime(ahead(by), ahead(by), Sleeper.REAL);
    }
}
