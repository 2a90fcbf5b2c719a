package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.internal.model.ExportEvent;
import io.github.camelmixpanel.export.internal.model.Window;
import java.time.Instant;

/** An event that the route has received, and what became of it. Used by one thread. */
final class Emitted {

    final int life;
    final Window window;
    final int generation;
    final ExportEvent event;

    /** Its number in its week. */
    final int n;

    /** What tells it from others, by the recipe of this week. */
    final String key;

    /** Null as long as it is not acknowledged. */
    Instant acknowledged;

    boolean refused;

    /** Whether its run was stopped by force before it was done. */
    boolean stopped;

    Emitted(int life, Window window, int generation, ExportEvent event, String key) {
        this.life = life;
        this.window = window;
        this.generation = generation;
        this.event = event;
        this.n = Keys.numberOf(event);
        this.key = key;
    }

    @Override
    public String toString() {
        return "life "
                + life
                + ", window "
                + window
                + " g"
                + generation
                + " line "
                + event.line()
                + (refused ? ", refused" : ", acknowledged " + acknowledged)
                + ": "
                + key;
    }
}
