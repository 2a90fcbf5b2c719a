package io.github.camelmixpanel.export.internal.split.scan;

import java.time.Instant;

/** What is taken from the JSON of a line that is an event; null for what it lacks, but the time. */
record EventFields(
        String name,
        String distinctId,
        String insertId,
        String originalName,
        ReadTime time,
        Instant processed) {}
