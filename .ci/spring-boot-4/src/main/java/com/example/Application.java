package com.example;

import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class Application {

    public static void main(String[] args) {
        if (SimulatedAccount.standIn()) {
            System.setProperty("camel.main.duration-max-messages", "24");
        }
        SpringApplication.run(Application.class, args);
    }

    /** In Java: camel-yaml-dsl-starter of this version could not be downloaded. */
    @Bean
    RouteBuilder checkouts() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("mixpanel-export:checkouts?events=checkout&fromDate={{mixpanel.fromDate}}"
                                + "&toDate={{?mixpanel.toDate}}")
                        .routeId("checkouts")
                        .delay(constant("{{mixpanel.pause}}"))
                        .syncDelayed()
                        .to(
                                "file:{{mixpanel.folder}}?fileName=${header.CamelMixpanelExportDay}.jsonl"
                                        + "&fileExist=Append&appendChars=%0A");
            }
        };
    }
}
