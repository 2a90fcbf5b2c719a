package com.example;

import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.main.Main;

/** Runs {@link CheckoutRoute} once, and says what is in its files. */
public final class Checkouts {

    private static final String OPTION = "camel.component.mixpanel-export.";
    private static final LocalDate FIRST_DAY = LocalDate.now(ZoneOffset.UTC).minusDays(4);

    private Checkouts() {}

    public static void main(String[] args) throws Exception {
        Main main = new Main();
        OnePoll onePoll = new OnePoll(main::completed);
        main.bind("onePoll", onePoll);
        main.configure().addRoutesBuilder(new CheckoutRoute());
        if (System.getenv("MIXPANEL_PROJECT_ID") != null) {
            main.addInitialProperty(OPTION + "project-id", "{{env:MIXPANEL_PROJECT_ID}}");
            main.addInitialProperty(OPTION + "service-account", "{{env:MIXPANEL_SERVICE_ACCOUNT}}");
            main.addInitialProperty(
                    OPTION + "service-account-secret", "{{env:MIXPANEL_SERVICE_ACCOUNT_SECRET}}");
            main.addInitialProperty(OPTION + "region", "{{env:MIXPANEL_REGION:US}}");
            main.addInitialProperty(OPTION + "time-zone", "{{env:MIXPANEL_TIME_ZONE:UTC}}");
            main.run();
            show(Path.of("checkouts"));
        } else {
            try (MixpanelSimulator mixpanel = simulatedMixpanel()) {
                System.out.println("MIXPANEL_PROJECT_ID is not set: asking a simulated Mixpanel.");
                main.addInitialProperty(OPTION + "base-url", mixpanel.baseUrl());
                main.addInitialProperty(OPTION + "access-token", "any");
                main.addInitialProperty(OPTION + "project-id", "1");
                main.addInitialProperty("checkouts.fromDate", FIRST_DAY.toString());
                main.addInitialProperty("checkouts.toDate", FIRST_DAY.plusDays(2).toString());
                main.addInitialProperty("checkouts.folder", "target/checkouts");
                main.addInitialProperty("checkouts.stateDirectory", "target/state");
                main.run();
                show(Path.of("target", "checkouts"));
            }
        }
        if (onePoll.failure() != null) {
            System.err.println("Not finished: " + onePoll.failure());
            System.exit(1);
        }
    }

    /** Ten checkouts and ten page views on each of three days. */
    private static MixpanelSimulator simulatedMixpanel() {
        MixpanelSimulator mixpanel = MixpanelSimulator.builder().inOrder().start();
        for (LocalDate day : FIRST_DAY.datesUntil(FIRST_DAY.plusDays(3)).toList()) {
            long midnight = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
            for (int i = 0; i < 20; i++) {
                String event = i % 2 == 0 ? "page view" : "checkout";
                mixpanel.addEvents(
                        """
                        {"event":"%s","properties":{"time":%d,"distinct_id":"user-%d",\
                        "$insert_id":"%s-%d","amount":%d.50,"mp_country_code":"DE"}}"""
                                .formatted(event, midnight + i * 4000, i % 7, day, i, 10 + i));
            }
        }
        return mixpanel;
    }

    private static void show(Path folder) throws Exception {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                List<String> lines = Files.readAllLines(file);
                System.out.println(
                        file + ": " + lines.size() + " checkouts, the first: " + lines.get(0));
            }
        }
    }
}
