package com.example;

import io.github.camelmixpanel.export.simulator.FirstPoll;
import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.apache.camel.main.Main;

/**
 * Three days from a simulated Mixpanel to a real PostgreSQL that lives as long as this program;
 * twice, the second time as if the progress had been lost.
 */
public final class Simulated {

    public static void main(String[] args) {
        int exitCode = 1;
        try {
            run();
            exitCode = 0;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(exitCode);
    }

    private static void run() throws Exception {
        SimulatedAccount.standIn();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement sql = connection.createStatement()) {
            System.setProperty("POSTGRES_URL", postgres.getJdbcUrl("postgres", "postgres"));
            System.setProperty("POSTGRES_USER", "postgres");
            System.setProperty("POSTGRES_PASSWORD", "");
            FirstPoll.run(new Main());
            show(sql, "after the first run", "select count(*) from mixpanel_events");
            System.setProperty(
                    "camel.component.mixpanel-export.state-directory", "target/simulated/state-2");
            FirstPoll.run(new Main());
            show(sql, "after the second run", "select count(*) from mixpanel_events");
            show(
                    sql,
                    "checkouts in all",
                    "select sum((body->'properties'->>'amount')::numeric) from mixpanel_events");
        }
    }

    private static void show(Statement sql, String what, String query) throws Exception {
        try (ResultSet row = sql.executeQuery(query)) {
            row.next();
            System.out.println(what + ": " + row.getString(1));
        }
    }
}
