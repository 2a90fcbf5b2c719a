package com.example;

import io.github.camelmixpanel.export.simulator.FirstPoll;
import io.github.camelmixpanel.export.simulator.SimulatedAccount;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.apache.camel.main.Main;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.options.ListContainerOptions;

/**
 * Three days from a simulated Mixpanel to an S3-compatible server in this JVM, and a query of
 * DuckDB over a copy of its objects.
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
        BlobStore store =
                ContextBuilder.newBuilder("transient").build(BlobStoreContext.class).getBlobStore();
        store.createContainerInLocation(null, "mixpanel");
        S3Proxy server =
                S3Proxy.builder()
                        .blobStore(store)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.NONE, null, null)
                        .ignoreUnknownHeaders(true)
                        .build();
        server.start();
        // this server does not know the checksums that the AWS client adds of its own accord
        System.setProperty("aws.requestChecksumCalculation", "when_required");
        System.setProperty("S3_BUCKET", "mixpanel");
        System.setProperty("AWS_ACCESS_KEY_ID", "simulated");
        System.setProperty("AWS_SECRET_ACCESS_KEY", "not-a-secret");
        System.setProperty("camel.component.aws2-s3.override-endpoint", "true");
        System.setProperty(
                "camel.component.aws2-s3.uri-endpoint-override",
                "http://127.0.0.1:" + server.getPort());
        System.setProperty("camel.component.aws2-s3.force-path-style", "true");
        FirstPoll.run(new Main());
        Path copy = Path.of("target", "simulated", "copy");
        for (var object : store.list("mixpanel", ListContainerOptions.Builder.recursive())) {
            copy(store, object.getName(), copy.resolve(object.getName()));
        }
        query(copy);
    }

    /** As {@code aws s3 sync} would. */
    private static void copy(BlobStore store, String name, Path to) throws Exception {
        Files.createDirectories(to.getParent());
        try (InputStream object = store.getBlob("mixpanel", name).getPayload().openStream()) {
            Files.copy(object, to);
        }
        System.out.println(name);
    }

    private static void query(Path folder) throws Exception {
        String sql =
                Files.readString(Path.of("events.sql"))
                        .replace("s3://your-bucket", folder.toString());
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                System.out.printf(
                        "%s: %d %s, %d users%n",
                        rows.getString("day"),
                        rows.getLong("events"),
                        rows.getString("event"),
                        rows.getLong("users"));
            }
        }
    }
}
