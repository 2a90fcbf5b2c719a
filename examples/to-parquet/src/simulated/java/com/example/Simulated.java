package com.example;

import io.github.camelmixpanel.export.simulator.FirstPoll;
import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import org.apache.camel.main.Main;

/** Three days from a simulated Mixpanel to Parquet files. */
public final class Simulated {

    public static void main(String[] args) {
        int exitCode = 1;
        try {
            SimulatedAccount.standIn();
            System.setProperty("mixpanel.gathered", "target/simulated/gathered.duckdb");
            FirstPoll.run(new Main());
            exitCode = 0;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(exitCode);
    }
}
