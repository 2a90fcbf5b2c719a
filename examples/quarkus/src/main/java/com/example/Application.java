package com.example;

import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.apache.camel.quarkus.main.CamelMainApplication;

/** Only for the run without an account: delete this class once you have one. */
@QuarkusMain
public class Application {

    public static void main(String[] args) {
        if (SimulatedAccount.standIn()) {
            // so that it ends: 3 days of 8 checkouts
            System.setProperty("camel.main.duration-max-messages", "24");
        }
        Quarkus.run(CamelMainApplication.class, args);
    }
}
