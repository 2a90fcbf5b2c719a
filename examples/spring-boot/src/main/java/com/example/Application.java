package com.example;

import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Application {

    public static void main(String[] args) {
        // the run without an account, which ends after 3 days of 8 checkouts:
        // delete this once you have one
        if (SimulatedAccount.standIn()) {
            System.setProperty("camel.main.duration-max-messages", "24");
        }
        SpringApplication.run(Application.class, args);
    }
}
