package io.github.camelmixpanel.export.week;

import io.github.camelmixpanel.export.simulator.Answer;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.util.Map;
import java.util.Random;

/** What may go wrong with the next answers, if anything may in this week. */
final class Faults {

    /** Of gzip; without a name it cannot be read. */
    private static final String[] NAMES = {"GZIP", "x-gzip", null};

    private Faults() {}

    static void disturb(Week week, MixpanelSimulator mixpanel, Random random) {
        if (!week.faults || random.nextInt(3) > 0) {
            return;
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            mixpanel.answer(fault(random));
        }
    }

    private static Answer fault(Random random) {
        return switch (random.nextInt(11)) {
            case 0 -> Answer.reset(random.nextDouble());
            case 1 -> Answer.close(random.nextDouble());
            case 2 -> Answer.noAnswer();
            case 3 -> Answer.gzipCut(0.1 + 0.9 * random.nextDouble());
            case 4 -> Answer.gzipWrongCrc();
            case 5 -> Answer.cutInLine();
            case 6 -> Answer.terminatedEarly("terminated early", random.nextBoolean(), true);
            case 7 -> Answer.missingLastChunk();
            case 8 -> Answer.rateLimited("90");
            case 9 -> Answer.gzipNamed(NAMES[random.nextInt(NAMES.length)]);
            default -> Answer.status(503, "text/plain", "unavailable", Map.of());
        };
    }
}
