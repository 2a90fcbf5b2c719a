package io.github.camelmixpanel.export.internal.settings;

import io.github.camelmixpanel.export.option.LateEvents;
import java.time.Duration;

/**
 * How an export finds late events. Names and meanings are those of the endpoint options.
 *
 * @param lookbackDays days after its end during which a day is exported again
 * @param todayInterval between two exports of the day that has not ended
 * @param revisitInterval between two exports of a day that has
 * @param arrivalDays how far back an arrival query looks for events
 */
public record LateEventSettings(
        LateEvents mode,
        int lookbackDays,
        Duration todayInterval,
        Duration revisitInterval,
        int arrivalDays) {}
