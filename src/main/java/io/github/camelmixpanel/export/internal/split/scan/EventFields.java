package io.github.camelmixpanel.export.internal.split.scan;

import io.github.camelmixpanel.export.internal.model.ExportEvent.ReadTime;
import java.time.Instant;

/** Holds the extracted fields of an event; what it lacks is null, except for the time. */
record EventFields(
        String name,
        String distinctId,
        String insertId,
        String originalName,
        ReadTime time,
        Instant processed) {

    EventFields withName(String newName) {
        return new EventFields(newName, distinctId, insertId, originalName, time, processed);
    }
}
