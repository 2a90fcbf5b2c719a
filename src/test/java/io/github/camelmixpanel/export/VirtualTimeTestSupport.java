package io.github.camelmixpanel.export;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.VirtualTime;
import java.time.Instant;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;

/** Exports in virtual time, which the component and the simulator share. */
abstract class VirtualTimeTestSupport extends ExportTestSupport {

    final VirtualTime time;

    VirtualTimeTestSupport(Instant start) {
        time = new VirtualTime(start);
    }

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().clock(time.observer());
    }

    @Override
    CamelContext newContext() throws Exception {
        CamelContext fresh = super.newContext();
        fresh.getComponent("mixpanel-export", MixpanelExportComponent.class)
                .setTime(time.clock(), time.clock(), time.sleeper());
        return fresh;
    }

    @AfterEach
    void stopTime() {
        time.close();
    }
}
