package io.github.camelmixpanel.export.ledger;

import io.github.camelmixpanel.export.model.Window;

/**
 * What of one generation of a window waits for somebody's decision.
 *
 * @param events events that are parked
 * @param whole whether the window itself is parked, spooled and not committed
 */
public record ParkedWindow(Window window, int generation, long events, boolean whole) {}
