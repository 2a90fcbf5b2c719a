/** Parking: carries out what an operator decides about parked events and windows. */
package io.github.camelmixpanel.export.internal.pipeline.parking;
