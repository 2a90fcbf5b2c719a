package com.example;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A real Kafka broker in this JVM, until it ends. */
final class Broker {

    private Broker() {}

    /**
     * @return where it listens
     */
    static String start(Path folder) throws Exception {
        String brokers = "localhost:" + freePort();
        String controller = "localhost:" + freePort();
        Properties settings = new Properties();
        settings.putAll(
                Map.of(
                        "process.roles", "broker,controller",
                        "node.id", "1",
                        "controller.quorum.voters", "1@" + controller,
                        "controller.listener.names", "CONTROLLER",
                        "listeners", "PLAINTEXT://" + brokers + ",CONTROLLER://" + controller,
                        "offsets.topic.replication.factor", "1",
                        "offsets.topic.num.partitions", "4",
                        "num.partitions", "6",
                        "group.initial.rebalance.delay.ms", "0",
                        "log.dirs", folder.toString()));
        Files.createDirectories(folder);
        Path file = folder.resolve("server.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        StorageTool.execute(
                new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()},
                new PrintStream(OutputStream.nullOutputStream()));
        new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM).startup();
        return brokers;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
